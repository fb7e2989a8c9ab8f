import { expect, test } from 'vitest';
import { killOften } from '../durability/kills.ts';
import { effort, timeFor } from './effort.ts';

const cycles = effort('cycles', 30);

test(
  `after ${cycles} kills under load every acknowledged message is there, once, with its bytes`,
  async () => {
    const { told, startP95, emptyStart } = await killOften({
      cycles,
      clients: () => 8 + Math.floor(Math.random() * 25),
      longestMs: 1000,
    });
    console.log(told);
    // On a machine that is busy with other things an empty folder takes long, too.
    expect(startP95).toBeLessThan(Math.max(1500, 2 * emptyStart));
  },
  timeFor('cycles', 30, 480_000),
);
