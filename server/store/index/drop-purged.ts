// After a purge: the words of what was purged go from the full-text tables, in small steps.
import type Database from 'better-sqlite3';
import { clearStep } from '../sqlite/free-pages.ts';
import type { Writing } from '../sqlite/writing.ts';
import { merge, mergeOn, mergeUntil, stepMs } from './merging.ts';
import { readSegments, type FullTextTable, type Segments } from './segments.ts';

/** FTS5 itself makes no more than 64 of them, but for one: see `lowerLevels`. */
const manyLevels = 500;

/** Those that hold words and not pieces of them. */
const wordTables = ['message_words', 'session_words'] as const;

/** By table the segments that held something when its last purge was looked at. */
const left = new WeakMap<Database.Database, Map<FullTextTable, ReadonlySet<string>>>();

/** To be called with each step of a purge. */
export const notePurged = ({ db }: Writing): unknown => left.delete(db);

/** One step; true when more is to be done. A purge that was broken off is gone on with. */
export function dropPurgedStep(writing: Writing, { pages }: { pages: number }): boolean {
  const { unmerged, uncleared } = writing.counters;
  return unmerged + uncleared > 0 && (clearStep(writing) || dropWords(writing, pages));
}

/**
 * Whether words of what was purged are in the table. Others may go meanwhile, as by the limits of a store that is full:
 * they do not count, or there would be no end while mail comes.
 */
function holdsPurged({ db }: Writing, table: FullTextTable, { holding }: Segments): boolean {
  const tables = left.get(db) ?? new Map<FullTextTable, ReadonlySet<string>>();
  left.set(db, tables);
  const before = tables.get(table);
  if (before === undefined) tables.set(table, new Set(holding));
  return before === undefined ? holding.length > 0 : holding.some((segment) => before.has(segment));
}

/**
 * The words of the purged messages are still in the full-text table, until the segments that hold them have been merged.
 * (Pieces of three letters give nothing away.)
 */
function dropWords(writing: Writing, pages: number): boolean {
  const { counters } = writing;
  for (const table of wordTables) {
    const until = performance.now() + stepMs / wordTables.length;
    mergeUntil(until, pages, (some) => dropPurged(writing, table, some));
  }
  if (wordTables.some((table) => holdsPurged(writing, table, readSegments(writing, table)))) return true;
  counters.unmerged = 0;
  writing.emptyLog = true;
  return false;
}

/** Returns whether there were words of purged messages to be dropped. */
function dropPurged(writing: Writing, table: FullTextTable, pages: number): boolean {
  const before = readSegments(writing, table);
  if (!holdsPurged(writing, table, before)) return false;
  // A negative number begins to merge all. What is under way comes first: to begin anew whenever mail has come would
  // never end, and while it lasts nothing else is merged.
  if (before.merging) mergeOn(writing, table, pages);
  else {
    if (before.levels > manyLevels) lowerLevels(writing, table);
    merge(writing, table, -pages);
  }
  return true;
}

/**
 * A table of one segment is merged into the level above, again and again. With a second one FTS5 puts both on level 64
 * first.
 */
function lowerLevels({ sql }: Writing, table: FullTextTable): void {
  sql(`INSERT INTO ${table} (rowid, ${firstColumn[table]}) VALUES (0, 'x')`).run();
  sql(`INSERT INTO ${table} (${table}) VALUES ('flush')`).run();
  sql(`DELETE FROM ${table} WHERE rowid = 0`).run();
}

const firstColumn: Record<FullTextTable, string> = {
  message_words: 'subject',
  message_starts: 'starts',
  message_grams: 'body',
  session_words: 'listener',
};
