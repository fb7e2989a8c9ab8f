// What the numbers were measured on: processors, versions, and how long the disk takes to make 4 KiB durable.
import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { median, percentile } from './numbers.mjs';

export function describeMachine() {
  const all = cpus();
  return {
    date: new Date().toISOString(),
    processors: all.length,
    model: all[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    load: loadavg()[0],
  };
}

/** File systems that keep everything in memory, where an fsync costs nothing. */
const memoryTypes = new Set([0x01021994, 0x858458f6]);

export const isInMemory = (folder) => platform() === 'linux' && memoryTypes.has(statfsSync(folder).type);

/** Milliseconds of a 4 KiB write and its fdatasync, as at each commit. */
export function measureSync(folder, count = 200) {
  const file = join(folder, 'sync-probe');
  const handle = openSync(file, 'w');
  const page = Buffer.alloc(4096, 0x2e);
  const times = [];
  try {
    for (let n = 0; n < count; n++) {
      const startedAt = performance.now();
      writeSync(handle, page, 0, page.length, n * page.length);
      fdatasyncSync(handle);
      times.push(performance.now() - startedAt);
    }
  } finally {
    closeSync(handle);
    rmSync(file);
  }
  return { p50: median(times), p99: percentile(times, 0.99) };
}

/** Resident memory of a process in MiB; null where it cannot be known. */
export function residentMiB(pid) {
  try {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    if (found) return Number(found[1]) / 1024;
  } catch {
    // Not Linux.
  }
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
  } catch {
    return null;
  }
}

/** Processor time of a process so far, in ms; null where it cannot be known. */
export function processorMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1).split(' ');
    // utime and stime, in hundredths of a second on all systems that have this file.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return null;
  }
}
