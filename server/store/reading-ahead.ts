// Has a reader read what the writer is about to work on, so that mail does not wait while it waits for the disk.
import type { Driver } from './driver.ts';
import type { NextToGo } from './read-before-removal.ts';

export interface ReadingAhead {
  /** Before a step of merging. */
  beforeMerge(): Promise<void>;
  /** Before so many rows are removed. */
  beforeRemoval(of: NextToGo['of'], deletedBeforeUs: number | null, limit: number): Promise<void>;
  /** Before so many messages are marked. */
  beforeMarking(after: number, limit: number): Promise<void>;
}

const nothing: ReadingAhead = {
  beforeMerge: () => Promise.resolve(),
  beforeRemoval: () => Promise.resolve(),
  beforeMarking: () => Promise.resolve(),
};

export function readingAhead(driver: Driver): ReadingAhead {
  if (driver.bodies === null) return nothing;
  return {
    async beforeMerge() {
      while ((await driver.read('readBeforeMerge', null)) > 0);
    },
    async beforeRemoval(of, deletedBeforeUs, limit) {
      for (let offset = 0, count = 1; count > 0 && offset < limit; offset += count)
        count = await driver.read('readBeforeRemoval', {
          of,
          deletedBeforeUs,
          offset,
          limit: limit - offset,
        });
    },
    async beforeMarking(after, limit) {
      for (let next = { after, limit }; next.limit > 0;) {
        const { count, last } = await driver.read('readBeforeMarking', next);
        if (count === 0) return;
        next = { after: last, limit: next.limit - count };
      }
    },
  };
}
