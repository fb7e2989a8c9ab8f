// Has a reader read what the writer is about to work on, so that mail does not wait while it waits for the disk.
import type { NextToGo } from './changes/read-before-removal.ts';
import type { Driver } from './driver.ts';

export interface ReadingAhead {
  /** Before a step of merging. */
  beforeMerge(): Promise<void>;
  /** Before so many rows are removed. */
  beforeRemoval(of: NextToGo['of'], deletedBeforeUs: number | null, limit: number): Promise<void>;
  /** Before so many messages are marked. */
  beforeMarking(after: number, limit: number): Promise<void>;
}

/** In a smaller store each would only read what is at hand. */
export function readingAhead(driver: Driver): ReadingAhead {
  async function ahead(read: () => Promise<void>): Promise<void> {
    if (!driver.isVeryLarge()) return;
    // What cannot be read is told by the step that needs it.
    await read().catch(() => undefined);
  }
  return {
    beforeMerge: () =>
      ahead(async () => {
        while ((await driver.read('readBeforeMerge', null)) > 0);
      }),
    beforeRemoval: (of, deletedBeforeUs, limit) =>
      ahead(async () => {
        for (let offset = 0, count = 1; count > 0 && offset < limit; offset += count) {
          const next: NextToGo = { of, deletedBeforeUs, offset, limit: limit - offset };
          count = await driver.read('readBeforeRemoval', next);
        }
      }),
    beforeMarking: (after, limit) =>
      ahead(async () => {
        for (let next = { after, limit }; next.limit > 0;) {
          const { count, last } = await driver.read('readBeforeMarking', next);
          if (count === 0) return;
          next = { after: last, limit: next.limit - count };
        }
      }),
  };
}
