// What every driver promises about inboxes.
import { expect, test } from 'vitest';
import { eventInView } from '../../shared/inbox-view.ts';
import type { Inbox } from '../../shared/inbox.ts';
import type { Store } from '../../server/store/store.ts';
import type { OpenFresh } from './opened.ts';
import { closedSession, sampleDerived, samplePart, sampleSession, save, startUs } from './samples.ts';

const told = (name: string): Inbox => ({
  name,
  createdAt: '2026-01-31T12:00:00.000Z',
  expiresAt: null,
  source: 'api',
  user: null,
  rules: [],
  retention: { maxMessages: 0, maxAgeMs: 0 },
});
const make = (store: Store, name: string) =>
  store.inboxes.saveInbox({ name, sinceSeq: 0 }, told(name), 'inbox:created');

export function inboxSuite(openFresh: OpenFresh): void {
  test('what is kept of inboxes and tokens comes back, with the event that each begins with', async () => {
    const { store, events } = await openFresh();
    await save(store, 'before');
    expect(await make(store, 'a')).toBe(2);
    await store.inboxes.saveInbox(
      { name: 'a', sinceSeq: 2, more: 'kept' } as never,
      told('a'),
      'inbox:changed',
    );
    const token = { id: 't_1', inbox: 'a', hash: 'abc', scope: 'read' };
    await store.inboxes.saveInboxToken(token);
    expect(await store.inboxes.loadInboxes()).toEqual({
      inboxes: [{ name: 'a', sinceSeq: 2, more: 'kept' }],
      tokens: [token],
    });
    await store.inboxes.removeInboxToken('t_1');
    expect((await store.inboxes.loadInboxes()).tokens).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(['message:stored', 'inbox:created', 'inbox:changed']);
    await store[Symbol.asyncDispose]();
  });

  test('an inbox goes with what is only in it, bodies and sessions too', async () => {
    const { store, events } = await openFresh();
    for (const name of ['a', 'b']) await make(store, name);
    const own = await save(store, 'own', { inboxes: ['a'] });
    const both = await save(store, 'both', { inboxes: ['a', 'b'] });
    const deleted = await save(store, 'deleted', { inboxes: ['a'] });
    await store.deleteMessages({ ids: [deleted.id] }, false);
    const parts = [['a'], ['a', 'b'], ['default']].map((inboxes) =>
      samplePart(closedSession(sampleSession({ inboxes }))),
    );
    for (const part of parts) await store.saveSession(part, true);
    const [ofA, shared, other] = parts.map(({ session }) => session.id);
    expect(await store.counts('a')).toMatchObject({ messages: 2, unread: 2, sessions: 2 });
    expect(await store.inboxes.countInboxes()).toEqual({
      a: { messages: 2, unread: 2, sessions: 2 },
      b: { messages: 1, unread: 1, sessions: 1 },
      default: { messages: 0, unread: 0, sessions: 1 },
    });
    expect(await store.inboxes.removeInbox('a', 'expired')).toBe(2);
    expect(await store.findMessage(own.id)).toBeUndefined();
    expect(await store.findBody(own.id)).toBeUndefined();
    expect(await store.restoreMessages({ all: true })).toBe(0);
    expect(await store.findMessage(both.id)).toMatchObject({ inboxes: ['b'] });
    expect(await store.findMessage(both.id, 'a')).toBeUndefined();
    expect(await store.findSession(ofA!)).toBeUndefined();
    expect(await store.findSession(shared!)).toMatchObject({ inboxes: ['b'] });
    expect((await store.listSessions({ limit: 5 })).items.map(({ id }) => id)).toEqual([other, shared]);
    expect((await store.listSessions({ limit: 5, inbox: 'default' })).items.map(({ id }) => id)).toEqual([
      other,
    ]);
    expect(await store.counts()).toMatchObject({ messages: 1, unread: 1, sessions: 2 });
    const ofB = events.flatMap((event) => eventInView(event, 'b') ?? []);
    expect(ofB.map(({ type }) => type)).toEqual(['inbox:created', 'message:stored', 'session:closed']);
    expect(events.at(-1)).toMatchObject({ type: 'inbox:deleted', payload: { name: 'a', reason: 'expired' } });
    await store[Symbol.asyncDispose]();
  });

  test('each inbox has its own counts, and the bytes of its messages, whatever the others have', async () => {
    const { store } = await openFresh();
    const sizes: Record<string, number> = { default: 0, a: 0, b: 0 };
    async function add(subject: string, inboxes: string[], isDeleted = false): Promise<void> {
      const { id } = await save(store, subject, { inboxes });
      if (isDeleted) await store.deleteMessages({ ids: [id] }, false);
      else for (const inbox of inboxes) sizes[inbox]! += (await store.findMessage(id))!.size;
    }
    const check = async (): Promise<void> => {
      for (const [name, bytes] of Object.entries(sizes))
        expect(await store.counts(name), name).toMatchObject({ bytes });
    };
    await add('alone', ['default']);
    await add('gone', ['default'], true);
    await check();
    expect(await store.counts('default')).toMatchObject({ messages: 1, unread: 1 });
    for (const name of ['a', 'b']) await make(store, name);
    await check();
    for (const [n, inboxes] of [
      ['a'],
      ['b', 'a'],
      ['a', 'default'],
      ['b', 'default', 'a'],
      ['default'],
    ].entries())
      await add('x'.repeat(n + 1), inboxes);
    await add('gone, too', ['a', 'default'], true);
    await check();
    expect(await store.counts('default')).toMatchObject({ messages: 4, unread: 4 });
    expect(await store.counts('a')).toMatchObject({ messages: 4, unread: 4 });
    await store[Symbol.asyncDispose]();
  });

  test('sessions deleted after the last other inbox went are counted nowhere once there is another one', async () => {
    const { store } = await openFresh();
    await make(store, 'a');
    const part = samplePart(closedSession(sampleSession({ inboxes: ['a', 'default'] })));
    await store.saveSession(part, true);
    await store.inboxes.removeInbox('a', 'request');
    expect(await store.counts('default')).toMatchObject({ sessions: 1 });
    await store.deleteSessions({ ids: [part.session.id] }, true);
    await make(store, 'b');
    expect(await store.counts('default')).toMatchObject({ sessions: 0 });
    expect(await store.inboxes.countInboxes()).toEqual({ default: { messages: 0, unread: 0, sessions: 0 } });
    await store[Symbol.asyncDispose]();
  });

  test('an inbox is kept within its limits by number and age, the others are not touched', async () => {
    const { store } = await openFresh();
    for (const name of ['a', 'b']) await make(store, name);
    const ids: string[] = [];
    for (let n = 0; n < 6; n += 1)
      ids.push(
        (
          await save(store, `${n}`, {
            inboxes: n === 5 ? ['a'] : ['a', 'b'],
            receivedAtUs: startUs + n * 1_000_000,
          })
        ).id,
      );
    await store.markMessages({ ids: [ids[0]!] }, { pinned: true }, 'a');
    const left = async (inbox: string) =>
      (await store.listMessages({ limit: 10, inbox })).items.map(({ subject }) => subject);
    await store.inboxes.pruneInbox('a', { maxMessages: 4, maxAgeMs: 0 }, startUs);
    expect(await left('a')).toEqual(['5', '4', '3', '0']);
    await store.inboxes.pruneInbox('a', { maxMessages: 0, maxAgeMs: 500 }, startUs + 5_200_000);
    expect(await left('a')).toEqual(['5', '0']);
    await store.inboxes.pruneInbox('a', { maxMessages: 0, maxAgeMs: 1 }, startUs + 9_000_000);
    expect(await left('a')).toEqual(['0']);
    expect(await left('b')).toEqual(['4', '3', '2', '1', '0']);
    expect(await store.findBody(ids[5]!)).toBeUndefined();
    expect(await store.counts()).toMatchObject({ messages: 5, unread: 5 });
    await store[Symbol.asyncDispose]();
  });

  test('events say what they mean for each inbox, and the log is read for one of them', async () => {
    const { store, events } = await openFresh();
    for (const name of ['a', 'b']) await make(store, name);
    const both = await save(store, 'both "b"', { inboxes: ['a', 'b'] });
    const rest = await save(store, 'rest');
    await store.markMessages({ all: true }, { read: true }, 'a');
    await store.saveDerived(both.id, sampleDerived());
    await store.deleteMessages({ ids: [both.id, rest.id] }, false, 'b');
    const views = (view: string) => {
      const seen: unknown[] = [];
      for (const event of events) {
        const { type, payload } = eventInView(event, view) ?? {};
        if (payload && 'message' in payload) seen.push([type, payload.message.inboxes, payload.message.read]);
        else if (payload && 'ids' in payload) seen.push([type, payload.ids]);
      }
      return seen;
    };
    expect(views('a')).toEqual([
      ['message:stored', ['a'], false],
      ['messages:changed', [both.id]],
      ['message:parsed', ['a'], true],
    ]);
    expect(views('b')).toEqual([
      ['message:stored', ['b'], false],
      ['message:parsed', ['b'], false],
      ['messages:deleted', [both.id]],
    ]);
    expect(views('default')).toEqual([['message:stored', ['default'], false]]);
    const log = await store.readEvents(undefined, 2, 'b');
    expect(log.items.map(({ type }) => type)).toEqual(['inbox:created', 'message:stored']);
    const more = await store.readEvents(log.next, 10, 'b');
    expect(more.items.map(({ type }) => type)).toEqual(['message:parsed', 'messages:deleted']);
    expect(more.next).toBe(store.cursor());
    await store[Symbol.asyncDispose]();
  });
}
