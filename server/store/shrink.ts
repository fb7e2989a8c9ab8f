// Gives space back to the file system after large deletions, and all of it where the disk is short of it; other gaps
// are filled by the mail to come.
import { numberOf } from './connection.ts';
import { isDiskShort } from './room.ts';
import type { Writing } from './writing.ts';

const worthBytes = 64 * 1024 * 1024;
/**
 * A step ends after so many pages, and in time: in a file of many gigabytes SQLite looks through a long list of free
 * pages for each of them.
 */
const stepPages = 1024;
const stepMs = 20;
const pagesAtOnce = 8;

export const freePages = (writing: Writing): number => numberOf(writing, 'freelist_count');

/** Free pages, as far as a step goes; the file becomes shorter when the log is written into it. */
export function giveBackPages({ db }: Writing): void {
  const until = performance.now() + stepMs;
  for (let pages = 0; pages < stepPages && performance.now() < until; pages += pagesAtOnce)
    db.pragma(`incremental_vacuum(${String(pagesAtOnce)})`);
}

/** One step; true when more is to be done. */
export function shrinkStep(writing: Writing, _input: null): boolean {
  const free = freePages(writing);
  if (free === 0) return false;
  const isMuch =
    free * numberOf(writing, 'page_size') >= worthBytes && free * 4 >= numberOf(writing, 'page_count');
  const isShort = writing.bodies !== null && isDiskShort(writing.bodies);
  if (!isMuch && !isShort) return false;
  if (isShort) writing.emptyLog = true;
  giveBackPages(writing);
  return true;
}
