import { expect, test } from 'vitest';
import type { CountedInbox } from '../../shared/inbox.ts';
import type { MessageSummary } from '../../shared/message.ts';
import { Inbox } from '../../web/state/inbox.svelte.ts';
import { Inboxes } from '../../web/state/inboxes.svelte.ts';
import { inboxPath, parseRoute } from '../../web/state/route.svelte.ts';
import { createFeed } from './support/feed.ts';
import { makeMessage, toSummary } from './support/fixture-messages.ts';

const row = (seq: number, ...inboxes: string[]): MessageSummary => ({
  ...toSummary(makeMessage(seq, { id: `m_${seq}` })),
  read: false,
  inboxes,
});
const counted = (name: string, unread = 0): CountedInbox => ({
  name,
  createdAt: null,
  expiresAt: null,
  source: 'api',
  user: null,
  rules: [],
  retention: { maxMessages: 0, maxAgeMs: 0 },
  messages: unread,
  unread,
  sessions: 0,
});

/** A list over these messages, as the server would answer. */
function open(...messages: MessageSummary[]) {
  const calls: string[] = [];
  const answer = async (name: string, given: { query?: unknown }): Promise<{ count: number }> => {
    calls.push(`${name} ${JSON.stringify(given.query)}`);
    return { count: 1 };
  };
  const inbox = new Inbox(
    {
      listMessages: async ({ query = {} } = {}) => ({
        items: messages.filter(({ inboxes }) => !query.inbox || inboxes.includes(query.inbox)),
        nextCursor: null,
      }),
      updateMessages: (given) => answer('update', given),
      deleteMessages: (given) => answer('delete', given),
      restoreMessages: (given) => answer('restore', given),
    },
    { schedule: (flush) => flush() },
  );
  const feed = createFeed();
  inbox.listen(feed);
  const seqs = (): number[] => inbox.list.items.map(({ seq }) => seq);
  return { inbox, feed, calls, seqs };
}

test('in a chosen inbox only its messages are listed, and only its own arrive live', async () => {
  const { inbox, feed, seqs } = open(row(3, 'run-17'), row(2, 'default'), row(1, 'run-17', 'default'));
  await inbox.list.reload();
  expect(seqs()).toEqual([3, 2, 1]);
  inbox.show('', 'run-17');
  await expect.poll(seqs).toEqual([3, 1]);
  feed.say('message:stored', { message: row(4, 'default') });
  feed.say('message:stored', { message: row(5, 'run-17') });
  expect(seqs()).toEqual([5, 3, 1]);
});

test('what is marked or deleted in an inbox is so there alone, and comes back there', async () => {
  const { inbox, feed, calls, seqs } = open(row(2, 'run-17', 'default'), row(1, 'run-17'));
  inbox.show('', 'run-17');
  await inbox.list.reload();
  await inbox.mark(['m_1'], true);
  feed.say('messages:changed', { ids: [], read: true, byInbox: { default: ['m_2'] } });
  expect(inbox.list.items.map(({ read }) => read)).toEqual([false, true]);
  await inbox.delete(['m_2']);
  expect(seqs()).toEqual([1]);
  expect(await inbox.undo()).toEqual(['m_2']);
  expect(seqs()).toEqual([2, 1]);
  const query = '{"inbox":"run-17"}';
  expect(calls).toEqual([`update ${query}`, `delete ${query}`, `restore ${query}`]);
});

test('among all inboxes a message that is deleted in one stays, without the name of that one', async () => {
  const { inbox, feed } = open(row(1, 'run-17', 'default'));
  await inbox.list.reload();
  const byInbox = { 'run-17': ['m_1'] };
  feed.say('messages:deleted', { ids: [], upToSeq: null, reason: 'request', byInbox });
  expect(inbox.list.items[0]?.inboxes).toEqual(['default']);
  feed.say('messages:restored', { ids: ['m_1'], byInbox });
  expect(inbox.list.items[0]?.inboxes).toEqual(['default', 'run-17']);
});

test('inboxes come, count and go live; with the default one alone there is nothing to choose', async () => {
  const known = [counted('default', 2)];
  const inboxes = new Inboxes(
    {
      listInboxes: async () => ({ items: known }),
      createInbox: async () => ({ inbox: counted('made'), password: 'p', token: null }),
      deleteInbox: async () => ({ count: 0 }),
    },
    { refreshMs: 1e6 },
  );
  const feed = createFeed();
  const stop = inboxes.listen(feed);
  expect(inboxes.presence('run-17')).toBe('there');
  await inboxes.load();
  expect(inboxes.areSeveral).toBe(false);
  expect(inboxes.presence('run-17')).toBe('unknown');
  feed.say('inbox:created', { inbox: counted('run-17') });
  expect(inboxes.areSeveral).toBe(true);
  feed.say('message:stored', { message: row(1, 'run-17') });
  expect(inboxes.all?.map(({ unread }) => unread)).toEqual([2, 1]);
  feed.say('inbox:deleted', { name: 'run-17', reason: 'expired' });
  expect(inboxes.presence('run-17')).toBe('expired');
  stop();
});

test('the chosen inbox stands in the URL beside the search', () => {
  const path = inboxPath('m_1', null, 'is:unread', 'run-17');
  expect(path).toBe('/inbox/m_1?q=is%3Aunread&inbox=run-17');
  const url = new URL(path, 'http://page');
  expect(parseRoute(url.pathname, url.search)).toMatchObject({ id: 'm_1', inbox: 'run-17' });
  expect(inboxPath()).toBe('/inbox');
});
