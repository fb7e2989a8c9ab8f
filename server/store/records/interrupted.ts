// Sessions that still ran when the last process ended: recorded as interrupted.
import { defaultInbox } from '../../../shared/inbox-name.ts';
import { summaryOf } from '../../../shared/session-summary.ts';
import type { Session, SessionSummary } from '../../../shared/session.ts';
import type { Transaction } from '../../../shared/transaction.ts';
import { isoOf } from '../../clock.ts';
import type { Writing } from '../sqlite/writing.ts';
import { encodeTransaction, factsOf } from './encode-session.ts';
import { announceClosed } from './events.ts';
import { findSession } from './sessions.ts';
import { decodeRow } from './transcript-content.ts';
import { transcriptBytes } from './transcripts.ts';

export function closeInterrupted(writing: Writing): number {
  const rows = writing
    .sql<{ seq: number; id: string }>('SELECT seq, id FROM session WHERE closed_us IS NULL ORDER BY seq')
    .all();
  for (const { seq, id } of rows) {
    const session = findSession(writing, { id });
    if (session !== null) interrupt(writing, seq, session);
  }
  return rows.length;
}

function interrupt(writing: Writing, seq: number, session: Session): void {
  const { sql } = writing;
  const last = lastSeen(writing, seq);
  const counts = countLines(writing, seq);
  const ended = session.transactions.map((transaction) => endTransaction(writing, seq, transaction));
  const stored = ended.flatMap(({ outcome, messageId }) =>
    outcome === 'stored' && messageId !== null ? messageId : [],
  );
  const summary: SessionSummary = {
    ...summaryOf(session),
    inboxes: session.inboxes.length === 0 ? [defaultInbox] : session.inboxes,
    messages: stored.length,
    messageIds: stored.slice(0, 100),
    commands: counts.commands,
    closedAt: isoOf(session.openedAtUs + last.atUs),
    durationUs: last.atUs,
    outcome: 'interrupted',
    ended: {
      by: 'server',
      how: 'error',
      phase: last.phase,
      text: `Mailscope was stopped or killed while this session ran (phase ${last.phase}).`,
    },
  };
  const text = JSON.stringify(summary);
  const facts = { ...factsOf(session), lines: counts.lines };
  sql(
    `UPDATE session SET closed_us = ?, outcome = ?, bytes = ?, summary = ?, facts = ?, searched = 0 WHERE seq = ?`,
  ).run(
    ...[session.openedAtUs + last.atUs, summary.outcome, transcriptBytes(writing, seq)],
    ...[text, JSON.stringify(facts), seq],
  );
  announceClosed(writing, text);
}

function endTransaction({ sql }: Writing, session: number, transaction: Transaction): Transaction {
  if (transaction.outcome !== 'open') return transaction;
  const isStored = sql('SELECT 1 FROM message WHERE id = ?').get(transaction.messageId) !== undefined;
  const ended: Transaction = { ...transaction, outcome: isStored ? 'stored' : 'aborted' };
  const { outcome, n, record } = encodeTransaction(ended);
  sql('UPDATE smtp_transaction SET outcome = ?, record = ? WHERE session = ? AND n = ?').run(
    ...[outcome, record, session, n],
  );
  return ended;
}

/** The parts that came in between have not counted. */
function countLines({ sql }: Writing, seq: number): { lines: number; commands: number } {
  const rows = sql<{ last: number; content: string }>(
    'SELECT last_line AS last, content FROM transcript WHERE session = ?',
  ).iterate(seq);
  let [lines, commands] = [0, 0];
  for (const { last, content } of rows) {
    lines = Math.max(lines, last + 1);
    for (const { kind } of decodeRow(content, seq).lines) if (kind === 'command') commands += 1;
  }
  return { lines, commands };
}

/** The moment and the phase of the last line that was kept. */
function lastSeen({ sql }: Writing, seq: number): { atUs: number; phase: string } {
  const row = sql<{ content: string }>(
    'SELECT content FROM transcript WHERE session = ? AND last_line >= 0 ORDER BY first_line DESC LIMIT 1',
  ).get(seq);
  const line = row === undefined ? undefined : decodeRow(row.content, seq).lines.at(-1);
  return { atUs: line?.atUs ?? 0, phase: line?.phase ?? 'plain' };
}
