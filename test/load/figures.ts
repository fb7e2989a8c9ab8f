// What the system says of a process: its memory and its open files (Linux only; elsewhere null). And of a row of times.
import { readdirSync, readFileSync } from 'node:fs';

export function residentMB(pid: number): number | null {
  try {
    const pages = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return pages && Number(pages[1]) / 1000;
  } catch {
    return null;
  }
}

/** Sockets, files and pipes. */
export function openFiles(pid: number): number | null {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return null;
  }
}

/** Looks at the memory until it is disposed of, and remembers the most that it saw. */
export function watchMemory(pid: number): { start: number; most: number } & Disposable {
  const start = residentMB(pid) ?? 0;
  const seen = { start, most: start };
  const timer = setInterval(() => (seen.most = Math.max(seen.most, residentMB(pid) ?? 0)), 20);
  return Object.assign(seen, { [Symbol.dispose]: () => clearInterval(timer) });
}

/** The time below which `share` of them are. */
export function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
