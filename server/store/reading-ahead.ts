// Has a reader read what the writer is about to work on, so that mail does not wait while it waits for the disk.
import type { Driver } from './driver.ts';
import { rowsAtOnce, type NextToGo } from './read-before-removal.ts';

export interface ReadingAhead {
  /** Before a step of merging. */
  beforeMerge(): Promise<void>;
  /** Before so many rows are removed. */
  beforeRemoval(of: NextToGo['of'], deletedBeforeUs: number | null, limit: number): Promise<void>;
}

const nothing: ReadingAhead = {
  beforeMerge: () => Promise.resolve(),
  beforeRemoval: () => Promise.resolve(),
};

export function readingAhead(driver: Driver): ReadingAhead {
  if (driver.bodies === null) return nothing;
  return {
    async beforeMerge() {
      while ((await driver.read('readBeforeMerge', null)) > 0);
    },
    async beforeRemoval(of, deletedBeforeUs, limit) {
      for (let offset = 0; offset < limit; offset += rowsAtOnce) {
        const next = { of, deletedBeforeUs, offset, limit: Math.min(rowsAtOnce, limit - offset) };
        if ((await driver.read('readBeforeRemoval', next)) < next.limit) return;
      }
    },
  };
}
