// What is done to messages from the list: selection, marks, tags, deletion, download.
import { expect, test } from 'vitest';
import { applyMarks } from '../../web/state/message-rows.ts';
import { InboxActions } from '../../web/state/inbox-actions.svelte.ts';
import { Inbox } from '../../web/state/inbox.svelte.ts';
import { Mbox } from '../../web/state/mbox.svelte.ts';
import { Reading } from '../../web/state/reading.svelte.ts';
import { Selection } from '../../web/state/selection.svelte.ts';
import { createFeed } from './support/feed.ts';
import { makeMessage, toSummary } from './support/fixture-messages.ts';

const row = (seq: number) => toSummary(makeMessage(seq, { id: `m_${seq}`, read: false }));
const ids = (...seqs: number[]): string[] => seqs.map((seq) => `m_${seq}`);

async function open(count: number, options: { isOpen?: string } = {}) {
  const calls: string[] = [];
  let refusal: Error | null = null;
  const answer = async (name: string, input: unknown): Promise<{ count: number }> => {
    calls.push(`${name} ${JSON.stringify(input)}`);
    if (refusal) throw refusal;
    return { count: 1 };
  };
  const items = Array.from({ length: count }, (_, n) => row(count - n));
  const inbox = new Inbox(
    {
      listMessages: async () => ({ items, nextCursor: null }),
      updateMessages: ({ body }) => answer('update', body),
      deleteMessages: ({ body }) => answer('delete', body),
      restoreMessages: ({ body }) => answer('restore', body),
    },
    { schedule: (flush) => flush() },
  );
  const feed = createFeed();
  inbox.listen(feed);
  await inbox.list.reload();
  let place: string | null = options.isOpen ?? null;
  const reading = new Reading(
    () => inbox.list.items,
    () => place,
    () => inbox.query,
  );
  const actions = new InboxActions(
    inbox,
    reading,
    () => place,
    (id) => (place = id),
  );
  const refuse = (error: Error | null): void => void (refusal = error);
  return { inbox, feed, reading, actions, calls, refuse, place: () => place };
}

test('a range of the selection grows and shrinks from where it began', () => {
  const rows = [5, 4, 3, 2, 1].map(row);
  const selection = new Selection();
  selection.toggle('m_1');
  selection.toggle('m_4');
  selection.extend(rows, 'm_2', null);
  expect([...selection.ids].sort()).toEqual(ids(1, 2, 3, 4));
  selection.extend(rows, 'm_5', null);
  expect([...selection.ids].sort()).toEqual(ids(1, 4, 5));
  selection.drop(['m_4']);
  selection.toggle('m_1');
  expect([...selection.ids]).toEqual(['m_5']);
});

test('what is done is done to the selection, without one to the row where one is', async () => {
  const { inbox, reading, actions, calls } = await open(3);
  reading.active = 'm_3';
  actions.pin();
  expect(inbox.list.find('m_3')?.pinned).toBe(true);
  inbox.selection.add(ids(1, 2));
  actions.toggleRead();
  expect(inbox.list.items.map(({ read }) => read)).toEqual([false, true, true]);
  actions.toggleRead();
  expect(inbox.list.items.map(({ read }) => read)).toEqual([false, false, false]);
  expect(calls).toEqual([
    'update {"ids":["m_3"],"pinned":true}',
    'update {"ids":["m_1","m_2"],"read":true}',
    'update {"ids":["m_1","m_2"],"read":false}',
  ]);
});

test('two that are chosen can be compared, the older one at the left', async () => {
  const { inbox, actions } = await open(3);
  inbox.selection.add(ids(3, 1));
  expect(actions.pair).toEqual(ids(1, 3));
  inbox.selection.toggle('m_2');
  expect(actions.pair).toBeNull();
});

test('after a deletion one goes on with the next message, and undo brings all back', async () => {
  const { inbox, actions, calls, place } = await open(4, { isOpen: 'm_3' });
  actions.remove();
  expect(place()).toBe('m_2');
  inbox.selection.add(ids(4, 2));
  actions.remove();
  expect(inbox.list.items.map(({ id }) => id)).toEqual(['m_1']);
  expect(place()).toBe('m_1');
  expect(inbox.selection.size).toBe(0);
  await actions.undo();
  expect(inbox.list.items.map(({ id }) => id)).toEqual(ids(4, 2, 1));
  expect(calls.at(-1)).toBe('restore {"ids":["m_4","m_2"]}');
});

