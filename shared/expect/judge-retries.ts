// Whether transactions that got a reply were tried again and stored, in the same session or in a later one.
import type { Session } from '../session.ts';
import type { Transaction } from '../transaction.ts';
import type { Finding } from './judge-message.ts';

interface Attempt {
  session: Session;
  transaction: Transaction;
}

/** Newest last: sessions by their opening, transactions by their number. */
function attemptsOf(sessions: Session[]): Attempt[] {
  return [...sessions]
    .sort((a, b) => a.openedAtUs - b.openedAtUs)
    .flatMap((session) => session.transactions.map((transaction) => ({ session, transaction })));
}

/** The recipients that a reply left without the message, lower case. */
function leftOut({ transaction }: Attempt, code: number): string[] {
  const { recipients, from, reply } = transaction;
  const all = from.reply?.code === code || reply?.code === code;
  return recipients
    .filter((recipient) => all || recipient.reply?.code === code)
    .map(({ address }) => address.toLowerCase());
}

const got = ({ transaction }: Attempt, code: number): boolean =>
  [transaction.from.reply, transaction.reply, ...transaction.recipients.map(({ reply }) => reply)].some(
    (reply) => reply?.code === code,
  );

export function judgeRetries(
  sessions: Session[],
  code: number,
): Finding & { attempts: { session: Session; lines: number[] }[] } {
  const all = attemptsOf(sessions);
  // What was stored last for a sender and a recipient, by its place in time: one look for each attempt.
  const stored = new Map<string, number>();
  const keyOf = (from: string, to: string): string => `${from.toLowerCase()}\n${to}`;
  for (const [n, { transaction }] of all.entries())
    if (transaction.outcome === 'stored')
      for (const { address, reply } of transaction.recipients)
        if (reply?.code === 250) stored.set(keyOf(transaction.from.address, address.toLowerCase()), n);
  const refused = all.flatMap((attempt, n) => (got(attempt, code) ? [{ attempt, n }] : []));
  const open = refused.filter(({ attempt, n }) => {
    const { address } = attempt.transaction.from;
    const missing = leftOut(attempt, code);
    // Where MAIL itself was refused, no recipient was named: any later message of the sender counts.
    if (missing.length === 0)
      return !all
        .slice(n + 1)
        .some(({ transaction }) => transaction.outcome === 'stored' && transaction.from.address === address);
    return missing.some((to) => (stored.get(keyOf(address, to)) ?? -1) <= n);
  });
  const named = open.length > 0 ? open : refused;
  return {
    held: refused.length > 0 && open.length === 0,
    found:
      refused.length === 0
        ? `there was no reply ${code}`
        : `${refused.length - open.length} of ${refused.length} were tried again and stored`,
    attempts: named.slice(0, 5).map(({ attempt: { session, transaction } }) => ({
      session,
      lines: [transaction.firstLine, ...(transaction.lastLine === null ? [] : [transaction.lastLine])],
    })),
  };
}
