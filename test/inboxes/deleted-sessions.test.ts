// Deleted sessions that several inboxes have: what one of them takes back, ends or purges is nothing to the others.
import { expect, test } from 'vitest';
import { startShared } from './two-inboxes.ts';

test('of two inboxes that both deleted a session, the first takes it back for itself alone', async () => {
  const { sandbox, id, a, b, seenBy } = await startShared();
  await using _ = sandbox;
  const before = { whole: await seenBy(sandbox.client), a: await seenBy(a), b: await seenBy(b) };
  await a.deleteSession({ params: { id } });
  await b.deleteSession({ params: { id } });

  expect(await a.restoreSessions({ body: { ids: [id] } })).toEqual({ count: 1 });
  expect(await seenBy(a)).toEqual(before.a);
  expect((await sandbox.client.listSessions()).items).toMatchObject([{ id, inboxes: ['a'] }]);
  expect((await b.listSessions()).items).toEqual([]);
  expect((await sandbox.client.listEvents()).items.at(-1)).toMatchObject({
    type: 'sessions:restored',
    payload: { ids: [id], byInbox: { a: [id] } },
  });

  expect(await b.restoreSessions({ body: { all: true } })).toEqual({ count: 1 });
  expect({ whole: await seenBy(sandbox.client), a: await seenBy(a), b: await seenBy(b) }).toEqual(before);
});

test('the end of an inbox takes nothing from a deleted session that comes back to another', async () => {
  const { sandbox, id, a, seenBy } = await startShared();
  await using _ = sandbox;
  const before = await seenBy(a);
  await sandbox.client.deleteSession({ params: { id } });
  await sandbox.client.deleteInbox({ params: { name: 'b' } });

  expect(await a.restoreSessions({ body: { ids: [id] } })).toEqual({ count: 1 });
  expect(await seenBy(a)).toEqual(before);
  const whole = await sandbox.client.readSession({ params: { id } });
  expect(whole.inboxes).toEqual(['a']);
  expect(whole.transactions.map(({ inboxes }) => inboxes)).toEqual([['a'], [], ['a']]);
});

test('a purge in one inbox also takes what was deleted there before, and leaves it to the other', async () => {
  const { sandbox, id, a, b } = await startShared();
  await using _ = sandbox;
  await sandbox.client.deleteSession({ params: { id } });
  expect(await a.deleteSessions({ body: { all: true, purge: true } })).toEqual({ count: 0 });
  expect(await a.restoreSessions({ body: { all: true } })).toEqual({ count: 0 });
  expect(await b.restoreSessions({ body: { all: true } })).toEqual({ count: 1 });
  expect((await sandbox.client.listSessions()).items).toMatchObject([{ id, inboxes: ['b'] }]);

  await b.deleteSession({ params: { id } });
  await b.deleteSessions({ body: { all: true, purge: true } });
  expect(await sandbox.client.restoreSessions({ body: { all: true } })).toEqual({ count: 0 });
});

test.each(['purges it', 'ends'])(
  'when the second of two inboxes %s, the first takes its deletion back',
  async (how) => {
    const { sandbox, id, a, b, seenBy } = await startShared();
    await using _ = sandbox;
    const before = await seenBy(a);
    await a.deleteSession({ params: { id } });
    if (how === 'ends') await sandbox.client.deleteInbox({ params: { name: 'b' } });
    else expect(await b.deleteSession({ params: { id }, query: { purge: 'true' } })).toEqual({ count: 1 });
    expect((await sandbox.client.listSessions()).items).toEqual([]);

    expect(await a.restoreSessions({ body: { ids: [id] } })).toEqual({ count: 1 });
    expect(await seenBy(a)).toEqual(before);
    expect((await sandbox.client.listSessions()).items).toMatchObject([{ id, inboxes: ['a'] }]);
  },
);

test.each([['a', 'b'] as const, ['b', 'a'] as const])(
  'what both inboxes deleted and then purged is gone, first %s, then %s',
  async (first, second) => {
    const { sandbox, id, a, b } = await startShared();
    await using _ = sandbox;
    const inboxes = { a, b };
    for (const client of [a, b]) await client.deleteSession({ params: { id } });
    for (const name of [first, second])
      expect(await inboxes[name].deleteSessions({ body: { all: true, purge: true } })).toEqual({ count: 0 });
    for (const client of [sandbox.client, a, b])
      expect(await client.restoreSessions({ body: { all: true } })).toEqual({ count: 0 });
    expect((await sandbox.client.listSessions()).items).toEqual([]);
  },
);