test('tags are added and taken away at once, and come back where the server refuses', async () => {
  const { inbox, calls, refuse } = await open(2);
  await inbox.change(ids(1, 2), { addTags: ['checkout'] });
  await inbox.change(ids(1), { addTags: ['Checkout', 'late'] });
  expect(inbox.list.find('m_1')?.tags).toEqual(['checkout', 'late']);
  expect(inbox.tagStates(ids(1, 2))).toEqual([
    { tag: 'checkout', on: 'all' },
    { tag: 'late', on: 'some' },
  ]);
  expect(inbox.tagStates(ids(2)).at(-1)).toEqual({ tag: 'late', on: 'none' });
  await inbox.change(ids(1), { removeTags: ['LATE'] });
  expect(inbox.list.find('m_1')?.tags).toEqual(['checkout']);
  refuse(new Error('no'));
  await inbox.change(ids(1, 2), { removeTags: ['checkout'] });
  expect(inbox.list.find('m_2')?.tags).toEqual(['checkout']);
  expect(inbox.error).toBeInstanceOf(Error);
  expect(calls[0]).toBe('update {"ids":["m_1","m_2"],"addTags":["checkout"]}');
});

test('marks and tags that someone else sets are shown', async () => {
  const { inbox, feed } = await open(2);
  feed.say('messages:changed', { ids: ['m_2'], tags: ['spring'] });
  feed.say('messages:changed', { ids: null, addTags: ['all'], pinned: true });
  feed.say('messages:changed', { ids: ['m_1'], removeTags: ['all'], read: true });
  expect(inbox.list.items).toMatchObject([
    { id: 'm_2', tags: ['spring', 'all'], pinned: true, read: false },
    { id: 'm_1', tags: [], pinned: true, read: true },
  ]);
});

test('a mark that changes nothing leaves the row as it is', () => {
  const message = { ...row(1), tags: ['a'] };
  expect(applyMarks(message, { read: false, addTags: ['A'], removeTags: ['b'] })).toBe(message);
});

test('what came in above is counted only while one is scrolled down', async () => {
  const { feed, reading } = await open(2);
  feed.say('message:stored', { message: row(3) });
  expect(reading.above).toBe(0);
  reading.scrolled(true);
  feed.say('message:stored', { message: row(4) });
  feed.say('message:stored', { message: row(5) });
  expect(reading.above).toBe(2);
  reading.scrolled(false);
  expect(reading.above).toBe(0);
});

test('several messages are one mbox file, in their order, with From lines quoted', async () => {
  const bodies: Record<string, string> = {
    m_1: 'Subject: one\r\n\r\nFrom here\r\n>From there\r\nA From\r\n',
    m_2: 'Subject: two\r\n\r\nno end',
  };
  const gone = Object.assign(new Error('gone'), { code: 'not_found' });
  const mbox = new Mbox({
    readRaw: async ({ params }) => {
      const body = bodies[params.id];
      if (body === undefined) throw gone;
      return new TextEncoder().encode(body);
    },
  });
  const file = await mbox.make(['m_1', 'm_9', 'm_2'], () => ({
    mailFrom: 'a b@shop.example',
    receivedAt: '2026-03-02T04:05:06.000Z',
  }));
  expect(await file?.text()).toBe(
    [
      'From a_b@shop.example Mon Mar  2 04:05:06 2026',
      'Subject: one',
      '',
      '>From here',
      '>>From there',
      'A From',
      '',
      'From a_b@shop.example Mon Mar  2 04:05:06 2026',
      'Subject: two',
      '',
      'no end',
      '',
      '',
    ].join('\n'),
  );
  expect(mbox.problem).toBe('1 of 3 messages were deleted by now.');
  expect(mbox.progress).toBeNull();
});

test('a deletion of many that is taken back while it is under way leaves nothing deleted', async () => {
  const { inbox, calls } = await open(1);
  const many = Array.from({ length: 35_000 }, (_, n) => `m_${n}`);
  const running = inbox.delete(many);
  await inbox.undo();
  await running;
  const names = calls.map((call) => call.split(' ')[0]);
  // What was on its way went first; nothing is deleted behind what brings it back.
  expect(names).toEqual(['delete', 'restore', 'restore', 'restore', 'restore']);
  expect(inbox.deletion).toBeNull();
});
