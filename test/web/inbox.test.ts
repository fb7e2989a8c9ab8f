import { expect, test } from 'vitest';
import type { MessageSummary } from '../../shared/message.ts';
import { keepPlace, rowsInSight } from '../../web/parts/list/window.ts';
import { Inbox } from '../../web/state/inbox.svelte.ts';
import { createFeed, later } from './support/feed.ts';
import { makeMessage, toSummary } from './support/fixture-messages.ts';
import { cpuNow } from '../support/cpu-time.ts';

const row = (seq: number, more: Partial<MessageSummary> = {}): MessageSummary => ({
  ...toSummary(makeMessage(seq, { id: `m_${seq}` })),
  ...more,
});
type Page = { items: MessageSummary[]; nextCursor: string | null };
const seqs = (inbox: Inbox): number[] => inbox.list.items.map(({ seq }) => seq);

function open(pages: Array<Page | Promise<Page>>) {
  const calls: string[] = [];
  let refusal: Error | null = null;
  const answer = async (name: string, input: unknown): Promise<{ count: number }> => {
    calls.push(`${name} ${JSON.stringify(input)}`);
    if (refusal) throw refusal;
    return { count: 1 };
  };
  const inbox = new Inbox(
    {
      listMessages: async () => {
        const page = await pages.shift();
        if (!page) throw new Error('no page left');
        return page;
      },
      updateMessages: ({ body }) => answer('update', body),
      deleteMessages: ({ body }) => answer('delete', body),
      restoreMessages: ({ body }) => answer('restore', body),
    },
    { schedule: (flush) => flush() },
  );
  const feed = createFeed();
  inbox.listen(feed);
  return { inbox, feed, calls, refuse: (error: Error | null) => (refusal = error) };
}

test('a message that arrives while the first page is on its way is shown once', async () => {
  const page = later<Page>();
  const { inbox, feed } = open([page.promise]);
  const loading = inbox.list.reload();
  feed.say('message:stored', { message: row(3) });
  feed.say('message:stored', { message: row(4) });
  page.give({ items: [row(3), row(2), row(1)], nextCursor: null });
  await loading;
  expect(seqs(inbox)).toEqual([4, 3, 2, 1]);
});

test('a message deleted while its page is on its way does not come back', async () => {
  const page = later<Page>();
  const { inbox, feed } = open([page.promise]);
  const loading = inbox.list.reload();
  feed.say('messages:deleted', { ids: ['m_2'], upToSeq: null, reason: 'request' });
  page.give({ items: [row(3), row(2)], nextCursor: null });
  await loading;
  expect(seqs(inbox)).toEqual([3]);
});

test('a mark made while a page is on its way holds against the older page', async () => {
  const page = later<Page>();
  const { inbox, feed } = open([page.promise]);
  const loading = inbox.list.reload();
  feed.say('messages:changed', { ids: null, read: true });
  page.give({ items: [row(2, { read: false })], nextCursor: null });
  await loading;
  expect(inbox.list.items[0]?.read).toBe(true);
});

test('an old message that is parsed leaves no gap in what is loaded', async () => {
  const { inbox, feed } = open([
    { items: [row(9), row(8)], nextCursor: 'c' },
    { items: [row(7), row(3)], nextCursor: null },
  ]);
  await inbox.list.reload();
  feed.say('message:parsed', { message: row(3) });
  expect(seqs(inbox)).toEqual([9, 8]);
  await inbox.list.loadMore();
  expect(seqs(inbox)).toEqual([9, 8, 7, 3]);
});

test('who waits for more while the list is read anew waits for the rows that come instead', async () => {
  const [older, anew] = [later<Page>(), later<Page>()];
  const { inbox } = open([{ items: [row(9), row(8)], nextCursor: 'c' }, older.promise, anew.promise]);
  await inbox.list.reload();
  const seen = inbox.list.loadMore().then(() => seqs(inbox));
  const reading = inbox.list.reload();
  older.give({ items: [row(7)], nextCursor: null });
  await older.promise;
  await new Promise((done) => setImmediate(done));
  anew.give({ items: [row(10), row(9)], nextCursor: 'c' });
  await reading;
  expect(await seen).toEqual([10, 9]);
});

test('a late event about a message that is not parsed yet does not undo that it is', async () => {
  const { inbox, feed } = open([{ items: [row(1, { snippet: 'Hello' })], nextCursor: null }]);
  await inbox.list.reload();
  feed.say('message:stored', { message: row(1, { parse: 'pending', snippet: '' }) });
  expect(inbox.list.items[0]).toMatchObject({ parse: 'parsed', snippet: 'Hello' });
});

test('rows that come or go above keep what is read in its place; at the top one stays at the top', async () => {
  const rowHeight = 76;
  const before = [row(9), row(8), row(7), row(6), row(5)];
  const read = 2 * rowHeight + 10;
  const place = (after: MessageSummary[], top = read): number => keepPlace(before, after, rowHeight, top);
  expect(place([row(11), row(10), ...before])).toBe(read + 2 * rowHeight);
  expect(place([...before, row(4)])).toBe(read);
  // New at the top while as many go at the bottom.
  expect(place([row(11), ...before.slice(0, -1)])).toBe(read + rowHeight);
  expect(place([row(9), row(7), row(6), row(5), row(4)])).toBe(read - rowHeight);
  // The row at the edge goes: those below it stay where they are.
  expect(place([row(9), row(8), row(6), row(5)])).toBe(read - rowHeight);
  expect(place([row(10), ...before], 0)).toBe(0);
  expect(rowsInSight(100_000, rowHeight, 50_000 * rowHeight, 900)).toEqual({ first: 49_994, end: 50_018 });
});

