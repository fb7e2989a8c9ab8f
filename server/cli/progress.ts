// How far long work is, on standard error: one line that changes on a terminal, now and then a line elsewhere.

const terminalMs = 100;
const logMs = 10_000;

export interface Progress {
  update(messages: number, bytes: number): void;
  /** Takes the line away, so that something else can be written. */
  clear(): void;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** `total` is in bytes; null where it is not known. */
export function showProgress(options: { verb: string; total: number | null; quiet: boolean }): Progress {
  const { verb, total, quiet } = options;
  const { isTTY } = process.stderr;
  let shownAt = performance.now();
  let isShown = false;
  const clear = (): void => {
    if (isShown) process.stderr.write('\r\x1b[K');
    isShown = false;
  };
  return {
    clear,
    update(messages, bytes) {
      const now = performance.now();
      if (quiet || now - shownAt < (isTTY ? terminalMs : logMs)) return;
      shownAt = now;
      const share = total ? `, ${Math.min(100, Math.floor((bytes / total) * 100))} %` : '';
      const of = total === null ? '' : ` of ${megabytes(total)}`;
      const text = `${verb} ${messages.toLocaleString('en')} messages, ${megabytes(bytes)}${of}${share}`;
      process.stderr.write(isTTY ? `\r${text}\x1b[K` : `mailscope: ${text}\n`);
      isShown = isTTY;
    },
  };
}

/** Starts up to `width` pieces of work ahead, and gives their results in order. */
export async function* inOrder<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const started = work(item);
      // It is awaited later, and may fail before.
      started.catch(() => {});
      running.push(started);
      if (running.length >= width) yield await running.shift()!;
    }
    while (running.length > 0) yield await running.shift()!;
  } finally {
    await Promise.allSettled(running);
  }
}
