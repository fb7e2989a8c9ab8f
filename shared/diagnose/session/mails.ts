// What is found in the mails of a session, one by one: a long session lets go of them before it ends.
import type { Found } from '../../finding.ts';
import type { Session } from '../../session.ts';
import type { Transaction } from '../../transaction.ts';
import { findDuplicates, findMany, findMojibakeRecipients, findUnqualified } from './recipients.ts';
import { findOddAddress, findSenderProblems } from './addresses.ts';
import { findOddContent } from './data.ts';
import type { MailDetector, Mails, MailsFound } from './mail-detector.ts';
import { isUsual, refusedMail } from './refused-mail.ts';
import type { Placed } from './symptoms.ts';

const conduct: readonly MailDetector[] = [
  findOddAddress,
  findSenderProblems,
  findMany,
  findMojibakeRecipients,
  findUnqualified,
  findDuplicates,
  findOddContent,
];

/** Of one rule; a hostile client can do the same a million times. */
const mostOfRule = 100;
/** Of a mail, for one kind of problem, beyond those. */
const mostInVain = 5;
/** Recipients that are looked at in all, and in each mail beyond them. */
const mostRecipients = 10_000;
const fewestRecipients = 100;

function* bound(transactions: readonly Transaction[]): Generator<Transaction> {
  let left = mostRecipients;
  for (const transaction of transactions) {
    const { recipients } = transaction;
    const looked = Math.max(left, fewestRecipients);
    left -= recipients.length;
    yield recipients.length > looked
      ? { ...transaction, recipients: recipients.slice(0, looked) }
      : transaction;
  }
}

/** To whom a mail was stored, and with which the last time. */
function lastStored(transactions: readonly Transaction[]): Map<string, number> {
  const last = new Map<string, number>();
  for (const { n, outcome, recipients } of bound(transactions))
    if (outcome === 'stored')
      for (const { address, reply } of recipients) if (reply?.code === 250) last.set(address, n);
  return last;
}

export class MailFindings implements MailsFound {
  readonly conduct: Placed[] = [];
  readonly course: Placed[] = [];
  readonly #counts = new Map<string, number>();

  look(transactions: readonly Transaction[], session: Session): void {
    let last: Map<string, number> | undefined;
    const mails: Mails = {
      session,
      isLaterStored: (address, n) => {
        last ??= lastStored(session.transactions);
        return (last.get(address) ?? 0) > n;
      },
    };
    for (const transaction of bound(transactions)) {
      for (const detect of conduct) this.#collect(detect(transaction, mails), transaction, this.conduct);
      if (isUsual(transaction)) continue;
      for (const detect of refusedMail) this.#collect(detect(transaction, mails), transaction, this.course);
    }
  }

  #collect(found: Iterable<Found>, { n, inboxes }: Transaction, all: Placed[]): void {
    let inVain = 0;
    for (const one of found) {
      const count = this.#counts.get(one.rule) ?? 0;
      if (count < mostOfRule) {
        this.#counts.set(one.rule, count + 1);
        all.push({ found: one, place: `mail ${n}`, inboxes: inboxes?.join() ?? '' });
      } else if (++inVain === mostInVain) return;
    }
  }
}
