// How many rows a step of a long change takes, so that mail that comes meanwhile hardly waits: in a large store, or on
// a slow disk, a row takes many times longer than in a small one.

/** What a step should take. */
const aimUs = 40_000;

export interface PaceOptions {
  most: number;
  /** Of the first step; default: the most. */
  first?: number;
  /** Where each step takes long however little it does (a busy machine), fewer would not keep up with what comes. */
  fewest: number;
}

/** Messages or sessions that are changed: some milliseconds in a usual store. */
export const changedRows: PaceOptions = { most: 250, first: 64, fewest: 25 };

export interface Timed<T> {
  value: T;
  /** Without its wait for others. */
  tookUs: number;
}

export interface Pace {
  /**
   * Runs a step of as many rows as the one before has shown to be right. `hadAll`: whether there were as many; a step that
   * had less to do says nothing of how many may be next.
   */
  step<T>(write: (rows: number) => Promise<Timed<T>>, hadAll?: (value: T) => boolean): Promise<T>;
}

export function createPace({ most, first = most, fewest }: PaceOptions): Pace {
  let rows = first;
  return {
    async step(write, hadAll = () => true) {
      const { value, tookUs } = await write(rows);
      const fitting = Math.round((rows * aimUs) / Math.max(1, tookUs));
      // At most twice as many at once: what was quick may have been what is easy.
      const mostNext = hadAll(value) ? Math.min(most, 2 * rows) : rows;
      rows = Math.max(fewest, Math.min(mostNext, fitting));
      return value;
    },
  };
}
