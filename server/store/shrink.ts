// Gives space back to the file system after large deletions; small gaps are filled by the mail to come.
import type { Writing } from './writing.ts';

const worthBytes = 64 * 1024 * 1024;
const stepPages = 1024;

/** One step; true when more is to be done. */
export function shrinkStep({ db }: Writing, _input: null): boolean {
  const number = (pragma: string) => db.pragma(pragma, { simple: true }) as number;
  const free = number('freelist_count');
  if (free * number('page_size') < worthBytes || free * 4 < number('page_count')) return false;
  db.pragma(`incremental_vacuum(${String(stepPages)})`);
  return true;
}
