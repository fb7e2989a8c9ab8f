// What can wait, such as parsing and the search index, gives way while mail pours in: it would take the time of those
// who wait for their 250.
import { performance as thread } from 'node:perf_hooks';

/** Mail pours in when some came within this time, or waits for its 250. */
export const quietMs = 25;
/** Of its time; with more of it in use the main thread has none left. */
const busyShare = 0.5;
/** So many times as much mail comes when nothing else is done. */
const harmful = 1.3;
const sliceMs = 50;
const longestPauseMs = 450;
/** So many times as long as what took longer than its slice, as from a slow disk. */
const longerRest = 2;
const longestRestMs = 10_000;

export interface Background {
  /** A message arrived, or a session ended, and is about to be stored. */
  arrived(): void;
  /** It is stored, or is not going to be. */
  settled(): void;
  isPouring(): boolean;
  /** Null: some of what can wait may be done now. Else ask again when the promise resolves. */
  turn(): Promise<void> | null;
  /** Resolves when mail that pours in has had longer than what was done beside it took, where that was long. */
  rest(workedMs: number): Promise<void>;
}

/**
 * While mail pours in, a slice of time is for what can wait, and then a pause, in which is measured what the slice costs
 * the mail: a client that waits for each reply only seems to have less to send.
 */
export function createBackground(): Background {
  let arrivals = 0;
  let underWay = 0;
  let lastMoved = -Infinity;
  let slice = { begun: performance.now(), arrivals, end: -Infinity };
  let pausing: Promise<void> | null = null;

  const isPouring = (): boolean => underWay > 0 || performance.now() < lastMoved + quietMs;
  const rateSince = (since: { begun: number; arrivals: number }): number =>
    (arrivals - since.arrivals) / (performance.now() - since.begun);

  function beginSlice(): void {
    const begun = performance.now();
    slice = { begun, arrivals, end: begun + sliceMs };
  }

  async function pause(): Promise<void> {
    const beside = rateSince(slice);
    const begun = performance.now();
    const alone = { begun, arrivals };
    let isBusy: boolean;
    do {
      const before = thread.eventLoopUtilization();
      await new Promise((resolve) => setTimeout(resolve, quietMs));
      isBusy =
        thread.eventLoopUtilization(before).utilization > busyShare || rateSince(alone) > beside * harmful;
    } while (isBusy && isPouring() && performance.now() < begun + longestPauseMs);
    beginSlice();
    pausing = null;
  }

  return {
    arrived() {
      arrivals += 1;
      underWay += 1;
      lastMoved = performance.now();
    },
    settled() {
      underWay -= 1;
      lastMoved = performance.now();
    },
    isPouring,
    turn() {
      const now = performance.now();
      if (!isPouring() || now < slice.end) return null;
      if (pausing === null && now > slice.end + longestPauseMs) {
        beginSlice();
        return null;
      }
      pausing ??= pause();
      return pausing;
    },
    async rest(workedMs) {
      if (workedMs <= sliceMs) return;
      const until = performance.now() + Math.min(longestRestMs, longerRest * workedMs);
      while (isPouring() && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, quietMs));
    },
  };
}
