// Marks, deletes, restores and purges messages.
import { notePurged } from '../index/drop-purged.ts';
import { emptyIndex } from '../index/emptying.ts';
import { removeSelectedFromIndex } from '../index/index-message.ts';
import { appendEvent } from '../records/events.ts';
import { deselectKept, inInbox, selectedByInbox, type OneInbox } from '../records/in-inbox.ts';
import { changeTags } from '../records/tags.ts';
import { clearStep } from '../sqlite/free-pages.ts';
import { overwriting } from '../sqlite/overwriting.ts';
import type { Writing } from '../sqlite/writing.ts';
import type { Marks } from '../store.ts';
import { blankMessages } from './blank-rows.ts';
import { forgetInEvents } from './forget-events.ts';
import { select, type Changed, type EncodedSelection } from './message-selection.ts';

const live = 'deleted_us IS NULL';
/** 0 is written by a purge: it cannot be taken back. */
const restorable = 'deleted_us > 0';

/** The selected are all there are. */
const isWhole = (which: EncodedSelection, { next }: Changed): boolean =>
  'all' in which && next === null && (which.after ?? 0) === 0;

interface Sums {
  messages: number;
  unread: number;
  bytes: number;
  upToSeq: number;
}

/** Of those selected that are not deleted. */
export const sumsOfSelection = ({ sql }: Writing): Sums =>
  sql<Sums>(
    `SELECT count(*) AS messages, coalesce(sum(read = 0), 0) AS unread, coalesce(sum(size), 0) AS bytes,
       coalesce(max(seq), 0) AS upToSeq
     FROM (SELECT seq, min(read) AS read FROM message_inbox WHERE seq IN temp.selection AND ${live} GROUP BY seq)
     JOIN message USING (seq)`,
  ).get() ?? { messages: 0, unread: 0, bytes: 0, upToSeq: 0 };

export function addToCounters({ counters }: Writing, sums: Sums, sign: 1 | -1): void {
  counters.messages += sign * sums.messages;
  counters.unread += sign * sums.unread;
  counters.messageBytes += sign * sums.bytes;
}

const liveIds = ({ sql }: Writing): string[] =>
  sql<{ id: string }>(
    `SELECT id FROM message WHERE seq IN temp.selection
       AND EXISTS (SELECT 1 FROM message_inbox i WHERE i.seq = message.seq AND ${live}) ORDER BY seq`,
  )
    .all()
    .map(({ id }) => id);

export interface MarkMessages {
  which: EncodedSelection;
  marks: Marks;
  inbox: OneInbox;
}

/** Read and pinned are marks of an inbox, tags are of the message. */
export function markMessages(writing: Writing, { which, marks, inbox }: MarkMessages): Changed {
  const done = select(writing, which, live, inbox);
  if (done.count === 0) return done;
  const before = sumsOfSelection(writing).unread;
  const changes = changeMarks(writing, marks, inbox);
  const tagged = changeTags(writing, marks);
  if (changes + tagged === 0) return done;
  writing.counters.unread += sumsOfSelection(writing).unread - before;
  if (inbox === null) {
    const ids = isWhole(which, done) ? null : liveIds(writing);
    appendEvent(writing, 'messages:changed', { ids, ...marks, ...(ids && selectedByInbox(writing, 'live')) });
    return done;
  }
  const { read, pinned, ...tags } = marks;
  if (changes > 0) {
    const seen = { ...(read === undefined ? {} : { read }), ...(pinned === undefined ? {} : { pinned }) };
    const own = selectedByInbox(writing, 'live', inbox);
    appendEvent(writing, 'messages:changed', { ids: idsMarked(writing, marks), ...seen, ...own });
  }
  if (tagged > 0)
    appendEvent(writing, 'messages:changed', {
      ids: liveIds(writing),
      ...tags,
      ...selectedByInbox(writing, 'live'),
    });
  return done;
}

const toNumber = (mark: boolean | undefined) => (mark === undefined ? null : Number(mark));

function changeMarks({ sql }: Writing, marks: Marks, inbox: OneInbox): number {
  const { condition, bound } = inInbox(inbox);
  return sql(
    `UPDATE message_inbox SET read = coalesce(@read, read), pinned = coalesce(@pinned, pinned)
     WHERE seq IN temp.selection AND ${live} AND ${condition} AND (read <> @read OR pinned <> @pinned)`,
  ).run({ read: toNumber(marks.read), pinned: toNumber(marks.pinned), ...bound[0] }).changes;
}

/** Of those selected the ones that are so now when all their inboxes are looked at. */
const idsMarked = ({ sql }: Writing, marks: Marks): string[] =>
  sql<{ id: string }>(
    `SELECT id FROM message JOIN (
       SELECT seq FROM message_inbox WHERE seq IN temp.selection AND ${live} GROUP BY seq
       HAVING coalesce(min(read) = @read, TRUE) AND coalesce(max(pinned) = @pinned, TRUE)
     ) USING (seq) ORDER BY seq`,
  )
    .all({ read: toNumber(marks.read), pinned: toNumber(marks.pinned) })
    .map(({ id }) => id);

export interface DeleteMessages {
  which: EncodedSelection;
  purge: boolean;
  inbox: OneInbox;
}

/**
 * Hides at once. What is to be purged is marked for it here, and removed step by step after. As all go the oldest first,
 * what is told of each step is true at its commit.
 */
