// Reads messages for tools that count pages by offset, number messages, or expect them parsed as soon as they arrive.
import type { Message, MessageSummary } from '../../shared/message.ts';
import type { Query } from '../../shared/search/query.ts';
import type { CompatParts } from './parts.ts';

const pageSize = 500;
/** So many messages that match are counted; further ones are as if they were not there. */
const mostCounted = 100_000;
const atOnce = 16;

type Reading = Pick<CompatParts, 'store' | 'settled'>;

/** These tools have parsed a message when they acknowledge it; a search must then find it. */
export async function settleNewest({ store, settled }: Reading): Promise<void> {
  const { items } = await store.listMessages({ limit: pageSize });
  await Promise.all(items.filter(({ parse }) => parse === 'pending').map(({ id }) => settled(id)));
}

/** Newest first. */
export async function* summaries({ store }: Reading, query?: Query): AsyncGenerator<MessageSummary> {
  let cursor: string | null = null;
  let count = 0;
  do {
    const page: { items: MessageSummary[]; nextCursor: string | null } = await store.listMessages({
      limit: pageSize,
      ...(cursor === null ? {} : { cursor }),
      ...(query === undefined ? {} : { query }),
    });
    yield* page.items;
    count += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== null && count < mostCounted);
}

export async function readFull({ store, settled }: Reading, id: string): Promise<Message | undefined> {
  await settled(id);
  return store.findMessage(id);
}

/** In the order of the ids, some at once; those that are gone by then are left out. */
export async function* readAll(
  reading: Reading,
  ids: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<Message> {
  const waiting: Promise<Message | undefined>[] = [];
  for await (const id of ids) {
    const found = readFull(reading, id);
    // Looked at when its turn comes.
    found.catch(() => undefined);
    waiting.push(found);
    if (waiting.length < atOnce) continue;
    const message = await waiting.shift();
    if (message) yield message;
  }
  for (const found of waiting) {
    const message = await found;
    if (message) yield message;
  }
}

/** The messages from place `start` on, at most `limit`. */
export async function slice(reading: Reading, start: number, limit: number): Promise<MessageSummary[]> {
  const found: MessageSummary[] = [];
  if (limit === 0) return found;
  if (start === 0 && limit <= pageSize) return (await reading.store.listMessages({ limit })).items;
  let place = 0;
  for await (const item of summaries(reading)) {
    if (place >= start) found.push(item);
    place += 1;
    if (found.length >= limit) break;
  }
  return found;
}

/** What matches, all of it counted, and the messages from place `start` on. */
export async function searchSlice(
  reading: Reading,
  { query, start, limit }: { query: Query; start: number; limit: number },
  keep: (summary: MessageSummary) => Promise<boolean> | boolean = () => true,
): Promise<{ items: MessageSummary[]; count: number; unread: number }> {
  const items: MessageSummary[] = [];
  let [count, unread] = [0, 0];
  for await (const item of summaries(reading, query)) {
    if (!(await keep(item))) continue;
    if (count >= start && items.length < limit) items.push(item);
    count += 1;
    if (!item.read) unread += 1;
  }
  return { items, count, unread };
}

/** A number as these tools read it from a query: what is none, or negative, is the default. */
export function readCount(text: string | null, otherwise: number, most = Number.MAX_SAFE_INTEGER): number {
  if (text === null || !/^\d{1,15}$/.test(text)) return otherwise;
  return Math.min(Number(text), most);
}
