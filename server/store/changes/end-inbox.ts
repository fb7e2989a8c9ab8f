// The end of an inbox, and what leaves one that is over its limits.
import { countMessages, countSessions } from '../records/count-inboxes.ts';
import { appendEvent } from '../records/events.ts';
import { deselectKept } from '../records/in-inbox.ts';
import { fillSelection, type Writing } from '../sqlite/writing.ts';
import { addToCounters, deleteMessages, removeSelected, sumsOfSelection } from './change-messages.ts';
import { deleteSessions } from './delete-sessions.ts';

/** Begins its end: its tokens go, and its messages are marked to be purged. */
export function endInbox(writing: Writing, { name }: { name: string }): number {
  const { sql } = writing;
  const count = sql<{ count: number }>(countMessages).get(name)?.count;
  sql('DELETE FROM inbox_token WHERE inbox = ?').run(name);
  deleteMessages(writing, { which: { all: true }, purge: true, inbox: name });
  return count ?? 0;
}

export interface PruneInbox {
  name: string;
  maxMessages: number;
  maxAgeMs: number;
  nowUs: number;
  limit: number;
}

/** One step: the oldest that are over the limits of the inbox leave it; pinned ones stay. */
export function pruneInboxStep(
  writing: Writing,
  { name, maxMessages, maxAgeMs, nowUs, limit }: PruneInbox,
): { files: string[]; more: boolean } {
  const { sql } = writing;
  const count = (text: string): number => sql<{ count: number }>(text).get(name)?.count ?? 0;
  const over = (text: string): number => (maxMessages > 0 ? Math.max(0, count(text) - maxMessages) : 0);
  const olderUs = maxAgeMs > 0 ? nowUs - maxAgeMs * 1000 : -1;
  const messages = sql<{ seq: number }>(
    `SELECT seq FROM (
       SELECT seq, row_number() OVER (ORDER BY seq) AS n FROM message_inbox
       WHERE inbox = @name AND deleted_us IS NULL AND pinned = 0 ORDER BY seq LIMIT @limit)
     JOIN message USING (seq) WHERE n <= @over OR received_us < @olderUs`,
  )
    .all({ name, limit, over: over(countMessages), olderUs })
    .map(({ seq }) => seq);
  const files = leaveInbox(writing, name, messages);
  const sessions = sql<{ id: string }>(
    `SELECT id FROM (
       SELECT session, row_number() OVER (ORDER BY session) AS n FROM session_inbox WHERE inbox = @name
       ORDER BY session LIMIT @limit)
     JOIN session ON seq = session WHERE closed_us IS NOT NULL AND (n <= @over OR closed_us < @olderUs)`,
  ).all({ name, limit, over: over(countSessions), olderUs });
  if (sessions.length > 0) {
    const ids = JSON.stringify(sessions.map(({ id }) => id));
    deleteSessions(writing, { which: { ids }, limit, inbox: name, purge: true, reason: 'retention' });
  }
  return { files, more: messages.length === limit || sessions.length === limit };
}

function leaveInbox(writing: Writing, inbox: string, seqs: number[]): string[] {
  if (seqs.length === 0) return [];
  const { sql } = writing;
  fillSelection(writing, seqs);
  const idsOf = (): string[] =>
    sql<{ id: string }>('SELECT id FROM message WHERE seq IN temp.selection ORDER BY seq')
      .all()
      .map(({ id }) => id);
  const all = idsOf();
  const before = sumsOfSelection(writing);
  sql('DELETE FROM message_inbox WHERE inbox = ? AND seq IN temp.selection').run(inbox);
  addToCounters(writing, before, -1);
  addToCounters(writing, sumsOfSelection(writing), 1);
  deselectKept(writing);
  const ids = idsOf();
  const files = removeSelected(writing);
  appendEvent(writing, 'messages:deleted', {
    ids,
    upToSeq: null,
    reason: 'retention',
    byInbox: { [inbox]: all },
  });
  return files;
}
