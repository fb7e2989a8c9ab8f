// Gives space back to the file system after large deletions, and all of it where the disk is short of it; other gaps
// are filled by the mail to come.
import { numberOf } from './connection.ts';
import { freePages, giveBackPages } from './free-pages.ts';
import { isDiskShort } from './room.ts';
import type { Writing } from './writing.ts';

const worthBytes = 64 * 1024 * 1024;
/** In a longer list of free pages SQLite looks for each of them so long that there is hardly an end. */
const mostPages = 250_000;

export interface ShrinkStep {
  /** More rows are about to go, which would only be moved before, to where others have gone. */
  areMore: boolean;
  /** Once begun it is done to the end. */
  isBegun: boolean;
}

/** One step; true when more is to be done. */
export function shrinkStep(writing: Writing, { areMore, isBegun }: ShrinkStep): boolean {
  const free = freePages(writing);
  if (free === 0) return false;
  const isMuch =
    !areMore &&
    free <= mostPages &&
    (isBegun ||
      (free * numberOf(writing, 'page_size') >= worthBytes && free * 4 >= numberOf(writing, 'page_count')));
  const isShort = writing.bodies !== null && isDiskShort(writing.bodies);
  if (!isMuch && !isShort) return false;
  if (isShort) writing.emptyLog = true;
  giveBackPages(writing);
  return true;
}
