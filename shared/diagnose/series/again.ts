// A mail that comes again after its reply could not be delivered: the client took it for lost.
import type { Session } from '../../session.ts';
import { acceptedOf, type Transaction } from '../../transaction.ts';
import { makeFound } from '../session/found.ts';
import type { SeriesRule } from './series-rule.ts';
import { Recent, secondsOf, type Seen } from './recent.ts';

const spanUs = 3600 * 1_000_000;
/** Recipients that are looked at; a list of thousands would take longer than all else. */
const mostRecipients = 100;

/** Stored mails have the same key when they are the same, as far as a session can tell. */
function keyOf({ peer }: Session, transaction: Transaction): string | undefined {
  const { outcome, data, from } = transaction;
  if (outcome !== 'stored' || data === null) return undefined;
  const { recipients } = transaction;
  const to = acceptedOf({ ...transaction, recipients: recipients.slice(0, mostRecipients) })
    .map(({ address }) => address)
    .slice(0, 20);
  return [peer.address, data.size, from.address, ...to].join('\n').slice(0, 2000);
}

/** The stored mail whose reply nobody read. */
function findUnread({ anomalyList, transactions }: Session): Transaction | undefined {
  const line = anomalyList.find(({ kind }) => kind === 'reply-not-delivered')?.line;
  const last = transactions.findLast(({ outcome }) => outcome === 'stored');
  return line != null && last?.data && last.data.line < line && (last.lastLine ?? 0) >= line
    ? last
    : undefined;
}

export function createAgain(): SeriesRule {
  const unread = new Recent<Seen>();
  return (session) => {
    for (const transaction of session.transactions) {
      const key = keyOf(session, transaction);
      const before = key === undefined ? undefined : unread.find(key);
      if (key === undefined || before === undefined) continue;
      unread.forget(key);
      const next = { atUs: session.openedAtUs, id: session.id };
      if (next.atUs - before.atUs > spanUs) continue;
      return makeFound('series.sent-again', {
        confidence: 0.75,
        evidence: [
          { kind: 'line', n: transaction.data!.line },
          { kind: 'session', id: before.id },
        ],
        vars: {
          size: transaction.data!.size,
          from: transaction.from.address,
          to: acceptedOf(transaction)[0]?.address ?? '',
          seconds: secondsOf([before, next]),
        },
      });
    }
    const lost = findUnread(session);
    const key = lost && keyOf(session, lost);
    if (key !== undefined) unread.keep(key, { atUs: session.openedAtUs, id: session.id });
    return undefined;
  };
}
