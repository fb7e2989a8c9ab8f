// What is of one inbox is heard and seen by those alone whose it is.
import { expect, test } from 'vitest';
import { connect } from '../../shared/client/client.ts';
import { openLive } from '../../shared/client/live.ts';
import type { DurableEvent } from '../../shared/events.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { sendMail } from './conversation.ts';

test('live, each hears of its own inbox alone, and where it was when it comes back', async () => {
  await using sandbox = await startTestSandbox();
  const made = await Promise.all(
    ['a', 'b'].map((name) =>
      sandbox.client.createInbox({ body: { name, rules: [{ plus: name }], token: 'read' } }),
    ),
  );
  const start = (await sandbox.client.readStatus()).cursor;
  const heard: DurableEvent[][] = [[], [], []];
  const ephemeral: unknown[] = [];
  let done = (): void => {};
  const all = new Promise<void>((resolve) => (done = resolve));
  const options = [{ token: made[0]!.token! }, { inbox: 'b' }, { inbox: 'default' }];
  const lives = options.map((option, n) =>
    openLive(sandbox.url, {
      ...option,
      since: start,
      onEvent(event) {
        heard[n]!.push(event);
        if (heard.every((events) => events.some(({ type }) => type === 'messages:deleted'))) done();
      },
      onEphemeral: (type, payload) => void (n === 0 && ephemeral.push([type, payload])),
    }),
  );
  await Promise.all(lives.map((live) => expect.poll(() => live.cursor).not.toBeNull()));
  const sent = [];
  for (const to of ['x+a@y.test', 'x+b@y.test', 'x@y.test']) sent.push(await sendMail(sandbox, { to: [to] }));
  for (const id of sent) await sandbox.client.readMessage({ params: { id } });
  await sandbox.client.updateMessages({ body: { ids: sent, read: true } });
  await sandbox.client.deleteMessages({ body: { ids: sent } });
  await all;
  for (const live of lives) live.close();
  for (const [n, events] of heard.entries()) {
    const text = JSON.stringify([events, n === 0 ? ephemeral : []]);
    expect(sent.filter((id) => text.includes(id))).toEqual([sent[n]]);
    expect(text).not.toContain('byInbox');
    expect(events.filter(({ type }) => type.startsWith('messages:'))).toMatchObject([
      { type: 'messages:changed', payload: { ids: [sent[n]], read: true } },
      { type: 'messages:deleted', payload: { ids: [sent[n]] } },
    ]);
  }
});

test('marks are of an inbox, tags of the message, and a body goes with its last membership', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  for (const name of ['a', 'b'])
    await client.createInbox({ body: { name, rules: [{ domain: `${name}.test` }] } });
  const id = await sendMail(sandbox, { to: ['x@a.test', 'x@b.test'] });
  const [a, b] = [connect(sandbox.url, { inbox: 'a' }), connect(sandbox.url, { inbox: 'b' })];
  const marksIn = async (one: typeof client) => {
    const { read, pinned, tags, inboxes } = await one.readMessage({ params: { id } });
    return { read, pinned, tags, inboxes };
  };
  await client.readMessage({ params: { id } });
  const start = (await client.readStatus()).cursor;
  await a.changeMessage({ params: { id }, body: { read: true, pinned: true, tags: ['x'] } });
  expect(await marksIn(a)).toEqual({ read: true, pinned: true, tags: ['x'], inboxes: ['a'] });
  expect(await marksIn(b)).toEqual({ read: false, pinned: false, tags: ['x'], inboxes: ['b'] });
  expect(await marksIn(client)).toEqual({ read: false, pinned: true, tags: ['x'], inboxes: ['a', 'b'] });
  expect((await client.readStatus()).unread).toBe(1);
  expect((await a.listMessages({ query: { query: 'is:unread' } })).items).toEqual([]);
  expect((await b.listMessages({ query: { query: 'is:unread -is:pinned' } })).items).toHaveLength(1);
  await b.updateMessages({ body: { query: 'is:unread', read: true } });
  expect((await client.readStatus()).unread).toBe(0);

  expect(await a.deleteMessages({ body: { query: 'is:pinned' } })).toEqual({ count: 1 });
  await expect(marksIn(a)).rejects.toMatchObject({ code: 'not_found' });
  expect(await marksIn(b)).toMatchObject({ read: true, pinned: false });
  expect((await client.readStatus()).messages).toBe(1);
  expect(await a.restoreMessages({ body: { ids: [id] } })).toEqual({ count: 1 });
  expect(await marksIn(a)).toMatchObject({ read: true, pinned: true });
  expect((await client.readStatus()).messages).toBe(1);
  await a.deleteMessages({ body: { all: true, purge: true } });
  expect((await b.readRaw({ params: { id } })).length).toBeGreaterThan(0);
  await client.deleteInbox({ params: { name: 'b' } });
  await expect(client.readRaw({ params: { id } })).rejects.toMatchObject({ code: 'not_found' });
  expect(await client.readStatus()).toMatchObject({ messages: 0, unread: 0 });

  const seen = (await client.listEvents({ query: { since: start } })).items.flatMap(({ type, payload }) =>
    type.startsWith('messages:') ? [[type, payload]] : [],
  );
  expect(seen).toEqual([
    ['messages:changed', { ids: [], read: true, pinned: true, byInbox: { a: [id] } }],
    ['messages:changed', { ids: [id], tags: ['x'], byInbox: { a: [id], b: [id] } }],
    ['messages:changed', { ids: [id], read: true, byInbox: { b: [id] } }],
    ['messages:deleted', { ids: [], upToSeq: null, reason: 'request', byInbox: { a: [id] } }],
    ['messages:restored', { ids: [id], byInbox: { a: [id] } }],
    ['messages:deleted', { ids: [], upToSeq: null, reason: 'request', byInbox: { a: [id] } }],
    ['messages:deleted', { ids: [id], upToSeq: null, reason: 'request', byInbox: { b: [id] } }],
  ]);
});
