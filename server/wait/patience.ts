// Waits for a condition: it is looked at when something changed, and given up at a time or by a signal.
export interface Patience {
  /** Resolves with true once it holds, with false at the time (as performance.now() counts). */
  until(isDone: () => boolean, untilMs: number): Promise<boolean>;
  /** Something changed. */
  poke(): void;
  /** Gives up: all that is waited for rejects with the first such error. */
  fail(error: unknown): void;
  /** Resolves when the work is done, or earlier when `isEnough`; rejects with its failure. */
  finish(work: Promise<unknown>, isEnough?: () => boolean): Promise<void>;
}

export function createPatience(signals: AbortSignal[]): Patience & Disposable {
  let look = (): void => {};
  let reject = (_error: unknown): void => {};
  let failure: { error: unknown } | undefined;

  function fail(error: unknown): void {
    failure ??= { error };
    reject(error);
  }
  const aborts = signals.map((signal) => {
    const abort = (): void => fail(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
    return () => signal.removeEventListener('abort', abort);
  });

  const patience: Patience & Disposable = {
    async until(isDone, untilMs) {
      if (failure) throw failure.error;
      if (isDone()) return true;
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<boolean>((resolve, fails) => {
          reject = fails;
          look = () => isDone() && resolve(true);
          if (untilMs !== Infinity)
            timer = setTimeout(() => resolve(false), Math.max(0, untilMs - performance.now()));
        });
      } finally {
        clearTimeout(timer);
        look = () => {};
        reject = () => {};
      }
    },
    poke: () => look(),
    fail,
    async finish(work, isEnough = () => false) {
      let isDone = false;
      work.then(() => {
        isDone = true;
        look();
      }, fail);
      await patience.until(() => isDone || isEnough(), Infinity);
    },
    [Symbol.dispose]() {
      for (const stop of aborts) stop();
    },
  };
  return patience;
}
