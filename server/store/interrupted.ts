// Sessions that still ran when the last process ended: recorded as interrupted.
import type { Session, SessionSummary } from '../../shared/session.ts';
import type { Transaction } from '../../shared/transaction.ts';
import { isoOf } from '../clock.ts';
import { encodeTransaction, type TranscriptContent } from './encode-session.ts';
import { appendEvent } from './events.ts';
import { findSession } from './sessions.ts';
import type { Writing } from './writing.ts';

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
  const {
    proxy: _p,
    socketPeer: _s,
    xclient: _x,
    ehlo: _e,
    handshakes: _h,
    auth: _a,
    transactions,
    ...rest
  } = session;
  const { anomalyList: _l, lines: _n, truncated: _t, ...before } = rest;
  const summary: SessionSummary = {
    ...before,
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
  sql('UPDATE session SET closed_us = ?, outcome = ?, summary = ?, searched = 0 WHERE seq = ?').run(
    session.openedAtUs + last.atUs,
    summary.outcome,
    JSON.stringify(summary),
    seq,
  );
  for (const transaction of transactions) {
    if (transaction.outcome !== 'open') continue;
    const stored = sql('SELECT 1 FROM message WHERE id = ?').get(transaction.messageId) !== undefined;
    const closed: Transaction = { ...transaction, outcome: stored ? 'stored' : 'aborted' };
    sql('UPDATE smtp_transaction SET outcome = ?, record = ? WHERE session = ? AND n = ?').run(
      closed.outcome,
      encodeTransaction(closed).record,
      seq,
      closed.n,
    );
  }
  appendEvent(writing, 'session:closed', { session: summary });
}

/** The moment and the phase of the last line that was kept. */
function lastSeen({ sql }: Writing, seq: number): { atUs: number; phase: string } {
  const row = sql<{ content: string }>(
    'SELECT content FROM transcript WHERE session = ? AND last_line >= 0 ORDER BY first_line DESC LIMIT 1',
  ).get(seq);
  const line = row === undefined ? undefined : (JSON.parse(row.content) as TranscriptContent).lines.at(-1);
  return { atUs: line?.atUs ?? 0, phase: line?.phase ?? 'plain' };
}
