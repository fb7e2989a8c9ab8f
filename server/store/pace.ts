// How many rows a step of a long change takes, so that mail that comes meanwhile hardly waits: in a large store, or on
// a slow disk, a row takes many times longer than in a small one.
import { steadyUs } from '../clock.ts';

/** What a step should take, with its wait for the steps of others. */
const aimUs = 40_000;

export interface PaceOptions {
  most: number;
  /** Where each step takes long however little it does (a busy machine), fewer would not keep up with what comes. */
  fewest: number;
  now?: () => number;
}

/** Messages or sessions that are changed: some milliseconds in a usual store. */
export const changedRows: PaceOptions = { most: 250, fewest: 25 };

export interface Pace {
  /** Runs a step of as many rows as the one before has shown to be right. */
  step<T>(write: (rows: number) => Promise<T>): Promise<T>;
}

export function createPace({ most, fewest, now = steadyUs }: PaceOptions): Pace {
  let rows = most;
  return {
    async step(write) {
      const startedUs = now();
      const result = await write(rows);
      const fitting = Math.round((rows * aimUs) / Math.max(1, now() - startedUs));
      // At most twice as many at once: a quick step may have been one that had little to do.
      rows = Math.max(fewest, Math.min(most, 2 * rows, fitting));
      return result;
    },
  };
}
