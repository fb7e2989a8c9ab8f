// The list while something is searched for: only the server knows what matches.
import { expect, test } from 'vitest';
import type { MessageSummary } from '../../shared/message.ts';
import { Inbox } from '../../web/state/inbox.svelte.ts';
import { fieldTerm, termsOfSearch, toggleTerm, withoutTerm } from '../../web/state/search-terms.ts';
import { Search } from '../../web/state/search.svelte.ts';
import { createFeed } from './support/feed.ts';
import { makeMessage, toSummary } from './support/fixture-messages.ts';

const row = (seq: number, more: Partial<MessageSummary> = {}): MessageSummary => ({
  ...toSummary(makeMessage(seq, { id: `m_${seq}` })),
  ...more,
});

/** Answers from rows that may change, as a server would: `q` is a word of the subject. */
function open(rows: MessageSummary[], missing: number[] = []) {
  const asked: string[] = [];
  const inbox = new Inbox(
    {
      listMessages: async ({ query } = {}) => {
        asked.push(query?.query ?? '');
        const found = rows
          .filter(({ subject }) => subject.includes(query?.query ?? ''))
          .sort((a, b) => b.seq - a.seq);
        const start = Number(query?.cursor ?? 0);
        const end = start + Number(query?.limit ?? 50);
        const nextCursor = end < found.length ? String(end) : null;
        return { items: found.slice(start, end), nextCursor, notSearched: missing.shift() };
      },
      updateMessages: async () => ({ count: 0 }),
      deleteMessages: async () => ({ count: 0 }),
      restoreMessages: async () => ({ count: 0 }),
    },
    { schedule: (flush) => flush(), refreshMs: 1 },
  );
  const feed = createFeed();
  inbox.listen(feed);
  const subjects = (): string[] => inbox.list.items.map(({ subject }) => subject);
  const arrive = (message: MessageSummary): void => {
    rows.push(message);
    feed.say('message:stored', { message });
  };
  return { inbox, feed, asked, subjects, arrive };
}

test('what a search could not look at yet is told, and asked for again until all is there', async () => {
  const rows = [row(1, { subject: 'invoice 1' })];
  const { inbox, asked, subjects } = open(rows, [2000, 1000]);
  inbox.show('invoice');
  const loaded = inbox.list.reload();
  rows.push(row(2, { subject: 'invoice 2' }));
  await loaded;
  expect(inbox.list.notSearched).toBe(2000);
  await expect.poll(() => inbox.list.notSearched).toBe(0);
  expect(subjects()).toEqual(['invoice 2', 'invoice 1']);
  expect(asked).toHaveLength(3);
});

test('of what arrives during a search, what matches appears and nothing else', async () => {
  const { inbox, asked, subjects, arrive } = open([row(1, { subject: 'invoice 1' })]);
  inbox.show('invoice');
  await inbox.list.reload();
  arrive(row(2, { subject: 'newsletter' }));
  arrive(row(3, { subject: 'invoice 3' }));
  await expect.poll(subjects).toEqual(['invoice 3', 'invoice 1']);
  arrive(row(4, { subject: 'another letter' }));
  const before = asked.length;
  await expect.poll(() => asked.length).toBeGreaterThan(before);
  expect(subjects()).toEqual(['invoice 3', 'invoice 1']);
});

test('a burst of mail during a search asks the server a few times, not once for each', async () => {
  const { inbox, asked, subjects, arrive } = open([]);
  inbox.show('invoice');
  await inbox.list.reload();
  for (let seq = 1; seq <= 100; seq += 1) arrive(row(seq, { subject: `invoice ${seq}` }));
  await expect.poll(() => subjects().length).toBe(100);
  expect(asked.length).toBeLessThan(6);
});

test('a message that is read stays in a search for unread ones until it is asked anew', async () => {
  const { inbox, feed } = open([row(1, { subject: 'is:unread', read: false })]);
  inbox.show('is:unread');
  await inbox.list.reload();
  feed.say('messages:changed', { ids: ['m_1'], read: true });
  expect(inbox.list.items).toMatchObject([{ id: 'm_1', read: true }]);
});

test('all that match are selected, loaded or not; what arrives later is not', async () => {
  const rows = Array.from({ length: 1200 }, (_, n) => row(n + 1, { subject: 'invoice' }));
  const { inbox, arrive } = open(rows);
  inbox.show('invoice');
  await inbox.list.reload();
  expect(inbox.list.items.length).toBeLessThan(1200);
  await inbox.selectAll();
  expect(inbox.selection.size).toBe(1200);
  arrive(row(1300, { subject: 'invoice' }));
  await expect.poll(() => inbox.list.items[0]?.id).toBe('m_1300');
  expect(inbox.selection.has('m_1300')).toBe(false);
  inbox.show('');
  expect(inbox.selection.size).toBe(0);
});

test('what could be searched for is suggested from the rows, before a search as well', async () => {
  const { inbox } = open([row(1, { subject: 'x', tags: ['checkout'] }), row(2, { subject: 'y' })]);
  await inbox.list.reload();
  const labels = (text: string): string[] =>
    inbox.search.complete(text, text.length).suggestions.map(({ label }) => label);
  expect(labels('tag:')).toContain('checkout');
  expect(labels('from:bill')).toContain('billing@shop.example');
  inbox.show('y');
  await inbox.list.reload();
  expect(labels('tag:')).toContain('checkout');
});

test('a search that finds nothing shows which term to leave out', async () => {
  const search = new Search({
    scope: 'messages',
    values: () => ({}),
    finds: async (query) => !query.includes('tag:none'),
  });
  expect(await search.waysOut('invoice tag:none is:unread')).toEqual({ waysOut: ['tag:none'], isLong: true });
  expect(await search.waysOut('tag:none')).toEqual({ waysOut: [], isLong: false });
});

test('searches that were finished are remembered, each once, and can be forgotten', () => {
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  };
  const make = () => new Search({ scope: 'messages', values: () => ({}), finds: async () => true, storage });
  const search = make();
  for (const text of ['is:unread', 'invoice', 'is:unread', '  ', 'from:"open']) search.remember(text);
  expect(make().recent).toEqual(['is:unread', 'invoice']);
  search.forget();
  expect(make().recent).toEqual([]);
  stored.set('mailscope:searches:messages', '{"no":"list"}');
  expect(make().recent).toEqual([]);
});

test('a filter adds its term to the search, and takes it away again', () => {
  const once = toggleTerm('invoice OR receipt', 'is:unread', 'messages');
  expect(termsOfSearch(once, 'messages')).toHaveLength(2);
  expect(termsOfSearch(once, 'messages')).toContain('is:unread');
  expect(termsOfSearch(toggleTerm(once, 'is:unread', 'messages'), 'messages')).toEqual(
    termsOfSearch('invoice OR receipt', 'messages'),
  );
  expect(withoutTerm('is:unread', 'is:unread', 'messages')).toBe('');
  const odd = fieldTerm('tag', 'spring "sale"');
  expect(termsOfSearch(toggleTerm('', odd, 'messages'), 'messages')).toEqual([odd]);
});
