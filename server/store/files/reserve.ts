// Room on the disk that is kept for deletions: to delete SQLite has to write, too. Where a disk without a free byte
// refuses what would make room, the reserve is given up for as long as that takes.
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  openSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { sizeOf } from './places.ts';

/** All that a log which is full may have for the database to grow by, and the index of the log. */
const wanted = 18 * 1024 * 1024;

export interface Reserve {
  /** Gives up so much of it, or all; false where there is none. */
  release(bytes?: number): boolean;
  /** Takes up to so many bytes more. Returns whether there is more to take, and room for it. */
  grow(bytes: number): boolean;
  /** Takes again what was given up, and then what it lacks, as far as there is room for that beside a little mail. */
  refill(): void;
}

const stepBytes = 1024 * 1024;
const smallestStepBytes = 4096;
const leftForMail = 2 * stepBytes;

export function keepReserve(folder: string): Reserve {
  const file = join(folder, 'reserve');
  let isGivenUp = false;
  let bytesBefore = 0;

  function grow(bytes: number): boolean {
    let handle: number | null = null;
    try {
      handle = openSync(file, constants.O_WRONLY | constants.O_CREAT, 0o600);
      const { size } = fstatSync(handle);
      const more = Math.min(bytes, wanted - size);
      if (more <= 0) {
        isGivenUp = false;
        return false;
      }
      const written = writeSync(handle, Buffer.alloc(more), 0, more, size);
      // Some file systems tell only here that there was no room.
      fdatasyncSync(handle);
      return written === more;
    } catch {
      return false;
    } finally {
      if (handle !== null) closeSync(handle);
    }
  }
  return {
    grow,
    release(bytes = wanted) {
      try {
        const { size } = statSync(file);
        if (size === 0) return false;
        truncateSync(file, Math.max(0, size - bytes));
        isGivenUp = true;
        bytesBefore = size;
        return true;
      } catch {
        return false;
      }
    },
    refill() {
      if (!isGivenUp) return;
      try {
        const before = sizeOf(file);
        for (let bytes = stepBytes; isGivenUp && bytes >= smallestStepBytes;) if (!grow(bytes)) bytes /= 2;
        const after = sizeOf(file);
        if (after === before || !isGivenUp) return;
        // The disk is full with it: not all that was made room for is ours, or no mail would come in however much was
        // deleted. What was ours stays ours, or mail would use it up bit by bit.
        truncateSync(file, Math.max(before, after - leftForMail, Math.min(after, bytesBefore)));
      } catch {
        // A disk that fails, too: it is taken again later.
      }
    },
  };
}
