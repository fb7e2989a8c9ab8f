// Whether what is deleted, and the pages that are no longer needed, is overwritten, so that it cannot be read in the file
// after. That costs all mail that comes a third more, so it is done only while something is purged.
import type { Connection } from './connection.ts';

interface Overwrites extends Pick<Connection, 'db'> {
  overwrites: boolean;
}

export function setOverwriting(writing: Overwrites, overwrites: boolean): void {
  if (overwrites === writing.overwrites) return;
  writing.db.pragma(`secure_delete = ${overwrites ? 'ON' : 'FAST'}`);
  writing.overwrites = overwrites;
}

function withOverwriting<T>(writing: Overwrites, overwrites: boolean, run: () => T): T {
  const before = writing.overwrites;
  setOverwriting(writing, overwrites);
  try {
    return run();
  } finally {
    setOverwriting(writing, before);
  }
}

export const overwriting = <T>(writing: Overwrites, run: () => T): T => withOverwriting(writing, true, run);

export const withoutOverwriting = <T>(writing: Overwrites, run: () => T): T =>
  withOverwriting(writing, false, run);
