// The memory map through which a reader reads the database. What was read counts as memory of the process while it is
// mapped: so only while somebody reads, and longer while somebody searches, who looks at what was found and goes on.
import { steadyUs } from '../../clock.ts';
import type { Reads } from '../operations.ts';
import type { Connection } from '../sqlite/connection.ts';

/** The most that SQLite maps. */
const mapBytes = 2 ** 31 - 65_536;

/** The one is asked every second, and answered from one page; the others read much for what may never be asked. */
const unmapped = new Set<string>([
  'readFreeBytes',
  'readBeforeSearch',
  'readBeforeMarking',
  'readBeforeMerge',
  'readBeforeRemoval',
  'writeLog',
] satisfies (keyof Reads | 'writeLog')[]);

const nowMs = (): number => steadyUs() / 1000;

/** To be called with each operation. */
export function keepMemoryMap({ mapIdleMs, searchIdleMs }: { mapIdleMs: number; searchIdleMs: number }) {
  let until = 0;
  let idle: NodeJS.Timeout | null = null;

  function letGoWhenIdle(connection: Connection): void {
    idle = setTimeout(() => {
      idle = null;
      if (nowMs() < until) letGoWhenIdle(connection);
      else if (connection.db.open) connection.db.pragma('mmap_size = 0');
    }, until - nowMs()).unref();
  }

  return (connection: Connection, name: string): void => {
    if (unmapped.has(name)) return;
    until = Math.max(until, nowMs() + (name === 'searchMessages' ? searchIdleMs : mapIdleMs));
    if (idle !== null) return;
    connection.db.pragma(`mmap_size = ${String(mapBytes)}`);
    letGoWhenIdle(connection);
  };
}
