// The pages of a database file as its last commit left them, read without SQLite, which gives up at the first damage.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export interface Pages extends Disposable {
  readonly count: number;
  readonly size: number;
  /** Undefined where there is none. Valid until the next call. */
  read(page: number): Buffer | undefined;
}

const usualSize = 4096;
const frameHeader = 24;
const logHeader = 32;

export function openPages(file: string): Pages {
  const handle = openSync(file, 'r');
  const log = openIfThere(`${file}-wal`);
  try {
    const size = pageSize(handle);
    const frames = log === null ? new Map<number, number>() : committedFrames(log, size);
    const inFile = Math.floor(fstatSync(handle).size / size);
    const page = Buffer.alloc(size);
    return {
      count: [...frames.keys()].reduce((most, each) => Math.max(most, each), inFile),
      size,
      read(number) {
        if (!Number.isInteger(number) || number < 1) return undefined;
        const at = frames.get(number);
        const [from, position] = at === undefined ? [handle, (number - 1) * size] : [log!, at];
        return readSync(from, page, 0, size, position) === size ? page : undefined;
      },
      [Symbol.dispose]() {
        closeSync(handle);
        if (log !== null) closeSync(log);
      },
    };
  } catch (error) {
    closeSync(handle);
    if (log !== null) closeSync(log);
    throw error;
  }
}

function openIfThere(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch {
    return null;
  }
}

/** Ours are all of one size; a header that says another is damaged. */
function pageSize(handle: number): number {
  const header = Buffer.alloc(100);
  readSync(handle, header, 0, 100, 0);
  const told = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const isWhole = header.toString('latin1', 0, 16) === 'SQLite format 3\0';
  return isWhole && told >= 512 && (told & (told - 1)) === 0 ? told : usualSize;
}

/** Where the newest committed version of a page lies in the write-ahead log (https://sqlite.org/walformat.html). */
function committedFrames(log: number, size: number): Map<number, number> {
  const committed = new Map<number, number>();
  const header = Buffer.alloc(logHeader);
  if (readSync(log, header, 0, logHeader, 0) < logHeader) return committed;
  const magic = header.readUInt32BE(0);
  if ((magic & ~1) >>> 0 !== 0x377f0682 || header.readUInt32BE(8) !== size) return committed;
  const isBig = (magic & 1) === 1;
  let sums = checksum(header.subarray(0, 24), isBig, [0, 0]);
  if (sums[0] !== header.readUInt32BE(24) || sums[1] !== header.readUInt32BE(28)) return committed;
  const open = new Map<number, number>();
  const frame = Buffer.alloc(frameHeader + size);
  for (let at = logHeader; readSync(log, frame, 0, frame.length, at) === frame.length; at += frame.length) {
    if (!frame.subarray(8, 16).equals(header.subarray(16, 24))) break;
    sums = checksum(frame.subarray(frameHeader), isBig, checksum(frame.subarray(0, 8), isBig, sums));
    if (sums[0] !== frame.readUInt32BE(16) || sums[1] !== frame.readUInt32BE(20)) break;
    open.set(frame.readUInt32BE(0), at + frameHeader);
    if (frame.readUInt32BE(4) === 0) continue;
    for (const [page, position] of open) committed.set(page, position);
    open.clear();
  }
  return committed;
}

function checksum(bytes: Buffer, isBig: boolean, [first, second]: [number, number]): [number, number] {
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const [one, two] = isBig
      ? [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)]
      : [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
    first = (first + one + second) >>> 0;
    second = (second + two + first) >>> 0;
  }
  return [first, second];
}
