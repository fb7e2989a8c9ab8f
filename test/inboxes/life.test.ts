// How long inboxes and what is in them stay, and inboxes of the configuration.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../server/config/read-config.ts';
import { connect } from '../../shared/client/client.ts';
import { openLive } from '../../shared/client/live.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { sendMail, tryLogin } from './conversation.ts';

/** Resolves once the inbox is gone. */
function goneOf(sandbox: TestSandbox, name: string): Promise<string> {
  return new Promise((resolve) => {
    const live = openLive(sandbox.url, { inbox: name });
    live.on('inbox:deleted', ({ payload }) => {
      live.close();
      resolve(payload.reason);
    });
  });
}

test('an inbox with a ttl goes by itself, with all that is in it', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const made = await client.createInbox({
    body: { name: 'run', smtp: {}, rules: [{ domain: 'run.test' }], ttl: '2s', token: 'read' },
  });
  expect(Date.parse(made.inbox.expiresAt!) - Date.parse(made.inbox.createdAt!)).toBe(2000);
  const gone = goneOf(sandbox, 'run');
  const login = { user: 'run', password: made.password! };
  const shared = await sendMail(sandbox, { login, to: ['x@run.test', 'y@other.test'] });
  await client.createInbox({ body: { name: 'other', rules: [{ domain: 'other.test' }] } });
  const both = await sendMail(sandbox, { to: ['x@run.test', 'y@other.test'] });
  expect((await client.readMessage({ params: { id: both } })).inboxes).toEqual(['other', 'run']);
  expect(await gone).toBe('expired');
  await expect(client.readInbox({ params: { name: 'run' } })).rejects.toMatchObject({ code: 'not_found' });
  await expect(client.readMessage({ params: { id: shared } })).rejects.toMatchObject({ code: 'not_found' });
  expect((await client.readMessage({ params: { id: both } })).inboxes).toEqual(['other']);
  await expect(connect(sandbox.url, { token: made.token! }).readStatus()).rejects.toMatchObject({
    code: 'unauthorized',
  });
  expect((await client.listSessions()).items.map(({ inboxes }) => inboxes)).toEqual([['other']]);
  expect(await client.readStatus()).toMatchObject({ messages: 1, sessions: 1 });
  // Its login is nobody's any more.
  expect(await tryLogin(sandbox, { user: 'run', password: 'other' })).toMatch(/^235/);
});

test.each(['99999999d', '3651d', 9e15, '0', '-1s', 'soon'])('a ttl of %j is refused', async (ttl) => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const refused = { code: 'invalid_request', message: expect.stringContaining('at most 3650d') };
  await expect(client.createInbox({ body: { name: 'x', ttl } })).rejects.toMatchObject(refused);
  await expect(
    client.createInbox({ body: { name: 'x', retention: { maxAge: '9999d' } } }),
  ).rejects.toMatchObject(refused);
  expect((await client.createInbox({ body: { name: 'x', ttl: '3650d' } })).inbox.expiresAt).not.toBeNull();
  await expect(client.changeInbox({ params: { name: 'x' }, body: { ttl } })).rejects.toMatchObject(refused);
});

test('a new inbox of the same name finds nothing of the old one', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const body = { name: 'run', rules: [{ domain: 'run.test' }] };
  await client.createInbox({ body });
  const id = await sendMail(sandbox, { to: ['x@run.test'] });
  await sandbox.closedSession();
  const [count] = await Promise.all([
    client.deleteInbox({ params: { name: 'run' } }),
    client.createInbox({ body }),
  ]);
  expect(count).toEqual({ count: 1 });
  const run = connect(sandbox.url, { inbox: 'run' });
  expect((await run.listMessages()).items).toEqual([]);
  expect((await run.listSessions()).items).toEqual([]);
  const events = (await run.listEvents()).items;
  expect(events.map(({ type }) => type)).toEqual(['inbox:created']);
  expect(JSON.stringify(events)).not.toContain(id);
  await client.changeInbox({ params: { name: 'run' }, body: { ttl: '1h' } });
  expect((await run.listEvents()).items.map(({ type }) => type)).toEqual(['inbox:created', 'inbox:changed']);
});

test('an inbox keeps its own limits, and pinned messages', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const rules = [{ domain: 'few.test' }];
  await client.createInbox({ body: { name: 'few', rules, retention: { maxMessages: 2 } } });
  await client.createInbox({ body: { name: 'all', rules } });
  const few = connect(sandbox.url, { inbox: 'few' });
  const ids: string[] = [];
  for (let n = 0; n < 2; n += 1) ids.push(await sendMail(sandbox, { to: ['x@few.test'] }));
  await few.changeMessage({ params: { id: ids[0]! }, body: { pinned: true } });
  for (let n = 0; n < 3; n += 1) ids.push(await sendMail(sandbox, { to: ['x@few.test'] }));
  await expect
    .poll(async () => (await few.listMessages()).items.map(({ id }) => ids.indexOf(id)))
    .toEqual([4, 0]);
  const all = connect(sandbox.url, { inbox: 'all' });
  expect((await all.listMessages()).items).toHaveLength(5);
  expect((await all.listSessions()).items).toHaveLength(5);
  await expect.poll(async () => (await few.listSessions()).items.length).toBe(2);
  expect((await client.readStatus()).messages).toBe(5);
  await client.changeInbox({ params: { name: 'few' }, body: { retention: { maxMessages: 0, maxAge: 1 } } });
  await expect
    .poll(async () => (await few.listMessages()).items.map(({ id }) => ids.indexOf(id)))
    .toEqual([0]);
  await client.deleteInbox({ params: { name: 'all' } });
  expect((await client.readStatus()).messages).toBe(1);
});

