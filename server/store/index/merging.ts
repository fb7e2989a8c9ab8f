// Merges the segments of the full-text tables in small steps: left to themselves the tables would merge for seconds
// at a time. Their number stays far below what FTS5 can take, whatever comes.
import type { Writing } from '../sqlite/writing.ts';
import { emptyMessageIndex } from './emptying.ts';
import { emptySessionIndex } from './index-session.ts';
import { fullTextTables, mostSegments, readSegments, type FullTextTable } from './segments.ts';

/** With more than this a table is merged before anything is added to it. */
const manySegments = 200;
/** With more than this nothing is added; what one step adds is a few hundred at the very worst. */
const tooManySegments = 1200;
/** A new merge needs a segment to write to: here it is too late for one. */
const hopelessSegments = mostSegments - 5;

/** Whether the command wrote anything but its own bookkeeping (SQLite's documentation gives this test). */
export function merge({ sql }: Writing, table: FullTextTable, pages: number): boolean {
  const total = () => sql<{ n: number }>('SELECT total_changes() AS n').get()?.n ?? 0;
  const before = total();
  sql(`INSERT INTO ${table} (${table}, rank) VALUES ('merge', ?)`).run(pages);
  return total() - before >= 2;
}

/** Goes on with merging, or begins to merge all where FTS5 sees nothing worth it. */
export function mergeOn(writing: Writing, table: FullTextTable, pages: number): void {
  if (!merge(writing, table, pages)) merge(writing, table, -pages);
}

/**
 * A step ends after some pages of each table, and in time. Only what a merge writes is counted: it may pass over very many
 * words of deleted messages for each page of it, or wait for the disk.
 */
export const stepMs = 25;
const pagesAtOnce = 16;

/** Until there is nothing to do, or the time is over. Returns whether there was anything to do. */
export function mergeUntil(until: number, pages: number, work: (pages: number) => boolean): boolean {
  let worked = false;
  for (let left = pages; left > 0 && performance.now() < until; left -= pagesAtOnce) {
    if (!work(Math.min(left, pagesAtOnce))) break;
    worked = true;
  }
  return worked;
}

export interface Merged {
  /** There was something to do. */
  more: boolean;
  /** Segments of the table that has the most. */
  segments: number;
}

/** One step of merging, of some milliseconds: tables of many segments come first. */
export function mergeStep(writing: Writing, { pages }: { pages: number }): Merged {
  const until = performance.now() + stepMs;
  const segmentsOf = (table: FullTextTable): number => readSegments(writing, table).count;
  const more = fullTextTables
    .toSorted((a, b) => segmentsOf(b) - segmentsOf(a))
    .map((table) => mergeUntil(until, pages, (some) => merge(writing, table, some)))
    .includes(true);
  return { more, segments: Math.max(...fullTextTables.map(segmentsOf)) };
}

/**
 * Merges before more is added, where there is much to merge. False: nothing can be added yet, another step is needed.
 * A table that is too full even to be merged (an earlier version let it come to that) is emptied, and filled again
 * from what is stored.
 */
export function makeRoom(writing: Writing, { pages }: { pages: number }): boolean {
  let hasRoom = true;
  for (const table of fullTextTables) {
    const { count, merging } = readSegments(writing, table);
    if (count <= manySegments) continue;
    if (count >= (merging ? mostSegments : hopelessSegments)) startAnew(writing, table);
    else (count <= tooManySegments ? merge : mergeOn)(writing, table, pages);
    hasRoom &&= readSegments(writing, table).count <= tooManySegments;
  }
  return hasRoom;
}

function startAnew(writing: Writing, table: FullTextTable): void {
  const { sql } = writing;
  if (table === 'session_words') {
    emptySessionIndex(writing);
    sql('UPDATE session SET searched = 0 WHERE searched = 1').run();
  } else {
    emptyMessageIndex(writing);
    sql('UPDATE message SET searched = 0 WHERE searched = 1').run();
  }
}
