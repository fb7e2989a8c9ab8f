import { expect, test } from 'vitest';
import type { Store } from '../../server/store/store.ts';
import type { OpenFresh } from './opened.ts';
import { closedSession, mailBytes, samplePart, save } from './samples.ts';

const off = { maxMessages: 0, maxBytes: 0, maxAgeMs: 0 };

async function saveMany(store: Store, count: number): Promise<{ id: string; receivedAtUs: number }[]> {
  const bytes = mailBytes('m', 100);
  return Promise.all(Array.from({ length: count }, (_, n) => save(store, `m${String(n)}`, { bytes })));
}

const ids = async (store: Store): Promise<string[]> =>
  (await store.listMessages({ limit: 500 })).items.map(({ id }) => id).reverse();

export function retentionSuite(openFresh: OpenFresh): void {
  test('over the number of messages the oldest go, no more than needed, and pinned ones stay', async () => {
    const { store, events } = await openFresh();
    const saved = (await saveMany(store, 5)).map(({ id }) => id);
    await store.markMessages({ ids: [saved[0] ?? ''] }, { pinned: true });
    events.length = 0;
    expect(await store.prune({ ...off, maxMessages: 3 }, 0)).toEqual({ messages: 2, sessions: 0 });
    expect(await ids(store)).toEqual([saved[0], saved[3], saved[4]]);
    expect(events.map(({ type, payload }) => [type, payload])).toEqual([
      ['messages:deleted', { ids: [saved[1], saved[2]], upToSeq: null, reason: 'retention' }],
    ]);
    expect(await store.counts()).toMatchObject({ messages: 3, unread: 3, bytes: 300 });
    expect(await store.prune({ ...off, maxMessages: 3 }, 0)).toEqual({ messages: 0, sessions: 0 });
    await store[Symbol.asyncDispose]();
  });

  test('over the bytes the oldest go until they fit', async () => {
    const { store } = await openFresh();
    const saved = (await saveMany(store, 5)).map(({ id }) => id);
    expect(await store.prune({ ...off, maxBytes: 250 }, 0)).toEqual({ messages: 3, sessions: 0 });
    expect(await ids(store)).toEqual(saved.slice(3));
    await store[Symbol.asyncDispose]();
  });

  test('what deleted messages took is not made up for by others', async () => {
    const { store } = await openFresh();
    const saved = (await saveMany(store, 5)).map(({ id }) => id);
    await store.deleteMessages({ ids: saved.slice(3) }, false);
    expect(await store.prune({ ...off, maxMessages: 3, maxBytes: 300 }, 0)).toEqual({
      messages: 0,
      sessions: 0,
    });
    await store[Symbol.asyncDispose]();
  });

  test('what is older than the age goes', async () => {
    const { store } = await openFresh();
    const saved = await saveMany(store, 5);
    const limit = saved[2]?.receivedAtUs ?? 0;
    expect(await store.prune({ ...off, maxAgeMs: 60_000 }, limit + 60_000_000)).toEqual({
      messages: 2,
      sessions: 0,
    });
    expect(await ids(store)).toEqual(saved.slice(2).map(({ id }) => id));
    await store[Symbol.asyncDispose]();
  });

  test('with all limits off nothing goes', async () => {
    const { store } = await openFresh();
    await saveMany(store, 3);
    expect(await store.prune(off, Number.MAX_SAFE_INTEGER)).toEqual({ messages: 0, sessions: 0 });
    await store[Symbol.asyncDispose]();
  });

  test('sessions count too: the oldest go, never one that runs', async () => {
    const { store, events } = await openFresh();
    const parts = Array.from({ length: 4 }, () => samplePart());
    for (const [n, part] of parts.entries()) {
      const session = n === 0 ? part.session : closedSession(part.session);
      await store.saveSession({ ...part, session }, n > 0);
    }
    events.length = 0;
    expect(await store.prune({ ...off, maxMessages: 2 }, 0)).toEqual({ messages: 0, sessions: 2 });
    const { items } = await store.listSessions({ limit: 10 });
    expect(items.map(({ id }) => id)).toEqual([parts[3]?.session.id, parts[0]?.session.id]);
    expect(events.map(({ payload }) => payload)).toEqual([
      { ids: [parts[1]?.session.id, parts[2]?.session.id], reason: 'retention' },
    ]);
    expect(await store.prune({ ...off, maxBytes: 1 }, 0)).toEqual({ messages: 0, sessions: 1 });
    expect(await store.prune({ ...off, maxBytes: 1 }, 0)).toEqual({ messages: 0, sessions: 0 });
    await store[Symbol.asyncDispose]();
  });

  test('a large excess goes in several steps, and mail that arrives meanwhile is stored', async () => {
    const { store, events } = await openFresh();
    await saveMany(store, 700);
    events.length = 0;
    const [pruned] = await Promise.all([store.prune({ ...off, maxMessages: 10 }, 0), saveMany(store, 5)]);
    expect(pruned.messages).toBeGreaterThanOrEqual(690);
    const steps = events.filter(({ type }) => type === 'messages:deleted');
    expect(steps.length).toBeGreaterThan(1);
    await store.prune({ ...off, maxMessages: 10 }, 0);
    expect((await store.counts()).messages).toBe(10);
    await store[Symbol.asyncDispose]();
  });
}
