// Which messages an inbox takes: by login, recipient, plus address, pattern and header field.
import { expect, test } from 'vitest';
import { Router, type RoutedMail } from '../../server/inbox/router.ts';
import type { InboxRule } from '../../shared/inbox.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { sendMail, tryLogin } from './conversation.ts';
import { cpuNow } from '../support/cpu-time.ts';

test('a message goes to each inbox that takes it, and is stored once', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const rules: Record<string, InboxRule[]> = {
    exact: [{ recipient: 'Zoe@Example.test' }],
    domain: [{ domain: 'shop.example' }],
    below: [{ domain: '*.shop.example' }],
    plus: [{ plus: 'run7', address: 'qa@example.test' }],
    pattern: [{ pattern: '^order-\\d+@' }],
    header: [{ header: 'X-Run', value: 'run 7' }],
    headers: [{ header: 'X-Run', pattern: '^run \\d$' }, { header: 'X-Other' }],
    sender: [{ user: 'app' }],
  };
  for (const [name, list] of Object.entries(rules)) await client.createInbox({ body: { name, rules: list } });
  const inboxesOf = async (mail: Parameters<typeof sendMail>[1]) =>
    (await client.readMessage({ params: { id: await sendMail(sandbox, mail) } })).inboxes;

  expect(await inboxesOf({ to: ['zOE@example.test'] })).toEqual(['exact']);
  expect(await inboxesOf({ to: ['a@SHOP.example'] })).toEqual(['domain']);
  expect(await inboxesOf({ to: ['a@eu.mail.shop.example'] })).toEqual(['below']);
  expect(await inboxesOf({ to: ['qa+Run7@example.test'] })).toEqual(['plus']);
  expect(await inboxesOf({ to: ['other+run7@example.test'] })).toEqual(['default']);
  expect(await inboxesOf({ to: ['order-4711@x.test'] })).toEqual(['pattern']);
  expect(await inboxesOf({ to: ['reorder-4711@x.test'] })).toEqual(['default']);
  expect(await inboxesOf({ headers: 'X-Run:\r\n run 7\r\n' })).toEqual(['header', 'headers']);
  expect(await inboxesOf({ headers: 'x-run: =?utf-8?q?run_7?=\r\n' })).toEqual(['header', 'headers']);
  expect(await inboxesOf({ headers: 'X-Run: run 77\r\nX-Other:\r\n' })).toEqual(['headers']);
  expect(await inboxesOf({ login: { user: 'app', password: 'any' } })).toEqual(['sender']);
  expect(await inboxesOf({ to: ['zoe@example.test', 'order-1@shop.example', 'x@y.test'] })).toEqual([
    'domain',
    'exact',
    'pattern',
  ]);
  expect((await client.readStatus()).messages).toBe(12);
  const shared = await client.listMessages({ query: { inbox: 'exact' } });
  expect(shared.items.map(({ inboxes }) => inboxes)).toEqual([['exact'], ['exact']]);
});

test('a user name that belongs to an inbox must have its password, and others are let in as before', async () => {
  await using sandbox = await startTestSandbox({
    authMechanisms: 'PLAIN,LOGIN,CRAM-MD5,SCRAM-SHA-256,XOAUTH2',
  });
  const { client } = sandbox;
  const made = await client.createInbox({ body: { name: 'orders', smtp: {} } });
  expect(made).toMatchObject({ inbox: { user: 'orders' }, token: null });
  const password = made.password!;
  expect(await tryLogin(sandbox, { user: 'orders', password })).toMatch(/^235/);
  expect(await tryLogin(sandbox, { user: 'orders', password: `${password}x` })).toMatch(/^535 5\.7\.8/);
  expect(await tryLogin(sandbox, { user: 'orders', password: '' })).toMatch(/^535/);
  expect(await tryLogin(sandbox, { user: 'Orders', password: 'any' })).toMatch(/^235/);
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('AUTH CRAM-MD5');
  const wrong = Buffer.from(`orders ${'0'.repeat(32)}`).toString('base64');
  expect(await wire.say(wrong)).toMatch(/^535/);
  const token = Buffer.from('user=orders\x01auth=Bearer wrong\x01\x01').toString('base64');
  await wire.say(`AUTH XOAUTH2 ${token}`);
  expect(await wire.say('')).toMatch(/^535/);

  const id = await sendMail(sandbox, { login: { user: 'orders', password } });
  expect(await client.readMessage({ params: { id } })).toMatchObject({ inboxes: ['orders'], user: 'orders' });
  const { items } = await client.listSessions({ query: { inbox: 'orders', query: 'outcome:auth-failed' } });
  expect(items.map(({ inboxes }) => inboxes)).toEqual([['orders'], ['orders']]);
  expect(await client.changeInbox({ params: { name: 'orders' }, body: { smtp: null } })).toMatchObject({
    inbox: { user: null },
    password: null,
  });
  expect(await tryLogin(sandbox, { user: 'orders', password: 'any' })).toMatch(/^235/);
});

