// The threads that read: one always, and another while somebody searches. Each looks at a half of what a search has to
// look at, and a list does not wait behind a long search.
import type { WorkerClient } from './worker-client.ts';

export interface Readers {
  call(name: string, input: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** After that time nobody is searching any more. */
const usualIdleMs = 60_000;

export function openReaders(
  first: WorkerClient,
  start: () => Promise<WorkerClient>,
  idleMs = usualIdleMs,
): Readers {
  let second: WorkerClient | null = null;
  let starting: Promise<void> | null = null;
  let idle: NodeJS.Timeout | null = null;

  async function startSecond(): Promise<void> {
    try {
      second = await start();
    } catch {
      // One finds the same, only slower.
    }
  }

  function keepSecond(): void {
    starting ??= startSecond();
    idle = idle?.refresh() ?? setTimeout(stopSecond, idleMs).unref();
  }

  function stopSecond(): void {
    idle = null;
    if (second === null) return;
    void second.close();
    second = null;
    starting = null;
  }

  return {
    call(name, input) {
      if (name === 'searchMessages') keepSecond();
      const reader = second !== null && second.waiting() < first.waiting() ? second : first;
      return reader.call(name, input);
    },
    async close() {
      if (idle !== null) clearTimeout(idle);
      await starting;
      await second?.close();
      await first.close();
    },
  };
}
