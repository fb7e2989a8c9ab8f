// What is done when a signal ends long work: it leaves nothing half done behind, and says how far it came.

/** By convention 128 and the number of the signal. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof exitCodes;

/** Does `last` and ends the process; the same signal once more ends it at once. */
export function onInterruption(last: () => Promise<void> | void): Disposable {
  const listener = (signal: Signal): void => {
    const end = (): never => process.exit(exitCodes[signal]);
    Promise.resolve(last()).then(end, end);
  };
  const signals = Object.keys(exitCodes) as Signal[];
  for (const signal of signals) process.once(signal, listener);
  return {
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, listener);
    },
  };
}
