// Deletes sessions, takes that back, and removes them for good.
import { nowUs } from '../clock.ts';
import { notePurged } from './drop-purged.ts';
import { blankRecords, blankSessions } from './blank-rows.ts';
import { appendEvent } from './events.ts';
import { forgetSessionsInEvents } from './forget-events.ts';
import { selectedSessionsByInbox, sessionInInbox } from './in-inbox.ts';
import { sessionCorpus } from './search-blocks.ts';
import { dropSelectedBlocks } from './search-sealing.ts';
import { leaveInbox, purgeLeftStep, rejoinInboxes } from './session-inboxes.ts';
import { isSelected, type SessionStep, type Step } from './session-selection.ts';
import { overwriting, type Writing } from './writing.ts';

export interface DeleteSessions extends SessionStep {
  /** At once and for good. */
  purge: boolean;
  reason?: 'request' | 'retention';
}

/** The row as it is kept while the deletion can be taken back; what is derived from it is made anew. */
const kept =
  'seq, id, opened_us, closed_us, outcome, listener, peer, client_name, user, bytes, summary, facts, codes';

/** What was selected by ids or is of all, at most so many. */
function select(
  writing: Writing,
  table: string,
  condition: string,
  values: string[],
  { which, limit }: SessionStep,
): number {
  const selected = isSelected(which, 'id');
  writing.sql('DELETE FROM temp.selection').run();
  return writing
    .sql(
      `INSERT INTO temp.selection
       SELECT seq FROM ${table} WHERE ${selected.text} AND ${condition} ORDER BY seq LIMIT ?`,
    )
    .run(...selected.values, ...values, limit).changes;
}

/**
 * One step of a deletion. Sessions that still run are left alone: more of them is to come. In one inbox, those that
 * others have too only leave it.
 */
export function deleteSessions(writing: Writing, step: DeleteSessions): Step {
  const { limit, inbox, purge, reason = 'request' } = step;
  const { text, values } = sessionInInbox('session.seq', inbox);
  const count = select(writing, 'session', `closed_us IS NOT NULL AND ${text}`, values, step);
  if (count === 0) return { count: 0, more: false };
  const own =
    inbox === null
      ? selectedSessionsByInbox(writing)
      : writing.counters.inboxes === 0
        ? {}
        : { byInbox: { [inbox]: leaveInbox(writing, inbox, { isForGood: purge }) } };
  // Who deletes wants the bytes overwritten as well.
  overwriting(writing, () => {
    if (purge) {
      forgetSessionsInEvents(writing, 'session');
      blankRecords(writing);
    } else keepSelected(writing);
    blankSessions(writing, 'session');
    const ids = removeSelectedRows(writing);
    if (purge) removeSelectedRecords(writing);
    appendEvent(writing, 'sessions:deleted', { ids, reason, ...own });
    writing.emptyLog ||= purge;
  });
  if (purge && reason === 'request') notePurged(writing);
  return { count, more: count === limit };
}

/** Apart from the others, so that nothing finds them. */
const keepSelected = ({ sql }: Writing): unknown =>
  sql(
    `INSERT INTO session_deleted (${kept}, deleted_us)
     SELECT ${kept}, ? FROM session WHERE seq IN temp.selection`,
  ).run(nowUs());

/** The messages of a session stay; reading them finds that it is gone. */
export function removeSelectedSessions(writing: Writing): string[] {
  const ids = removeSelectedRows(writing);
  removeSelectedRecords(writing);
  return ids;
}

function removeSelectedRows(writing: Writing): string[] {
  const { sql, counters } = writing;
  const rows = sql<{ id: string; bytes: number }>(
    'SELECT id, bytes FROM session WHERE seq IN temp.selection ORDER BY seq',
  ).all();
  dropSelectedBlocks(writing, sessionCorpus);
  sql('DELETE FROM session_search WHERE seq IN temp.selection').run();
  sql('DELETE FROM session_words WHERE rowid IN (SELECT seq FROM temp.selection)').run();
  // Also where there is no other inbox any more: it may have rows of when there was.
  sql('DELETE FROM session_inbox WHERE session IN temp.selection').run();
  sql('DELETE FROM session WHERE seq IN temp.selection').run();
  counters.sessions -= rows.length;
  for (const { bytes } of rows) counters.transcriptBytes -= bytes;
  return rows.map(({ id }) => id);
}

