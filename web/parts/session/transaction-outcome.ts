// How a mail transaction ended, in a word that says also what ended it.
import type { Ended, Session } from '../../../shared/session.ts';
import type { Transaction } from '../../../shared/transaction.ts';

const ends: Record<Ended['how'], string> = {
  quit: 'aborted',
  fin: 'connection closed',
  rst: 'connection reset',
  tls: 'aborted',
  timeout: 'timed out',
  shutdown: 'Mailscope stopped',
  limit: 'ended by a limit',
  fault: 'ended by a simulated failure',
  error: 'aborted',
};

/** Of a session's transactions only the last can have ended with it. */
export function outcomeWord(
  transaction: Transaction,
  { transactions, ended }: Pick<Session, 'transactions' | 'ended'>,
): string {
  const { outcome, endedBy } = transaction;
  if (outcome === 'reset') return endedBy === 'RSET' ? 'reset' : `given up${endedBy ? ` by ${endedBy}` : ''}`;
  return outcome === 'aborted' && ended && transactions.at(-1) === transaction ? ends[ended.how] : outcome;
}
