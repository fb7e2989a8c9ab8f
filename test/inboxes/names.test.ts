// Any name that an inbox may have is one like any other, also where it is a property of every object.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';
import { openIn } from './two-inboxes.ts';

test('an inbox named constructor is counted, seen, emptied and restored like any other', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const names = ['constructor', 'other'];
  for (const name of names) await client.createInbox({ body: { name, rules: [{ domain: `${name}.test` }] } });
  const empty = { messages: 0, unread: 0, sessions: 0 };
  expect(await client.readInbox({ params: { name: 'constructor' } })).toMatchObject(empty);

  const wire = await sandbox.wire();
  await wire.hello();
  await wire.mail(
    undefined,
    undefined,
    names.map((name) => `ann@${name}.test`),
  );
  await wire.mail(undefined, undefined, ['bob@other.test']);
  await wire.quit();
  const { id } = await sandbox.closedSession();
  expect((await client.listInboxes()).items).toMatchObject([
    { name: 'default', ...empty },
    { name: 'constructor', messages: 1, unread: 1, sessions: 1 },
    { name: 'other', messages: 2, unread: 2, sessions: 1 },
  ]);

  const own = openIn(sandbox, 'constructor');
  const [message] = (await own.listMessages()).items;
  expect(message).toMatchObject({ inboxes: ['constructor'] });
  expect(await own.readSession({ params: { id } })).toMatchObject({ messages: 1, messageIds: [message!.id] });

  expect(await own.updateMessages({ body: { all: true, read: true } })).toEqual({ count: 1 });
  expect(await own.deleteMessages({ body: { all: true } })).toEqual({ count: 1 });
  expect((await own.listMessages()).items).toEqual([]);
  expect(await own.restoreMessages({ body: { all: true } })).toEqual({ count: 1 });
  expect(await own.deleteSession({ params: { id } })).toEqual({ count: 1 });
  expect(await own.restoreSessions({ body: { all: true } })).toEqual({ count: 1 });
  expect(await own.readSession({ params: { id } })).toMatchObject({ messageIds: [message!.id] });
  await client.deleteInbox({ params: { name: 'constructor' } });
  expect((await openIn(sandbox, 'other').listMessages()).items).toHaveLength(2);
});
