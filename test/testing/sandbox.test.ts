// The sandbox in process, as the tests of a user have it. It runs the built server.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { expect, test, vi } from 'vitest';
import { optionNames } from '../../server/config/options.ts';
import type { SandboxOptions } from '../../server/testing/options.ts';
import { startSandbox } from '../../server/testing/sandbox.ts';
import { useSandbox, type Hooks } from '../../server/testing/use-sandbox.ts';
import { openWire } from '../support/wire.ts';

const mailTo = (to: string, more: object = {}) => ({
  from: 'app@shop.test',
  to,
  subject: 'Reset',
  text: 'x',
  ...more,
});

test('each address is one that Nodemailer can be given as it is', async () => {
  await using sandbox = await startSandbox({
    user: ['app:secret'],
    listen: ['smtp://127.0.0.1:0?tls=required&name=strict'],
  });
  const auth = { user: 'app', pass: 'secret' };
  const { smtp, submission, smtps, listeners } = sandbox;
  expect(Object.keys(listeners)).toEqual(['smtp', 'submission', 'smtps', 'strict']);
  for (const [index, address] of [smtp, submission, smtps, listeners['strict']!].entries())
    await createTransport({ ...address, requireTLS: index % 2 === 1, auth }).sendMail(
      mailTo(`u${index}@shop.test`),
    );
  const { items } = await sandbox.client.listMessages();
  expect(items.map(({ tls, user }) => [tls, user])).toEqual([
    ['TLSv1.3', 'app'],
    ['TLSv1.3', 'app'],
    ['TLSv1.3', 'app'],
    [null, 'app'],
  ]);
});

test('two sandboxes know nothing of each other, and a closed one is gone', async () => {
  await using one = await startSandbox();
  const two = await startSandbox();
  await createTransport(one.smtp).sendMail(mailTo('ann@shop.test'));
  await one.waitForMessage('to:ann');
  await two.expectNoMessage({ timeout: 50 });
  await two.close();
  await expect(two.client.readReady()).rejects.toMatchObject({ code: 'unavailable' });
});

test('fromNow takes no mail of an earlier test', async () => {
  await using sandbox = await startSandbox();
  const { messageId } = await sandbox.client.sendSample({ body: {} });
  const mail = await sandbox.fromNow();
  await expect(mail.waitForMessage({ timeout: 50 })).rejects.toThrow('Arrived:\n  nothing');
  expect((await sandbox.waitForMessage()).id).toBe(messageId);
  expect((await mail.waitForMessage({ after: new Date(0) })).id).toBe(messageId);
});

test('expectMessage gives the message, or says what arrived', async () => {
  await using sandbox = await startSandbox();
  await createTransport(sandbox.smtp).sendMail(
    mailTo('ann@shop.test', {
      html: '<a href="https://shop.test/u">Unsubscribe</a> <a href="https://shop.test/r">Reset your password</a>',
    }),
  );
  const message = await sandbox.expectMessage({ query: 'to:ann', subject: 'Reset' });
  expect(message.clickable).toMatchObject({ href: 'https://shop.test/r', purpose: 'reset' });
  const failing = sandbox.expectMessage({ query: 'to:ann', subject: 'Welcome' }, { timeout: 50 });
  await expect(failing).rejects.toThrow(
    /subject is "Welcome"\n {2}found: it is "Reset"[^]*Arrived:\n.*"Reset" to ann@shop\.test/,
  );
});

test('a failure is simulated until its test is over, and says how often it was met', async () => {
  await using sandbox = await startSandbox();
  const send = () => createTransport(sandbox.smtp).sendMail(mailTo('ann@shop.test'));
  {
    await using fault = await sandbox.fault({ preset: 'generic/mailbox-full', when: { to: 'ann@*' } });
    await expect(send()).rejects.toMatchObject({ responseCode: 452 });
    expect(await fault.read()).toMatchObject({ id: fault.id, applied: 1 });
    // With the rule that is taken back by hand nothing is left to take back.
    const other = await sandbox.client.fault('generic/greylist');
    await other.delete();
    await other.delete();
  }
  await send();
  expect((await sandbox.client.listFaults()).items).toEqual([]);
  await expect(sandbox.fault('generic/mailbox-ful')).rejects.toThrow(
    /there is no preset of that name\. Did you mean generic\/mailbox-full/,
  );
});

