// Sessions: a row for the list, a JSON of facts, and their transactions.
import type { Session, SessionSummary } from '../../../shared/session.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { Writing } from '../sqlite/writing.ts';
import { readFacts, readSummary, readTransactions } from './damaged-session.ts';
import type { EncodedSession } from './encode-session.ts';
import { announceClosed } from './events.ts';
import { sessionInInbox, type OneInbox } from './in-inbox.ts';
import { saveBlobs, saveTranscript, transcriptBytes } from './transcripts.ts';

export interface SaveSession {
  session: EncodedSession;
  announce: boolean;
}

export function saveSession(writing: Writing, { session, announce }: SaveSession): void {
  const { seq, summary } = session;
  const added = saveTranscript(writing, seq, session.transcript) + saveBlobs(writing, seq, session.blobs);
  if (summary !== null) saveFacts(writing, session);
  // The part before did not come through; the next one has all again.
  else if (writing.sql('SELECT 1 FROM session WHERE seq = ?').get(seq) === undefined)
    throw new Error(`There is nothing yet of session ${String(seq)} that could be as before.`);
  writing.counters.transcriptBytes += added;
  for (const each of session.transactions) {
    writing
      .sql(
        `INSERT INTO smtp_transaction (session, n, outcome, mail_from, reply_code, message_id, record)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET outcome = excluded.outcome, mail_from = excluded.mail_from,
           reply_code = excluded.reply_code, message_id = excluded.message_id, record = excluded.record`,
      )
      .run(seq, each.n, each.outcome, each.mailFrom, each.replyCode, each.messageId, each.record);
  }
  if (announce && summary !== null) announceClosed(writing, summary);
}

function saveFacts(writing: Writing, session: EncodedSession): void {
  const { seq, id, openedUs, closedUs, outcome, listener, peer, clientName, user, summary, facts, codes } =
    session;
  const bytes = closedUs === null ? 0 : transcriptBytes(writing, seq);
  for (const inbox of session.inboxes)
    writing.sql('INSERT OR IGNORE INTO session_inbox (inbox, session) VALUES (?, ?)').run(inbox, seq);
  const updated = writing
    .sql(
      `UPDATE session SET closed_us = ?, outcome = ?, peer = ?, client_name = ?, user = ?, bytes = ?,
         summary = ?, facts = ?, searched = 0,
         codes = CASE WHEN instr(codes, ?) > 0 THEN codes ELSE codes || ? END WHERE seq = ?`,
    )
    .run(closedUs, outcome, peer, clientName, user, bytes, summary, facts, codes, codes, seq);
  if (updated.changes > 0) return;
  writing
    .sql(
      `INSERT INTO session (seq, id, opened_us, closed_us, outcome, listener, peer, client_name, user, bytes,
         summary, facts, codes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      ...[seq, id, openedUs, closedUs, outcome, listener],
      ...[peer, clientName, user, bytes, summary, facts, codes],
    );
  writing.counters.sessions += 1;
  writing.counters.sessionSeq = Math.max(writing.counters.sessionSeq, seq);
}

export function listSessions(
  connection: Connection,
  { below, limit, inbox }: { below: number; limit: number; inbox: OneInbox },
): { items: SessionSummary[]; last: number | null } {
  const { text, values } = sessionInInbox('session.seq', inbox);
  const rows = connection
    .sql<{ seq: number; summary: string }>(
      `SELECT seq, summary FROM session WHERE seq < ? AND ${text} ORDER BY seq DESC LIMIT ?`,
    )
    .all(below, ...values, limit + 1);
  const shown = rows.slice(0, limit);
  return {
    items: shown.map(({ seq, summary }) => readSummary(connection, seq, summary)),
    last: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null,
  };
}

export const sessionSeqOf = ({ sql }: Connection, id: string): number | null =>
  (id === 'latest'
    ? sql<{ seq: number }>('SELECT seq FROM session ORDER BY seq DESC LIMIT 1').get()
    : sql<{ seq: number }>('SELECT seq FROM session WHERE id = ?').get(id)
  )?.seq ?? null;

/** What lists show of a session: quick, however many transactions it has. */
export function findSessionSummary(connection: Connection, { id }: { id: string }): SessionSummary | null {
  const row = connection
    .sql<{ seq: number; summary: string }>('SELECT seq, summary FROM session WHERE id = ?')
    .get(id);
  return row === undefined ? null : readSummary(connection, row.seq, row.summary);
}

export function findSession(connection: Connection, { id }: { id: string }): Session | null {
  const seq = sessionSeqOf(connection, id);
  if (seq === null) return null;
  const row = connection
    .sql<{ summary: string; facts: string }>('SELECT summary, facts FROM session WHERE seq = ?')
    .get(seq);
  if (row === undefined) return null;
  const summary = readSummary(connection, seq, row.summary);
  return {
    ...summary,
    ...readFacts(connection, seq, row.facts, summary),
    transactions: readTransactions(connection, seq),
  };
}