function removeSelectedRecords({ sql }: Writing): void {
  for (const table of ['session_blob', 'transcript', 'smtp_transaction', 'session_left'])
    sql(`DELETE FROM ${table} WHERE session IN temp.selection`).run();
}

/** One step. In one inbox, of those that were in no other, and of those that others still have. */
export function restoreSessions(writing: Writing, step: SessionStep): Step {
  const { limit } = step;
  const count = restoreRows(writing, step);
  if (writing.counters.inboxes === 0) return { count, more: count === limit };
  const byInbox = rejoinInboxes(writing, { ...step, limit: limit - count });
  const rejoined = Object.values(byInbox).reduce((sum, ids) => sum + ids.length, 0);
  if (rejoined > 0) appendEvent(writing, 'sessions:restored', { ids: [], byInbox });
  return { count: count + rejoined, more: count + rejoined === limit };
}

/** Those that no inbox had any more. */
function restoreRows(writing: Writing, step: SessionStep): number {
  const { inbox } = step;
  const { sql, counters } = writing;
  const own = inbox === null ? 'TRUE' : "json_extract(summary, '$.inboxes') = json_array(?)";
  const values = inbox === null ? [] : [inbox];
  const count = select(writing, 'session_deleted', `deleted_us > 0 AND ${own}`, values, step);
  if (count === 0) return 0;
  sql(
    `INSERT INTO session (${kept}, searched)
     SELECT ${kept}, 0 FROM session_deleted WHERE seq IN temp.selection`,
  ).run();
  sql('DELETE FROM session_deleted WHERE seq IN temp.selection').run();
  if (counters.inboxes > 0)
    sql(
      `INSERT OR IGNORE INTO session_inbox (inbox, session)
       SELECT value, seq FROM session, json_each(summary, '$.inboxes') WHERE seq IN temp.selection`,
    ).run();
  const rows = sql<{ id: string; bytes: number }>(
    'SELECT id, bytes FROM session WHERE seq IN temp.selection ORDER BY seq',
  ).all();
  counters.sessions += rows.length;
  for (const { bytes } of rows) counters.transcriptBytes += bytes;
  const ids = rows.map(({ id }) => id);
  appendEvent(writing, 'sessions:restored', { ids, ...selectedSessionsByInbox(writing) });
  return count;
}

/** The deleted ones of an inbox that ends do not come back, also not to a later one of its name. */
export function forgetDeletedSessions({ sql }: Writing, inbox: string): void {
  sql(
    `UPDATE session_deleted SET deleted_us = 0
     WHERE EXISTS (SELECT 1 FROM json_each(summary, '$.inboxes') WHERE value = ?)`,
  ).run(inbox);
  sql('DELETE FROM session_left WHERE inbox = ?').run(inbox);
}

/** One step: what was deleted before the given time goes for good, and its bytes are overwritten. */
export function purgeSessionsStep(
  writing: Writing,
  { beforeUs, limit }: { beforeUs: number; limit: number },
): Step {
  const { sql } = writing;
  const left = purgeLeftStep(writing, { beforeUs, limit });
  sql('DELETE FROM temp.selection').run();
  const { changes } = sql(
    'INSERT INTO temp.selection SELECT seq FROM session_deleted WHERE deleted_us < ? LIMIT ?',
  ).run(beforeUs, limit);
  if (changes === 0) return { count: left, more: left === limit };
  overwriting(writing, () => {
    forgetSessionsInEvents(writing, 'session_deleted');
    blankRecords(writing);
    blankSessions(writing, 'session_deleted');
    removeSelectedRecords(writing);
    sql('DELETE FROM session_deleted WHERE seq IN temp.selection').run();
  });
  notePurged(writing);
  const more = sql('SELECT 1 FROM session_deleted WHERE deleted_us < ? LIMIT 1').get(beforeUs) !== undefined;
  writing.emptyLog ||= !more;
  return { count: left + changes, more: left === limit || more };
}
