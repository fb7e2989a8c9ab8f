import { expect, test } from 'vitest';
import { nowUs } from '../../server/clock.ts';
import type { Store } from '../../server/store/store.ts';
import type { OpenFresh } from './opened.ts';
import { mailBytes, sampleDerived, save } from './samples.ts';

async function three(store: Store): Promise<[string, string, string]> {
  const ids = [];
  for (const subject of ['a', 'b', 'c'])
    ids.push((await save(store, subject, { bytes: mailBytes(subject, 100) })).id);
  return ids as [string, string, string];
}

const subjects = async (store: Store): Promise<string[]> =>
  (await store.listMessages({ limit: 10 })).items.map(({ subject }) => subject);

export function changeSuite(openFresh: OpenFresh): void {
  test('messages are marked as read and pinned, and counted', async () => {
    const { store, events } = await openFresh();
    const [a, b] = await three(store);
    events.length = 0;
    expect(await store.markMessages({ ids: [a, b, 'm_unknown'] }, { read: true })).toBe(2);
    expect(await store.markMessages({ ids: [a] }, { pinned: true })).toBe(1);
    expect(await store.counts()).toMatchObject({ messages: 3, unread: 1 });
    expect(await store.findMessage(a)).toMatchObject({ read: true, pinned: true });
    expect(await store.markMessages({ all: true }, { read: false })).toBe(3);
    expect(await store.counts()).toMatchObject({ unread: 3 });
    expect(events.map(({ type, payload }) => [type, payload])).toEqual([
      ['messages:changed', { ids: [a, b], read: true }],
      ['messages:changed', { ids: [a], pinned: true }],
      ['messages:changed', { ids: null, read: false }],
    ]);
    await store[Symbol.asyncDispose]();
  });

  test('reading a message does not mark it, and a mark that changes nothing is not announced', async () => {
    const { store, events } = await openFresh();
    const [a] = await three(store);
    await store.findMessage(a);
    await store.findBody(a);
    events.length = 0;
    expect(await store.markMessages({ ids: [a] }, { read: false })).toBe(1);
    expect(events).toEqual([]);
    expect((await store.counts()).unread).toBe(3);
    await store[Symbol.asyncDispose]();
  });

  test('a deleted message is gone at once from list, detail, body and counts, and can be restored', async () => {
    const { store, events } = await openFresh();
    const [a, b, c] = await three(store);
    await store.markMessages({ ids: [b] }, { read: true });
    events.length = 0;
    expect(await store.deleteMessages({ ids: [a, b] }, false)).toBe(2);
    expect(await store.deleteMessages({ ids: [a] }, false)).toBe(0);
    expect(await subjects(store)).toEqual(['c']);
    expect(await store.findMessage(a)).toBeUndefined();
    expect(await store.findBody(a)).toBeUndefined();
    expect(await store.listUnparsed(1, 10)).toEqual([c]);
    expect(await store.counts()).toEqual({ messages: 1, unread: 1, sessions: 0, bytes: 100 });
    expect(await store.restoreMessages({ ids: [a, b, c] })).toBe(2);
    expect(await subjects(store)).toEqual(['c', 'b', 'a']);
    expect(await store.counts()).toEqual({ messages: 3, unread: 2, sessions: 0, bytes: 300 });
    expect(events.map(({ type, payload }) => [type, payload])).toEqual([
      ['messages:deleted', { ids: [a, b], upToSeq: null, reason: 'request' }],
      ['messages:restored', { ids: [a, b] }],
    ]);
    await store[Symbol.asyncDispose]();
  });

  test('deleting all means those there are, and later ones stay', async () => {
    const { store, events } = await openFresh();
    const ids = await three(store);
    events.length = 0;
    expect(await store.deleteMessages({ all: true }, false)).toBe(3);
    await save(store, 'later');
    expect(await subjects(store)).toEqual(['later']);
    expect(events[0]?.payload).toEqual({ ids: null, upToSeq: 3, reason: 'request' });
    expect(await store.restoreMessages({ all: true })).toBe(3);
    expect(events.at(-1)?.payload).toEqual({ ids });
    await store[Symbol.asyncDispose]();
  });

  test('purging takes what was deleted before the given time, and only that', async () => {
    const { store } = await openFresh();
    const [a, b] = await three(store);
    await store.deleteMessages({ ids: [a] }, false);
    const between = nowUs();
    await store.deleteMessages({ ids: [b] }, false);
    expect(await store.purgeDeleted(between)).toBe(1);
    expect(await store.restoreMessages({ all: true })).toBe(1);
    expect(await subjects(store)).toEqual(['c', 'b']);
    expect(await store.counts()).toMatchObject({ messages: 2, bytes: 200 });
    await store[Symbol.asyncDispose]();
  });

  test('a purge cannot be taken back, also of what had been deleted before', async () => {
    const { store, events } = await openFresh();
    const [a, b] = await three(store);
    await store.deleteMessages({ ids: [a] }, false);
    events.length = 0;
    expect(await store.deleteMessages({ ids: [a, b] }, true)).toBe(2);
    expect(events.map(({ payload }) => payload)).toEqual([{ ids: [b], upToSeq: null, reason: 'request' }]);
    expect(await store.restoreMessages({ all: true })).toBe(0);
    expect(await store.deleteMessages({ all: true }, true)).toBe(1);
    expect(await store.counts()).toEqual({ messages: 0, unread: 0, sessions: 0, bytes: 0 });
    await store[Symbol.asyncDispose]();
  });

  test('a message parsed after it was deleted is complete when it is restored', async () => {
    const { store, events } = await openFresh();
    const [a] = await three(store);
    await store.deleteMessages({ ids: [a] }, false);
    events.length = 0;
    await store.saveDerived(a, sampleDerived());
    expect(events).toEqual([]);
    await store.restoreMessages({ ids: [a] });
    expect(await store.findMessage(a)).toMatchObject({ parse: 'parsed', text: 'Hello Bob' });
    await store[Symbol.asyncDispose]();
  });

  test('numbers of purged messages are not given again', async () => {
    const { store } = await openFresh();
    await three(store);
    await store.deleteMessages({ all: true }, true);
    expect((await save(store, 'next')).seq).toBe(4);
    await store[Symbol.asyncDispose]();
  });

  test('ten thousand ids are one call and one event', async () => {
    const { store, events } = await openFresh();
    const [a] = await three(store);
    events.length = 0;
    const ids = [...Array.from({ length: 9999 }, (_, n) => `m_${String(n)}`), a];
    expect(await store.deleteMessages({ ids }, false)).toBe(1);
    expect(events).toHaveLength(1);
    await store[Symbol.asyncDispose]();
  });
}
