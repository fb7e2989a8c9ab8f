import { expect, test } from 'vitest';
import { killOften, quickStartMs } from '../durability/kills.ts';
import { buildForLarge, countLogWriter } from '../durability/power.ts';
import { temporaryFolder } from '../process/mailscope.ts';
import { effort, timeFor } from './effort.ts';

const cycles = effort('cycles', 30);

test(
  `after ${cycles} kills under load every acknowledged message is there, once, with its bytes`,
  async () => {
    const { told, startP95, emptyStart } = await killOften({
      cycles,
      clients: () => 8 + Math.floor(Math.random() * 25),
      longestMs: 1000,
      least: 50,
    });
    console.log(told);
    // On a machine that is busy with other things an empty folder takes long, too.
    expect(startP95).toBeLessThan(Math.max(quickStartMs, 2 * emptyStart));
  },
  timeFor('cycles', 30, 480_000),
);

/** Of a very large store, which takes the same way but for who writes the log. */
const largeCycles = Math.ceil(cycles / 6);

test(
  `after ${largeCycles} kills while another thread writes the log, as in a very large store, too`,
  async () => {
    await using counted = await temporaryFolder();
    const { env, read } = countLogWriter(counted.path);
    const { told } = await killOften({
      cycles: largeCycles,
      clients: () => 8,
      longestMs: 500,
      least: 50,
      program: { main: buildForLarge(), env },
    });
    const { pages, times } = read();
    console.log(`${told}; the other thread wrote ${pages} pages in ${times} times`);
    expect(times).toBeGreaterThan(3 * largeCycles);
    expect(pages).toBeGreaterThan(100 * largeCycles);
  },
  timeFor('cycles', 30, 240_000),
);
