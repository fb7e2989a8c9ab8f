// The threads that read: one always, and another while somebody searches. Each looks at a half of what a search has to
// look at, and a list does not wait behind a long search.
import { fromStart, type NextToRead } from '../index/read-before-search.ts';
import { readColumns, warmUp } from './warm-up.ts';
import type { WorkerClient } from './worker-client.ts';

export interface Readers {
  call(name: string, input: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** Both do what takes long for the first time before somebody waits for it. */
async function makeReady(
  reader: WorkerClient,
  other: WorkerClient | null,
  call: Readers['call'],
): Promise<void> {
  try {
    for (let at: NextToRead | null = fromStart; at !== null;)
      at = (await reader.call('readBeforeSearch', at)) as NextToRead | null;
    await Promise.all([warmUp(reader), other === null ? undefined : warmUp(other)]);
    await readColumns({ read: (name, input) => call(name, input) as never });
  } catch {
    // Closed meanwhile; and what cannot be read will be told to who asks for it.
  }
}

export function openReaders(
  first: WorkerClient,
  start: () => Promise<WorkerClient>,
  { idleMs, isLarge }: { idleMs: number; isLarge: () => boolean },
): Readers {
  let second: WorkerClient | null = null;
  let isFirstWarm = false;
  let starting: Promise<void> | null = null;
  let idle: NodeJS.Timeout | null = null;

  async function startSecond(): Promise<void> {
    try {
      second = await start();
    } catch {
      // One finds the same, only slower.
      starting = null;
      return;
    }
    if (!isLarge()) return;
    void makeReady(second, isFirstWarm ? null : first, call);
    isFirstWarm = true;
  }

  function keepSecond(): void {
    starting ??= startSecond();
    idle = idle?.refresh() ?? setTimeout(stopSecond, idleMs).unref();
  }

  function stopSecond(): void {
    idle = null;
    if (starting === null) return;
    // On a busy machine it takes longer to start than nobody searches.
    if (second === null) return keepSecond();
    void second.close();
    second = null;
    starting = null;
  }

  // Both are ready for the first search, where that would take long.
  if (isLarge()) keepSecond();

  function call(name: string, input: unknown): Promise<unknown> {
    const reader = second !== null && second.waiting() < first.waiting() ? second : first;
    return reader.call(name, input);
  }

  return {
    call(name, input) {
      // Who looks at a list will often search in it.
      if (name === 'searchMessages' || (name === 'listMessages' && isLarge())) keepSecond();
      return call(name, input);
    },
    async close() {
      if (idle !== null) clearTimeout(idle);
      await starting;
      await second?.close();
      await first.close();
    },
  };
}
