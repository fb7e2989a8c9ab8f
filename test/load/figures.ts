// What the system says of a process: its memory and its open files (Linux only; elsewhere null). And of a row of times.
import { readdirSync, readFileSync } from 'node:fs';

const memoryMB =
  (kind: 'VmRSS' | 'RssAnon') =>
  (pid: number): number | null => {
    try {
      const told = readFileSync(`/proc/${pid}/status`, 'latin1');
      const pages = new RegExp(`^${kind}:\\s+(\\d+) kB$`, 'm').exec(told);
      return pages && Number(pages[1]) / 1000;
    } catch {
      return null;
    }
  };

export const residentMB = memoryMB('VmRSS');

/** Without what is mapped of files, such as the database, which grows with all that is stored. */
export const anonymousMB = memoryMB('RssAnon');

/** Sockets, files and pipes. */
export function openFiles(pid: number): number | null {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return null;
  }
}

/** Looks at the memory until it is disposed of, and remembers the most that it saw. */
export function watchMemory(
  pid: number,
  read: (pid: number) => number | null = residentMB,
): { start: number; most: number } & Disposable {
  const start = read(pid) ?? 0;
  const seen = { start, most: start };
  const timer = setInterval(() => (seen.most = Math.max(seen.most, read(pid) ?? 0)), 20);
  return Object.assign(seen, { [Symbol.dispose]: () => clearInterval(timer) });
}

/** The time below which `share` of them are. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
