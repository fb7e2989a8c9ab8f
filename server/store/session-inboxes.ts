// Sessions of several inboxes: one that leaves an inbox stays in the others, without what was of that inbox.
import type { Session, SessionSummary } from '../../shared/session.ts';
import type { Transaction } from '../../shared/transaction.ts';
import type { Writing } from './writing.ts';

/**
 * Takes the selected sessions out of the inbox, and those that others have too out of the selection. Returns the ids of
 * all that were selected.
 */
export function leaveInbox(writing: Writing, inbox: string): string[] {
  const { sql } = writing;
  const ids = sql<{ id: string }>('SELECT id FROM session WHERE seq IN temp.selection ORDER BY seq').all();
  sql('DELETE FROM session_inbox WHERE inbox = ? AND session IN temp.selection').run(inbox);
  const shared = sql<{ seq: number; summary: string }>(
    `SELECT seq, summary FROM session WHERE seq IN temp.selection
       AND EXISTS (SELECT 1 FROM session_inbox o WHERE o.session = session.seq)`,
  ).all();
  for (const { seq, summary } of shared) {
    const left = withoutInbox(JSON.parse(summary) as SessionSummary, inbox);
    sql('UPDATE session SET summary = ? WHERE seq = ?').run(JSON.stringify(left), seq);
    leaveTransactions(writing, seq, inbox);
    sql('DELETE FROM temp.selection WHERE seq = ?').run(seq);
  }
  return ids.map(({ id }) => id);
}

function withoutInbox(summary: SessionSummary, inbox: string): SessionSummary {
  const { inboxMessages, ...rest } = summary;
  const left: Session['inboxMessages'] = { ...inboxMessages };
  delete left[inbox];
  const inboxes = summary.inboxes.filter((name) => name !== inbox);
  return { ...rest, inboxes, ...(inboxMessages === undefined ? {} : { inboxMessages: left }) };
}

function leaveTransactions({ sql }: Writing, session: number, inbox: string): void {
  const rows = sql<{ n: number; record: string }>(
    'SELECT n, record FROM smtp_transaction WHERE session = ?',
  ).all(session);
  for (const { n, record } of rows) {
    const transaction = JSON.parse(record) as Transaction;
    if (!transaction.inboxes?.includes(inbox)) continue;
    const inboxes = transaction.inboxes.filter((name) => name !== inbox);
    sql('UPDATE smtp_transaction SET record = ? WHERE session = ? AND n = ?').run(
      JSON.stringify({ ...transaction, inboxes }),
      session,
      n,
    );
  }
}
