// Deletes sessions, and removes them for good.
import { nowUs } from '../../clock.ts';
import { notePurged } from '../index/drop-purged.ts';
import { sessionCorpus } from '../index/search-blocks.ts';
import { dropSelectedBlocks } from '../index/search-sealing.ts';
import { appendEvent } from '../records/events.ts';
import { selectedSessionsByInbox, sessionInInbox } from '../records/in-inbox.ts';
import { clearStep } from '../sqlite/free-pages.ts';
import { overwriting } from '../sqlite/overwriting.ts';
import { fillSelection, type Writing } from '../sqlite/writing.ts';
import { blankRecords, blankSessions } from './blank-rows.ts';
import { forgetSessionsInEvents } from './forget-events.ts';
import { leave, leaveInbox, purgeLeftStep } from './session-inboxes.ts';
import { keptColumns, selectSessions, type SessionStep, type Step } from './session-selection.ts';

export interface DeleteSessions extends SessionStep {
  /** At once and for good. */
  purge: boolean;
  reason?: 'request' | 'retention';
}

/**
 * One step of a deletion. Sessions that still run are left alone: more of them is to come. In one inbox, those that
 * others have too only leave it.
 */
export function deleteSessions(writing: Writing, step: DeleteSessions): Step {
  const { limit, inbox, purge, reason = 'request' } = step;
  const { text, values } = sessionInInbox('session.seq', inbox);
  const count = selectSessions(writing, 'session', `closed_us IS NOT NULL AND ${text}`, values, step);
  if (count === 0) return { count: 0, more: false };
  const isPurge = purge && reason === 'request';
  if (isPurge && clearStep(writing)) return { count: 0, more: true };
  const own =
    inbox === null
      ? selectedSessionsByInbox(writing)
      : writing.counters.inboxes === 0
        ? {}
        : { byInbox: { [inbox]: leaveInbox(writing, inbox, { isForGood: purge }) } };
  const hidden = purge && inbox !== null ? hideFor(writing, inbox) : [];
  const ids = [...hidden, ...remove(writing, purge)];
  appendEvent(writing, 'sessions:deleted', { ids, reason, ...own });
  if (isPurge) notePurged(writing);
  const more = count === limit;
  writing.emptyLog ||= purge && !more;
  return { count, more };
}

/** The selected; who deletes wants the bytes overwritten as well. */
const remove = (writing: Writing, purge: boolean): string[] =>
  overwriting(writing, () => {
    if (purge) {
      forgetSessionsInEvents(writing, 'session');
      blankRecords(writing);
    } else keepSelected(writing);
    blankSessions(writing, 'session');
    const ids = removeSelectedRows(writing);
    if (purge) removeSelectedRecords(writing);
    return ids;
  });

/** Of the selected those that others have left, and may still take back; they are selected no more. */
function hideFor(writing: Writing, inbox: string): string[] {
  const { sql } = writing;
  const seqsOf = (text: string): number[] =>
    sql<{ seq: number }>(text)
      .all()
      .map(({ seq }) => seq);
  const isLeft = 'EXISTS (SELECT 1 FROM session_left l WHERE l.session = t.seq)';
  const shared = seqsOf(`SELECT seq FROM temp.selection t WHERE ${isLeft}`);
  if (shared.length === 0) return [];
  const others = seqsOf(`SELECT seq FROM temp.selection t WHERE NOT ${isLeft}`);
  for (const seq of shared) leave(writing, seq, inbox);
  fillSelection(writing, shared);
  const ids = remove(writing, false);
  fillSelection(writing, others);
  return ids;
}

/** Apart from the others, so that nothing finds them. */
const keepSelected = ({ sql }: Writing): unknown =>
  sql(
    `INSERT INTO session_deleted (${keptColumns}, deleted_us)
     SELECT ${keptColumns}, ? FROM session WHERE seq IN temp.selection`,
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
  if (clearStep(writing)) return { count: left, more: true };
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
