// Gives space back to the file system after large deletions, and all of it where the disk is short of it; other gaps
// are filled by the mail to come.
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

/** One step; true when more is to be done. */
export function shrinkStep(writing: Writing, _input: null): boolean {
  const { db, bodies } = writing;
  const number = (pragma: string) => db.pragma(pragma, { simple: true }) as number;
  const free = number('freelist_count');
  if (free === 0) return false;
  const isMuch = free * number('page_size') >= worthBytes && free * 4 >= number('page_count');
  const isShort = bodies !== null && isDiskShort(bodies);
  if (!isMuch && !isShort) return false;
  // The file becomes shorter when the log is written into it.
  if (isShort) writing.emptyLog = true;
  const until = performance.now() + stepMs;
  for (let pages = 0; pages < stepPages && performance.now() < until; pages += pagesAtOnce)
    db.pragma(`incremental_vacuum(${String(pagesAtOnce)})`);
  return true;
}
