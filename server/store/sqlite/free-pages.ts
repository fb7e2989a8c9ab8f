// Before a purge: the pages that are free already are cleared, since what it is to remove may have stood there before, as
// the index and sessions are written anew again and again. What becomes free while it lasts is overwritten at once (see
// overwriting.ts), so that nothing of this is left to be done after it, when very many pages are free.
import { freePages } from './connection.ts';
import { withoutOverwriting } from './overwriting.ts';
import { pageBytes } from './sizes.ts';
import type { Writing } from './writing.ts';

/**
 * So many pages stand on one page of SQLite's list of free ones. It takes the next from anywhere among those that were
 * added last, and of the others none before these.
 */
const listedPages = pageBytes / 4 - 8;
/** So few are given back: most stores never have more. In a long list SQLite takes too long to find each. */
const fewPages = 2000;
const rowPages = 64;
/** Fills so many pages to their last byte: SQLite keeps 489 bytes and the rest of the division in the table itself. */
const bytesOf = (pages: number): number => pages * (pageBytes - 4) + 600;
/** The table itself may take some of the pages, too; nothing must make the file longer, which may be as long as it can be. */
const spare = 4;
/** A megabyte of zeros: the commit of more would take long on a slow disk. */
const stepHeld = 256;
const stepMs = 20;
/** A step ends in time, and after so many pages. */
const stepPages = 1024;
const pagesAtOnce = 8;

/** Holds free pages while they are cleared. */
export const blankTable = 'CREATE TABLE blank (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;';

/** Free pages, as far as a step goes; the file becomes shorter when the log is written into it. */
export function giveBackPages({ db }: Writing): void {
  const until = performance.now() + stepMs;
  for (let pages = 0; pages < stepPages && performance.now() < until; pages += pagesAtOnce)
    db.pragma(`incremental_vacuum(${String(pagesAtOnce)})`);
}

/**
 * To be called before each step of a purge that has something to remove. True: this was the step, and there may be more
 * to clear.
 */
export function clearStep(writing: Writing): boolean {
  const { bodies, counters } = writing;
  if (bodies === null) return false;
  if (counters.unmerged === 0) {
    counters.unmerged = 1;
    counters.uncleared = 1;
  }
  return (counters.uncleared === 1 && clearSome(writing)) || releaseSome(writing);
}

const isHolding = ({ sql }: Writing): boolean => sql('SELECT 1 FROM blank LIMIT 1').get() !== undefined;

/** Those cleared before are deepest in the list. */
function clearSome(writing: Writing): boolean {
  const { counters } = writing;
  const free = freePages(writing);
  const areFew = free <= fewPages && !isHolding(writing);
  const least = areFew ? 0 : Math.max(0, counters.cleared - listedPages);
  if (free <= least) {
    counters.uncleared = 0;
    return false;
  }
  if (areFew || free <= spare) giveBackPages(writing);
  else holdSome(writing, least);
  return true;
}

/** Writes nothing but zeros on the pages added last, and holds them until no more than the least are free. */
function holdSome(writing: Writing, least: number): void {
  const until = performance.now() + stepMs;
  for (let pages = 0; pages < stepHeld && performance.now() < until; pages += rowPages) {
    const free = freePages(writing);
    if (free <= Math.max(least, spare)) return;
    writing
      .sql('INSERT INTO blank (bytes) VALUES (zeroblob(?))')
      .run(bytesOf(Math.min(rowPages, free - spare)));
  }
}

/** There is nothing on them to be overwritten. */
function releaseSome(writing: Writing): boolean {
  if (!isHolding(writing)) return false;
  const { sql } = writing;
  const until = performance.now() + stepMs;
  withoutOverwriting(writing, () => {
    for (let pages = 0; pages < stepPages && performance.now() < until; pages += rowPages)
      sql('DELETE FROM blank WHERE id = (SELECT min(id) FROM blank)').run();
  });
  return true;
}
