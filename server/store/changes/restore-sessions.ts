// Takes the deletion of sessions back.
import { appendEvent } from '../records/events.ts';
import { selectedSessionsByInbox } from '../records/in-inbox.ts';
import type { Writing } from '../sqlite/writing.ts';
import { leaveAll, rejoinInboxes, rejoinSelected, soundSummary } from './session-inboxes.ts';
import { keptColumns, selectSessions, type SessionStep, type Step } from './session-selection.ts';

/** One step. In one inbox, of those that were in no other, and of those that others have or had. */
export function restoreSessions(writing: Writing, step: SessionStep): Step {
  const { limit, inbox } = step;
  let count = restoreRows(writing, step);
  if (writing.counters.inboxes > 0) {
    if (inbox !== null) count += bringBack(writing, { ...step, limit: limit - count }, inbox);
    const byInbox = rejoinInboxes(writing, { ...step, limit: limit - count });
    const rejoined = Object.values(byInbox).reduce((sum, { length }) => sum + length, 0);
    if (rejoined > 0) appendEvent(writing, 'sessions:restored', { ids: [], byInbox });
    count += rejoined;
  }
  return { count, more: count === limit };
}

/** Those that no inbox had any more. */
function restoreRows(writing: Writing, step: SessionStep): number {
  const { inbox } = step;
  const own = inbox === null ? 'TRUE' : `json_extract(${soundSummary}, '$.inboxes') = json_array(?)`;
  const values = inbox === null ? [] : [inbox];
  const count = selectSessions(writing, 'session_deleted', `deleted_us > 0 AND ${own}`, values, step);
  if (count === 0) return 0;
  const ids = moveBack(writing);
  appendEvent(writing, 'sessions:restored', { ids, ...selectedSessionsByInbox(writing) });
  return count;
}

/**
 * Those that the inbox has left, and that all others have deleted since: to it alone. What the others had of them can still
 * be taken back.
 */
function bringBack(writing: Writing, step: SessionStep, inbox: string): number {
  const hasLeft = 'deleted_us > 0 AND seq IN (SELECT session FROM session_left WHERE inbox = ?)';
  const count = selectSessions(writing, 'session_deleted', hasLeft, [inbox], step);
  if (count === 0) return 0;
  const ids = moveBack(writing);
  leaveAll(writing);
  appendEvent(writing, 'sessions:restored', { ids, byInbox: rejoinSelected(writing, inbox) });
  return count;
}

/** The selected, as they were. Returns their ids. */
function moveBack({ sql, counters }: Writing): string[] {
  sql(
    `INSERT INTO session (${keptColumns}, searched)
     SELECT ${keptColumns}, 0 FROM session_deleted WHERE seq IN temp.selection`,
  ).run();
  sql('DELETE FROM session_deleted WHERE seq IN temp.selection').run();
  if (counters.inboxes > 0)
    sql(
      `INSERT OR IGNORE INTO session_inbox (inbox, session)
       SELECT value, seq FROM session, json_each(${soundSummary}, '$.inboxes') WHERE seq IN temp.selection`,
    ).run();
  const rows = sql<{ id: string; bytes: number }>(
    'SELECT id, bytes FROM session WHERE seq IN temp.selection ORDER BY seq',
  ).all();
  counters.sessions += rows.length;
  for (const { bytes } of rows) counters.transcriptBytes += bytes;
  return rows.map(({ id }) => id);
}
