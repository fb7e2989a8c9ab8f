// Empties the index of messages all at once, which is quicker by far than one after the other. A large one is set aside,
// and goes in steps.
import type Database from 'better-sqlite3';
import { listedRows } from '../records/in-inbox.ts';
import type { Writing } from '../sqlite/writing.ts';
import { messageTables } from './segments.ts';
import { dropAsideStep, isAnyAside, setAside } from './set-aside.ts';

/** Pages of a full-text table that are emptied within some milliseconds. */
const fewPages = 500;
/** It is not worth it for a few messages that go beside those that stay. */
const manyTimes = 2;
/** Messages of a step, while mail waits. */
const takenUpAtOnce = 500;

const isLarge = ({ sql }: Writing): boolean =>
  messageTables.some((table) => {
    const pages = `SELECT count(*) AS count FROM (SELECT 1 FROM ${table}_data LIMIT ${String(fewPages + 1)})`;
    return (sql<{ count: number }>(pages).get()?.count ?? 0) > fewPages;
  });

const holdsMany = ({ sql, counters }: Writing): boolean =>
  sql('SELECT 1 FROM message_words_docsize LIMIT 1 OFFSET ?').get(manyTimes * counters.messages) !==
  undefined;

/** Those that stay are taken up again, the newest first, as far as they are not in the new tables: below these. */
const left = new WeakMap<Database.Database, number>();

/** False when there is none left. */
function takeUpAgain({ db, sql }: Writing): boolean {
  const before = left.get(db) ?? Number.MAX_SAFE_INTEGER;
  if (before === 0) return false;
  const some = `SELECT DISTINCT seq FROM ${listedRows} WHERE deleted_us IS NULL AND seq < ? ORDER BY seq DESC LIMIT ?`;
  sql(
    `UPDATE message SET searched = 0
     WHERE searched = 1 AND seq IN (${some}) AND seq NOT IN (SELECT id FROM message_words_docsize)`,
  ).run(before, takenUpAtOnce);
  const lowest = sql<{ seq: number | null }>(`SELECT min(seq) AS seq FROM (${some})`).get(
    before,
    takenUpAtOnce,
  );
  left.set(db, lowest?.seq ?? 0);
  return true;
}

/** All messages are about to go, some of them now, or all but a few. To be called with each step. */
export function emptyIndex(writing: Writing): void {
  const { counters, db, sql } = writing;
  if (isAnyAside(writing)) {
    takeUpAgain(writing);
    return;
  }
  if (sql('SELECT 1 FROM message_search LIMIT 1').get() === undefined) return;
  const tooLarge = isLarge(writing);
  if (counters.messages === 0 && !tooLarge) emptyMessageIndex(writing);
  if (!tooLarge || !holdsMany(writing)) return;
  for (const table of messageTables) setAside(writing, table);
  left.delete(db);
  takeUpAgain(writing);
}

export function emptyMessageIndex({ sql }: Writing): void {
  sql('DELETE FROM header').run();
  for (const table of messageTables) sql(`INSERT INTO ${table} (${table}) VALUES ('delete-all')`).run();
  for (const table of ['message_block', 'message_text', 'message_search']) sql(`DELETE FROM ${table}`).run();
}

/** A step of what is set aside; true when more is to be done. */
export const dropIndexStep = (writing: Writing, { rows }: { rows: number }): boolean =>
  isAnyAside(writing) && (takeUpAgain(writing) || dropAsideStep(writing, { rows }));