export function deleteMessages(writing: Writing, { which, purge, inbox }: DeleteMessages): Changed {
  const { condition, bound } = inInbox(inbox);
  const affected = purge ? 'TRUE' : live;
  const done = select(writing, which, affected, inbox);
  if (done.count === 0) return done;
  const before = sumsOfSelection(writing);
  const isAll = 'all' in which && inbox === null;
  const there = isAll ? [] : liveIds(writing);
  const own = isAll ? {} : selectedByInbox(writing, 'live', inbox);
  writing
    .sql(
      `UPDATE message_inbox SET deleted_us = @at WHERE seq IN temp.selection AND ${affected} AND ${condition}`,
    )
    .run({ at: purge ? 0 : writing.atUs, ...bound[0] });
  addToCounters(writing, before, -1);
  if (inbox !== null) addToCounters(writing, sumsOfSelection(writing), 1);
  if (before.messages === 0) return done;
  if (isAll)
    appendEvent(writing, 'messages:deleted', { ids: null, upToSeq: before.upToSeq, reason: 'request' });
  else {
    const left = inbox === null ? new Set<string>() : new Set(liveIds(writing));
    const ids = there.filter((id) => !left.has(id));
    if (ids.length > 0 || own.byInbox)
      appendEvent(writing, 'messages:deleted', { ids, upToSeq: null, reason: 'request', ...own });
  }
  return done;
}

export function restoreMessages(
  writing: Writing,
  { which, inbox }: { which: EncodedSelection; inbox: OneInbox },
): Changed {
  const done = select(writing, which, restorable, inbox);
  if (done.count === 0) return done;
  const { sql } = writing;
  const { condition, bound } = inInbox(inbox);
  const before = sumsOfSelection(writing);
  const own = selectedByInbox(writing, 'restorable', inbox);
  sql(
    `UPDATE message_inbox SET deleted_us = NULL WHERE seq IN temp.selection AND ${restorable} AND ${condition}`,
  ).run(...bound);
  // A purge of all that was deleted may have begun, and have emptied the index.
  sql(
    `UPDATE message SET searched = 0 WHERE seq IN temp.selection AND searched = 1
       AND seq NOT IN (SELECT id FROM message_words_docsize)`,
  ).run();
  addToCounters(writing, before, -1);
  addToCounters(writing, sumsOfSelection(writing), 1);
  appendEvent(writing, 'messages:restored', { ids: liveIds(writing), ...own });
  return done;
}

export interface Removed {
  count: number;
  /** Body files, to be unlinked after the commit. */
  files: string[];
  more: boolean;
}

/** Left to itself SQLite looks through all messages, as these lie in the order of their seqs. */
const deletedRows = 'message_inbox INDEXED BY message_inbox_deleted';

/** One step: what was deleted before the given time goes for good, and its bytes are overwritten. */
export function purgeStep(
  writing: Writing,
  { beforeUs, limit }: { beforeUs: number; limit: number },
): Removed {
  const { sql } = writing;
  sql('DELETE FROM temp.selection').run();
  const { changes } = sql(
    `INSERT INTO temp.selection SELECT DISTINCT seq FROM ${deletedRows} WHERE deleted_us < ? LIMIT ?`,
  ).run(beforeUs, limit);
  if (changes === 0) return { count: 0, files: [], more: false };
  if (clearStep(writing)) return { count: 0, files: [], more: true };
  return overwriting(writing, () => {
    sql('DELETE FROM message_inbox WHERE seq IN temp.selection AND deleted_us < ?').run(beforeUs);
    deselectKept(writing);
    blankMessages(writing);
    if (isPurgeOfAll(writing, beforeUs)) emptyIndex(writing);
    const files = removeSelected(writing);
    notePurged(writing);
    const more = sql(`SELECT 1 FROM ${deletedRows} WHERE deleted_us < ?`).get(beforeUs) !== undefined;
    writing.emptyLog ||= !more;
    return { count: changes, files, more };
  });
}

/** So many times more are to go than are listed: it is quicker to take those up again. */
const manyTimes = 20;

/** Nothing is listed, or little beside what goes, and nothing deleted is to be kept any longer. */
function isPurgeOfAll({ sql, counters }: Writing, beforeUs: number): boolean {
  if (sql('SELECT 1 FROM message_inbox WHERE deleted_us >= ? LIMIT 1').get(beforeUs) !== undefined)
    return false;
  if (counters.messages === 0) return true;
  const more = manyTimes * counters.messages;
  const going = 'SELECT 1 FROM message_inbox WHERE deleted_us < ? LIMIT 1 OFFSET ?';
  return more <= mostCounted && sql(going).get(beforeUs, more) !== undefined;
}

const mostCounted = 200_000;

/** Removes the selected messages from everywhere, and names the files of their bodies. */
export function removeSelected(writing: Writing): string[] {
  const { sql } = writing;
  forgetInEvents(writing);
  removeSelectedFromIndex(writing);
  sql('DELETE FROM message_tag WHERE seq IN temp.selection').run();
  const files = sql<{ file: string }>(
    'SELECT file FROM body WHERE seq IN temp.selection AND file IS NOT NULL',
  ).all();
  sql('DELETE FROM message_inbox WHERE seq IN temp.selection').run();
  sql('DELETE FROM message_detail WHERE seq IN temp.selection').run();
  sql('DELETE FROM body WHERE seq IN temp.selection').run();
  sql('DELETE FROM message WHERE seq IN temp.selection').run();
  return files.map(({ file }) => file);
}
