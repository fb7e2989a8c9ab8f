// How many connections fit into the files that the system lets this process have open.
import { readdirSync, readFileSync } from 'node:fs';

/** For the web page and API, threads that start when they are needed, and large messages while they come. */
const reserved = 64;
const fewest = 4;

/** Infinity where the system does not say, or sets no limit. Asked when most of what stays open is. */
export function roomForConnections(): number {
  try {
    const [, most] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    if (most === undefined) return Infinity;
    const left = Number(most) - readdirSync('/proc/self/fd').length;
    return Math.max(fewest, left - reserved);
  } catch {
    return Infinity;
  }
}
