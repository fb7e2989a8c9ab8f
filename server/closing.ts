// Finished sessions wait a moment, so that they are stored in one commit with the next message rather than each in
// one of its own. Until then they are still in memory, where the API finds them.
interface Closing<T> {
  /** Resolves once the session is stored. */
  add(session: T): Promise<void>;
  /** Hands over what waits; called just before a message is. */
  flush(): void;
}

const longestMs = 20;

export function createClosing<T>(save: (session: T) => Promise<void>): Closing<T> {
  let waiting: { session: T; resolve: () => void }[] = [];
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const due = waiting;
    waiting = [];
    for (const { session, resolve } of due) void save(session).then(resolve);
  };
  return {
    add(session) {
      timer ??= setTimeout(flush, longestMs);
      return new Promise((resolve) => waiting.push({ session, resolve }));
    },
    flush,
  };
}
