// Gives space back to the file system after large deletions, and all of it where the disk is short of it; other gaps
// are filled by the mail to come.
import { pruneEvents } from '../records/events.ts';
import { freePages, numberOf } from '../sqlite/connection.ts';
import { giveBackPages } from '../sqlite/free-pages.ts';
import { isDiskShort } from '../sqlite/room.ts';
import type { Writing } from '../sqlite/writing.ts';

const worthBytes = 64 * 1024 * 1024;
/**
 * In a longer list of free pages SQLite looks for each of them so long that there is hardly an end. Where little is left in
 * such a file, that is written anew.
 */
const mostPages = 250_000;
/** 64 MiB are written anew within half a second, in which no mail is stored. */
const fewUsedPages = 16_384;

export interface ShrinkStep {
  /** More rows are about to go, which would only be moved before, to where others have gone. */
  areMore: boolean;
  /** Once begun it is done to the end. */
  isBegun: boolean;
  /** No mail comes in. */
  isQuiet: boolean;
  /** For tests: in place of `mostPages`. */
  mostPages?: number;
}

/** `later`: there is more to be done, when it is quiet. */
export type Shrunk = 'more' | 'later' | 'done';

/** One step. */
export function shrinkStep(writing: Writing, step: ShrinkStep): Shrunk {
  const free = freePages(writing);
  if (free === 0) return 'done';
  const pages = numberOf(writing, 'page_count');
  const isWorth = free * numberOf(writing, 'page_size') >= worthBytes && free * 4 >= pages;
  const isMuch = !step.areMore && (step.isBegun || isWorth);
  const isShort = writing.bodies !== null && isDiskShort(writing.bodies);
  if (!isMuch && !isShort) return 'done';
  if (isShort) writing.emptyLog = true;
  else if (free > (step.mostPages ?? mostPages)) return writeAnew(writing, pages - free, step);
  giveBackPages(writing);
  return 'more';
}

function writeAnew(writing: Writing, used: number, { isQuiet }: ShrinkStep): Shrunk {
  if (pruneEvents(writing)) return 'more';
  if (used > fewUsedPages || writing.bodies === null) return 'done';
  if (!isQuiet) return 'later';
  writing.writeAnew = true;
  return 'done';
}
