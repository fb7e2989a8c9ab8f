// Tells live clients of the other tools what happens. Messages are told once they are parsed, one after the other,
// because that is when those tools tell of them. Nothing is done while nobody listens.
import type { Message } from '../../shared/message.ts';
import type { CompatParts } from './parts.ts';

export interface NewsListener {
  added?(message: Message): void;
  /** Without ids: all. */
  marked?(ids: string[] | null, marks: { read?: boolean; tagged: boolean }): void;
  deleted?(ids: string[] | null, reason: 'request' | 'retention'): void;
  /** More came than could be told. */
  lost?(): void;
}

const mostWaiting = 2000;

export interface News {
  /** Returns the way to stop. */
  listen(listener: NewsListener): () => void;
}

export function createNews(parts: Pick<CompatParts, 'events' | 'store' | 'log'>): News {
  /** Stored, and not parsed yet. */
  const expected = new Set<string>();
  const listeners = new Set<NewsListener>();
  let stop: (() => void) | undefined;
  let waiting: (() => Promise<void> | void)[] = [];
  let isTelling = false;

  const tell = (act: (listener: NewsListener) => void): void => {
    for (const listener of [...listeners])
      try {
        act(listener);
      } catch (error) {
        parts.log.debug(`A live client could not be told: ${String(error)}`);
      }
  };

  async function run(): Promise<void> {
    isTelling = true;
    for (let next = waiting.shift(); next; next = waiting.shift())
      await Promise.resolve(next()).catch((error: unknown) => parts.log.debug(`No news: ${String(error)}`));
    isTelling = false;
  }

  function add(step: () => Promise<void> | void): void {
    if (waiting.length >= mostWaiting) waiting = [() => tell((listener) => listener.lost?.())];
    waiting.push(step);
    if (!isTelling) void run();
  }

  const start = (): (() => void) =>
    parts.events.on('durable', (batch) => {
      for (const event of batch) {
        if (event.type === 'message:stored') {
          if (expected.size >= mostWaiting) {
            expected.clear();
            add(() => tell((listener) => listener.lost?.()));
          }
          expected.add(event.payload.message.id);
        }
        if (event.type === 'message:parsed') {
          const { id } = event.payload.message;
          // Older ones are parsed anew after an upgrade; that is no news.
          if (!expected.delete(id)) continue;
          add(async () => {
            const message = await parts.store.findMessage(id);
            if (message) tell((listener) => listener.added?.(message));
          });
        }
        if (event.type === 'messages:changed') {
          const { ids, read, tags, addTags, removeTags } = event.payload;
          const tagged = Boolean(tags ?? addTags ?? removeTags);
          const marks = { tagged, ...(read === undefined ? {} : { read }) };
          add(() => tell((listener) => listener.marked?.(ids, marks)));
        }
        if (event.type === 'messages:deleted') {
          const { ids, reason } = event.payload;
          add(() => tell((listener) => listener.deleted?.(ids, reason)));
        }
      }
    });

  return {
    listen(listener) {
      listeners.add(listener);
      stop ??= start();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
        waiting = [];
        expected.clear();
      };
    },
  };
}