test('a login, a name and what a name may be are checked, with a hint', async () => {
  await using sandbox = await startTestSandbox({ user: ['ann:secret'] });
  const { client } = sandbox;
  await client.createInbox({ body: { name: 'one', smtp: { user: 'bob', password: 'pw' } } });
  await expect(client.createInbox({ body: { name: 'one' } })).rejects.toMatchObject({ code: 'conflict' });
  for (const user of ['bob', 'ann'])
    await expect(client.createInbox({ body: { name: 'two', smtp: { user } } })).rejects.toMatchObject({
      code: 'conflict',
    });
  for (const user of ['', 'a\tb', 'a\0b', 'a\x7fb', 'a\u2028b', 'a\ud800b', 'x'.repeat(256), 'ü'.repeat(128)])
    for (const call of [
      client.createInbox({ body: { name: 'two', smtp: { user } } }),
      client.changeInbox({ params: { name: 'one' }, body: { smtp: { user } } }),
    ])
      await expect(call, JSON.stringify(user)).rejects.toMatchObject({ code: 'invalid_request' });
  for (const name of ['Two', 'a b', '../x', '-x', 'x'.repeat(64), 'ü', ''])
    await expect(client.createInbox({ body: { name } })).rejects.toMatchObject({ code: 'invalid_request' });
  await expect(client.createInbox({ body: { rules: [{ pattern: '(?=x)' }] } })).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('Look-around'),
    hint: expect.stringContaining('\\d'),
  });
  await expect(
    client.createInbox({ body: { rules: [{ domain: 'a', nonsense: 1 }] as never } }),
  ).rejects.toMatchObject({ code: 'invalid_request' });
  await expect(client.deleteInbox({ params: { name: 'default' } })).rejects.toMatchObject({
    code: 'conflict',
  });
  await expect(
    client.changeInbox({ params: { name: 'default' }, body: { rules: [{ domain: 'a' }] } }),
  ).rejects.toMatchObject({ code: 'conflict' });
  await expect(client.listMessages({ query: { inbox: 'nowhere' } })).rejects.toMatchObject({
    code: 'not_found',
    hint: expect.stringContaining('/api/inboxes'),
  });
  // Neither left a login behind that nobody has.
  expect(await tryLogin(sandbox, { user: 'ann', password: 'secret' })).toMatch(/^235/);
  expect(await tryLogin(sandbox, { user: 'bob', password: 'pw' })).toMatch(/^235/);
});

test('routing takes micro-seconds, with 200 inboxes and their patterns too', () => {
  const router = new Router();
  for (let n = 0; n < 200; n += 1)
    router.set({
      name: `t${n}`,
      user: `user${n}`,
      rules: [
        { recipient: `r${n}@x.test` },
        { domain: `d${n}.test` },
        { plus: `p${n}` },
        { pattern: `^order-${n}-\\d+@` },
        { header: 'X-Run', value: `run ${n}` },
      ],
    });
  const mail: RoutedMail = {
    user: 'user7',
    recipients: ['order-13-5@shop.test', 'x+p9@y.test'],
    headers: () => new Map([['x-run', ['run 100']]]),
  };
  expect(router.route(mail)).toEqual(['t100', 't13', 't7', 't9']);
  const rounds = 2000;
  const started = cpuNow();
  for (let n = 0; n < rounds; n += 1) router.route(mail);
  // Some tens of micro-seconds; far more only where it is done in another way.
  expect((cpuNow() - started) / rounds).toBeLessThan(1);
  for (let n = 0; n < 200; n += 1) router.delete(`t${n}`);
  expect(router.isIdle).toBe(true);
  expect(router.route(mail)).toEqual(['default']);
});