test('a deletion is gone at once and comes back by undo', async () => {
  const { inbox, feed, calls } = open([{ items: [row(3), row(2), row(1)], nextCursor: null }]);
  await inbox.list.reload();
  await inbox.delete(['m_2']);
  feed.say('messages:deleted', { ids: ['m_2'], upToSeq: null, reason: 'request' });
  expect(seqs(inbox)).toEqual([3, 1]);
  expect(await inbox.undo()).toEqual(['m_2']);
  feed.say('messages:restored', { ids: ['m_2'] });
  expect(seqs(inbox)).toEqual([3, 2, 1]);
  expect(calls).toEqual(['delete {"ids":["m_2"]}', 'restore {"ids":["m_2"]}']);
  expect(await inbox.undo()).toEqual([]);
});

test('a deletion that the server refuses is taken back and said', async () => {
  const { inbox, refuse } = open([{ items: [row(2), row(1)], nextCursor: null }]);
  await inbox.list.reload();
  refuse(new Error('no'));
  await inbox.delete(['m_1']);
  expect(seqs(inbox)).toEqual([2, 1]);
  expect(inbox.error).toBeInstanceOf(Error);
  expect(inbox.deletion).toBeNull();
});

test('retention takes out the oldest and is counted', async () => {
  const { inbox, feed } = open([{ items: [row(3), row(2), row(1)], nextCursor: null }]);
  await inbox.list.reload();
  feed.say('messages:deleted', { ids: null, upToSeq: 2, reason: 'retention' });
  expect(seqs(inbox)).toEqual([3]);
  expect(inbox.pruned).toBe(2);
});

test('restored messages that were never loaded here are fetched', async () => {
  const { inbox, feed } = open([
    { items: [row(3)], nextCursor: null },
    { items: [row(3), row(2)], nextCursor: null },
  ]);
  await inbox.list.reload();
  feed.say('messages:restored', { ids: ['m_2'] });
  await expect.poll(() => seqs(inbox)).toEqual([3, 2]);
});

test('a reset loads everything anew', async () => {
  const { inbox, feed } = open([
    { items: [row(3), row(2)], nextCursor: null },
    { items: [row(7)], nextCursor: null },
  ]);
  await inbox.list.reload();
  feed.reset();
  await expect.poll(() => seqs(inbox)).toEqual([7]);
});

test('an answer to an earlier reload is not taken for the later one', async () => {
  const slow = later<Page>();
  const { inbox } = open([slow.promise, { items: [row(9)], nextCursor: null }]);
  const first = inbox.list.reload();
  await inbox.list.reload();
  slow.give({ items: [row(1)], nextCursor: 'old' });
  await first;
  expect(seqs(inbox)).toEqual([9]);
  expect(inbox.list.hasMore).toBe(false);
});

test('a page that fails says so, and can be asked for again', async () => {
  const { inbox } = open([Promise.reject(new Error('gone')), { items: [row(1)], nextCursor: null }]);
  await inbox.list.reload();
  expect(inbox.list.error).toBeInstanceOf(Error);
  await inbox.list.reload();
  expect(seqs(inbox)).toEqual([1]);
});

test('the neighbours of a message are its rows in the list', async () => {
  const { inbox } = open([{ items: [row(3), row(2)], nextCursor: null }]);
  await inbox.list.reload();
  expect(inbox.neighbour('m_3', 1)?.id).toBe('m_2');
  expect(inbox.neighbour('m_3', -1)).toBeUndefined();
  expect(inbox.neighbour(null, 1)?.id).toBe('m_3');
});

test('a hundred thousand rows take another page, a mark and a deletion without a stall', async () => {
  const items = Array.from({ length: 100_000 }, (_, n) => row(100_500 - n));
  const older = Array.from({ length: 500 }, (_, n) => row(500 - n));
  const { inbox, feed } = open([
    { items, nextCursor: 'c' },
    { items: older, nextCursor: null },
  ]);
  await inbox.list.reload();
  const started = cpuNow();
  await inbox.list.loadMore();
  feed.say('messages:changed', { ids: null, read: true });
  feed.say('message:stored', { message: row(100_501) });
  await inbox.delete(inbox.list.items.slice(0, 50_000).map(({ id }) => id));
  expect(cpuNow() - started).toBeLessThan(1500);
  expect(inbox.list.items).toHaveLength(50_501);
});

test('twenty thousand rows take a hundred more, one by one, without a stall', async () => {
  const items = Array.from({ length: 20_000 }, (_, n) => row(20_000 - n));
  const { inbox, feed } = open([{ items, nextCursor: null }]);
  await inbox.list.reload();
  const started = cpuNow();
  for (let seq = 20_001; seq <= 20_100; seq += 1) feed.say('message:stored', { message: row(seq) });
  expect(cpuNow() - started).toBeLessThan(2000);
  expect(seqs(inbox)).toHaveLength(20_100);
  expect(seqs(inbox)[0]).toBe(20_100);
});