test('inboxes of the configuration are there from the start, and keep their mail when they leave it', async () => {
  const data = temporaryFolder();
  const folder = temporaryFolder();
  const inbox = [
    'orders?user=orders:secret&domain=shop.example&header=X-Run:17&max-messages=500&max-age=7d',
    { name: 'qa', rules: [{ plus: 'qa' }], smtp: { password: 'pw' }, retention: { maxAge: '1h' } },
  ];
  writeFileSync(join(folder, 'mailscope.config.json'), JSON.stringify({ inbox }));
  const flags =
    (readConfig({ folder, env: {} }).inboxes.length === 2 && {
      config: join(folder, 'mailscope.config.json'),
    }) ||
    {};
  {
    await using sandbox = await startTestSandbox({ ...flags, data });
    const { items } = await sandbox.client.listInboxes();
    expect(items.slice(1)).toMatchObject([
      {
        name: 'orders',
        source: 'config',
        user: 'orders',
        rules: [{ domain: 'shop.example' }, { header: 'X-Run', value: '17' }],
        retention: { maxMessages: 500, maxAgeMs: 604_800_000 },
      },
      { name: 'qa', user: 'qa', retention: { maxMessages: 0, maxAgeMs: 3_600_000 } },
    ]);
    expect(await tryLogin(sandbox, { user: 'qa', password: 'pw' })).toMatch(/^235/);
    expect(await tryLogin(sandbox, { user: 'qa', password: 'other' })).toMatch(/^535/);
    await sendMail(sandbox, { to: ['x@shop.example'] });
    for (const call of [
      sandbox.client.deleteInbox({ params: { name: 'qa' } }),
      sandbox.client.changeInbox({ params: { name: 'qa' }, body: { ttl: 1000 } }),
    ])
      await expect(call).rejects.toMatchObject({ code: 'conflict' });
  }
  {
    await using sandbox = await startTestSandbox({ ...flags, data });
    expect((await sandbox.client.listInboxes()).items).toHaveLength(3);
    const changes = (await sandbox.client.listEvents()).items.filter(({ type }) => type.startsWith('inbox:'));
    expect(changes).toHaveLength(2);
  }
  await using sandbox = await startTestSandbox({ data });
  expect(await sandbox.client.readInbox({ params: { name: 'orders' } })).toMatchObject({
    source: 'api',
    user: null,
    rules: [],
    messages: 1,
  });
  const id = await sendMail(sandbox, { to: ['x@shop.example'] });
  expect((await sandbox.client.readMessage({ params: { id } })).inboxes).toEqual(['default']);
  expect(await sandbox.client.deleteInbox({ params: { name: 'orders' } })).toEqual({ count: 1 });
});

test.each([
  ['Orders', 'name'],
  ['a?nonsense=1', 'no parameter'],
  ['a?domian=x', 'Did you mean domain'],
  ['a?user=ann', 'colon'],
  ['a?max-age=soon', 'time such as'],
  ['a?token=short', 'at least 16'],
  ['default?domain=x', 'takes what no other does'],
  ['{"name":"a","smtp":{}}', 'no password'],
  ['{"name":"a"', 'not valid JSON'],
  ['{"name":"a","rules":[{"domain":"a b"}]}', 'domain'],
])('the inbox %s of the configuration is refused: %s', (entry, why) => {
  let told = '';
  try {
    readConfig({ flags: { inbox: [entry] }, env: {}, folder: '/nonexistent' });
  } catch (error) {
    const { message, why: reason, hint } = error as { message: string; why: string; hint: string };
    told = `${message} ${reason} ${hint}`;
  }
  expect(told).toContain(why);
});

test('a login that is given twice, and a pattern that cannot be read, are refused at the start', async () => {
  const read = (flags: object) => () => readConfig({ flags, env: {}, folder: '/nonexistent' });
  expect(read({ inbox: ['a?user=x:1', 'b?user=x:2'] })).toThrow('cannot be used');
  expect(read({ inbox: ['a?user=x:1'], user: ['x:1'] })).toThrow('cannot be used');
  expect(read({ inbox: ['a', 'a'] })).toThrow('cannot be used');
  await expect(startTestSandbox({ inbox: ['a?pattern=('] })).rejects.toThrow('rules.0.pattern');
});