test('a setting that is wrong is refused with what to do, and nothing is left running', async () => {
  await expect(startSandbox({ maxSize: 'big' })).rejects.toThrow(/--max-size/);
  await expect(startSandbox({ host: '0.0.0.0' })).rejects.toThrow(/0\.0\.0\.0[^]*Give a --password\./);
  await expect(startSandbox({ token: ['short'] })).rejects.toThrow(
    /^A --token cannot be used\. A token has at least \d+ letters[^]*Make one: /,
  );
  const misspelt = { users: ['app:secret'] } as object;
  await expect(startSandbox(misspelt)).rejects.toThrow(
    'A sandbox knows no setting "users". What it does not know it would leave as it is by default. Did you mean "user"?',
  );
  await expect(startSandbox({ url: 'http://127.0.0.1' } as object)).rejects.toThrow(/It takes: host, /);
});

test('a sandbox can be told every setting of the command but those of the process', () => {
  const known: Record<keyof Required<SandboxOptions>, true> = {
    host: true,
    smtpPort: true,
    submissionPort: true,
    smtpsPort: true,
    httpPort: true,
    listen: true,
    allowHost: true,
    open: true,
    name: true,
    proxy: true,
    xclient: true,
    auth: true,
    authMechanisms: true,
    user: true,
    password: true,
    token: true,
    httpTls: true,
    recordCredentials: true,
    tlsCert: true,
    tlsKey: true,
    tlsMinVersion: true,
    requestClientCert: true,
    certName: true,
    certDir: true,
    inbox: true,
    data: true,
    maxMessages: true,
    maxBytes: true,
    maxAge: true,
    minFree: true,
    maxSize: true,
    maxRecipients: true,
    maxConnections: true,
    idleTimeout: true,
    bareNewlines: true,
    fault: true,
    bounceAddresses: true,
    compat: true,
    logLevel: true,
  };
  const ofTheProcess = ['config', 'readyJson'];
  expect(Object.keys(known).sort()).toEqual(
    optionNames.filter((name) => !ofTheProcess.includes(name)).sort(),
  );
});

test('useSandbox starts before the tests of a file, begins anew with each, and ends with them', async () => {
  const work: Record<keyof Hooks, (() => Promise<void>)[]> = { beforeAll: [], afterAll: [], beforeEach: [] };
  const hookOf = (name: keyof Hooks) => (run: () => Promise<void>) => work[name].push(run);
  const hooks = {
    beforeAll: hookOf('beforeAll'),
    afterAll: hookOf('afterAll'),
    beforeEach: hookOf('beforeEach'),
  };
  const run = async (name: keyof Hooks): Promise<void> => {
    for (const one of work[name]) await one();
  };
  const mail = useSandbox({ hooks });
  expect(() => mail.url).toThrow('not started yet');
  await run('beforeAll');
  await run('beforeEach');
  await createTransport(mail.smtp).sendMail(mailTo('ann@shop.test'));
  expect(await mail.waitForMessage('to:ann')).toMatchObject({ subject: 'Reset' });
  await run('beforeEach');
  await mail.expectNoMessage({ timeout: 50 });
  const { url } = mail;
  await run('afterAll');
  await expect(fetch(url)).rejects.toThrow();
  expect(() => useSandbox()).toThrow('pass them: useSandbox({ hooks');
});

test.each([
  ['in memory', () => null],
  ['on disk', () => mkdtempSync(join(tmpdir(), 'mailscope-timers-'))],
])(
  'a test that fakes the timers of its process has its mail and finds it (%s)',
  async (_place, makeFolder) => {
    const folder = makeFolder();
    {
      await using sandbox = await startSandbox(folder === null ? {} : { data: folder });
      await using wire = await openWire(sandbox.smtp.port);
      const waiting = sandbox.waitForMessage('to:bob');
      vi.useFakeTimers({
        toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'setImmediate', 'clearImmediate'],
      });
      try {
        await wire.hello();
        expect(await wire.mail('To: bob@example.test\r\nSubject: faked\r\n\r\nx\r\n')).toMatch(/^250 /);
        expect((await waiting).subject).toBe('faked');
      } finally {
        vi.useRealTimers();
      }
    }
    if (folder !== null) rmSync(folder, { recursive: true });
  },
);
