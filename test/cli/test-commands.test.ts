// mailscope wait, expect and ready, as processes that ask a running Mailscope.
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer as createWebServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { readArguments } from '../../server/cli/arguments.ts';
import { temporaryFolder } from '../process/mailscope.ts';
import { holdRefusingPort } from '../support/refusing-port.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { buildCommand, run } from './command.ts';

let command: string;
beforeAll(async () => {
  command = await buildCommand();
});
afterAll(() => rm(dirname(dirname(command)), { recursive: true }));

const mail =
  'Subject: Your code\r\nTo: bob@example.test\r\n\r\nYour code is 482913\r\nhttps://shop.test/confirm?t=1\r\n';

test('a command says who asks, by a flag or a variable, also over HTTPS with the local CA', async () => {
  const token = 'whole-0123456789abcdef';
  const password = 'sésame, ouvre-toi';
  await using sandbox = await startTestSandbox({ token: [token], password, httpTls: true });
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'ca.pem'), sandbox.caPem);
  const ask = (args: string[], more: Record<string, string> = {}) => {
    const env = { MAILSCOPE_URL: sandbox.url, MAILSCOPE_CERT_DIR: folder.path, ...more };
    return run(command, ['wait', '--none', '--timeout', '1ms', ...args], { env }).ended;
  };
  const answers = await Promise.all([
    ask(['--token', token]),
    ask(['--password', password]),
    ask([], { MAILSCOPE_PASSWORD: password }),
    ask([], { MAILSCOPE_TOKEN: `write:${token},read:another` }),
    ask([]),
    ask(['--token', token], { MAILSCOPE_CERT_DIR: '/nowhere' }),
  ]);
  expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0, 3, 3]);
  expect(answers[4].err).toContain('only to who has a password or token');
});

test('why nothing answers is said: a certificate that is not trusted, the wrong scheme, nobody there', async () => {
  await using sandbox = await startTestSandbox({ httpTls: true });
  await using plain = await startTestSandbox();
  const port = (url: string) => new URL(url).port;
  await using refusing = await holdRefusingPort();
  const nobody = `http://127.0.0.1:${refusing.port}`;
  const cases: [string, RegExp][] = [
    [
      sandbox.url,
      /Why: .*certificate.*\n {2}Do: {2}Its certificate is not trusted here .*NODE_EXTRA_CA_CERTS/,
    ],
    [`http://127.0.0.1:${port(sandbox.url)}`, /speaks HTTPS[^]*Do: {2}Use https:/],
    [`https://127.0.0.1:${port(plain.url)}`, /Do: {2}That port does not speak HTTPS/],
    [nobody, /Why: connect ECONNREFUSED 127\.0\.0\.1:\d+\n {2}Do: {2}Is it running/],
    ['http://127.0.0.1:1', /Why: bad port\n {2}Do: {2}Is it running/],
  ];
  const env = { MAILSCOPE_CERT_DIR: '/nowhere' };
  const noTryEnded = /within 2s\.\n {2}Do: {2}Is it running, and/;
  for (const args of [['ready', '--timeout', '2s'], ['wait', '--timeout', '1s'], ['export']])
    await Promise.all(
      cases.map(async ([url, said]) => {
        const ask = (...more: string[]) => run(command, [...args, '--url', url, ...more], { env }).ended;
        let { code, err } = await ask();
        // A machine that others use may not get through a single try in that time.
        if (noTryEnded.test(err)) ({ code, err } = await ask('--timeout', '20s'));
        expect(err, `${args[0]} ${url}`).toMatch(said);
        if (!err.includes('speaks HTTPS')) expect(code).toBe(3);
      }),
    );
});

test('a MAILSCOPE_URL that is empty is none, and one that cannot be used is named', async () => {
  vi.stubEnv('MAILSCOPE_URL', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const name of ['wait', 'ready', 'export', 'mcp'])
    expect(readArguments([name], '1.2.3')).toMatchObject({ options: { url: 'http://127.0.0.1:8025' } });
  const { code, err } = await run(command, ['wait'], { env: { MAILSCOPE_URL: 'localhost:8025' } }).ended;
  expect([code, err.split('\n')[0]]).toEqual([
    2,
    'mailscope: MAILSCOPE_URL "localhost:8025" cannot be used.',
  ]);
});

test('wait prints what a script asks for: a line, the id, the code, the link, the text, the cursor', async () => {
  await using sandbox = await startTestSandbox();
  const env = { MAILSCOPE_URL: sandbox.url };
  const waiting = run(command, ['wait', 'subject:code', '--timeout', '15s', '--print', 'code'], {
    env,
  }).ended;
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail(mail);
  expect(await waiting).toMatchObject({ code: 0, out: '482913\n', err: '' });
  const [{ id } = { id: '' }] = (await sandbox.client.listMessages()).items;
  const printed: [string, RegExp][] = [
    ['line', new RegExp(`^${id}  2\\S+Z  <ann@example.test> to bob@example.test  Your code\n$`)],
    ['id', new RegExp(`^${id}\n$`)],
    ['link', /^https:\/\/shop\.test\/confirm\?t=1\n$/],
    ['text', /^Your code is 482913\r?\nhttps/],
    ['cursor', /^[A-Za-z0-9]+\.\d+\n$/],
    ['json', new RegExp(`^\\[\\{"id":"${id}"`)],
  ];
  await Promise.all(
    printed.map(async ([what, shape]) => {
      const { code, out } = await run(command, ['wait', '--url', sandbox.url, '--print', what]).ended;
      expect([what, code]).toEqual([what, 0]);
      expect(out).toMatch(shape);
    }),
  );
  const session = await run(command, ['wait', '--sessions', 'is:open', '--url', sandbox.url]).ended;
  expect(session.out).toMatch(/^s_\S+ {2}\S+ {2}smtp {2}open {2}client\.test\n$/);
});

test('the exit code tells what came, what did not, a wrong call, and a Mailscope that is not there', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail('Subject: Welcome\r\n\r\nhello\r\n');
  const url = ['--url', sandbox.url];
  const page = createWebServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html>');
  }).listen(0, '127.0.0.1');
  await once(page, 'listening');
  const other = ['--url', `http://127.0.0.1:${(page.address() as AddressInfo).port}`];
  const cases: [string[], number, string][] = [
    [['wait', 'subject:welcome', ...url], 0, ''],
    [['wait', 'subject:nope', '--none', '--timeout', '10ms', ...url], 0, ''],
    [['wait', 'subject:nope', '--timeout', '10ms', ...url], 1, 'The subject is "Welcome".'],
    [['wait', 'subject:welcome', '--none', ...url], 1, 'A message that matches subject:welcome came'],
    [['wait', '--print', 'code', ...url], 1, 'came and has no code'],
    [['wait', 'subjekt:x', ...url], 2, 'There is no operator subjekt:.'],
    [
      ['wait', '--count', 'x', ...url],
      2,
      'mailscope: --count: must be a number\n  Do:  See "mailscope wait --help".',
    ],
    [['wait', '--timeout', '6m', ...url], 2, 'mailscope: --timeout: must be a time from 0 to 5m'],
    [['wait', '--inbox', 'no name', ...url], 2, 'mailscope: --inbox: '],
    [['wait', '--after', 'x.1', ...url], 2, 'The cursor in --after is not one of this store.'],
    [['wait', '--after', 'x', ...url], 2, '\n  Do:  Use a cursor that "mailscope ready" prints, or a time'],
    [['wait', '--print', 'colour', ...url], 2, 'colour'],
    [['wait', '--sessions', '--print', 'code', ...url], 2, 'A session has no code.'],
    [['wait', 'a', 'b', ...url], 2, 'There is an argument too many.'],
    [['wait', '--url', 'nowhere'], 2, '--url "nowhere" cannot be used.'],
    [['wait', '--url', 'http://127.0.0.1:1'], 3, 'Mailscope does not answer'],
    [['wait', ...other], 3, 'The answer was 200, and not from Mailscope.'],
    [['ready', '--timeout', '100ms', ...other], 3, 'does not answer'],
    [['ready', ...url], 0, ''],
    [
      ['ready', '--url', 'http://127.0.0.1:1', '--timeout', '100ms'],
      3,
      'does not answer at http://127.0.0.1:1',
    ],
    [['ready', '--timeout', '10'], 2, 'Write --timeout 10s or --timeout 10ms.'],
    [['wait', '--timeout', '10', ...url], 2, '--timeout "10" has no unit.'],
    [['wait', '--timeout', '0', 'subject:nope', ...url], 1, 'within 0 ms'],
    [['expect', '-', '--timeout', '1.5', ...url], 2, '--timeout "1.5" has no unit.'],
    [['ready', '--timeout', '1h'], 2, '--timeout "1h" cannot be used.'],
    [['expect', '/nowhere/x.json', ...url], 2, 'Check the path.'],
    [['expect', tmpdir(), ...url], 2, 'cannot be read'],
    [['expect', ...url], 2, ''],
  ];
  for (let at = 0; at < cases.length; at += 6)
    await Promise.all(
      cases.slice(at, at + 6).map(async ([args, exitCode, said]) => {
        const { code, err } = await run(command, args).ended;
        expect([args.join(' '), code]).toEqual([args.join(' '), exitCode]);
        expect(err).toContain(said);
      }),
    );
  page.close();
});

test('a wait in vain says once what arrived and why it did not match', async () => {
  await using sandbox = await startTestSandbox();
  const url = ['--url', sandbox.url];
  const before = await run(command, ['wait', 'subject:nope', '--timeout', '1ms', ...url]).ended;
  expect(before.err).toBe(
    'mailscope: No message that matches subject:nope came within 1 ms.\nArrived:\n  nothing\n',
  );
  const { id } = await sandbox.client.storeMessage({
    body: new TextEncoder().encode('Subject: Welcome\r\n\r\nhi'),
  });
  const { err } = await run(command, ['wait', 'subject:nope', '--timeout', '1ms', ...url]).ended;
  expect(err.match(/The subject is "Welcome"\./g)).toHaveLength(1);
  expect(err).toContain(`Nearest:\n  ${id}`);
  // What to do is still said where it is more than that.
  const unwanted = await run(command, ['wait', '--none', '--timeout', '1ms', ...url]).ended;
  expect(unwanted.err).toContain('\n  Do:  Give --after where it is one from before the test.\n');
  const since = ['--after', '2020-01-01T00:00:00Z'];
  const given = await run(command, ['wait', '--none', '--timeout', '1ms', ...since, ...url]).ended;
  expect(given.err).toMatch(/^mailscope: A message came: .*\nMatched:/);
});

test('expect prints each condition, and the transcript of what failed', async () => {
  await using sandbox = await startTestSandbox({ user: ['ann:right'] });
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say(`AUTH PLAIN ${Buffer.from('\0ann\0wrong').toString('base64')}`);
  await wire.quit();
  await sandbox.closedSession();
  await using other = await sandbox.wire();
  await other.hello();
  await other.mail(mail);
  const check = (input: unknown, ...args: string[]) =>
    run(command, ['expect', '-', '--url', sandbox.url, ...args], { input: JSON.stringify(input) }).ended;
  expect(await check({ messages: [{ count: 1, subject: 'Your code' }] })).toMatchObject({
    code: 0,
    out: 'ok     messages.0.count: 1 message\nok     messages.0.subject: subject is "Your code"\n',
    err: '',
  });
  const failed = await check({ messages: [{ subject: 'Reset' }] }, '--timeout', '1ms');
  expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('S: <- 535') });
  expect(failed.out).toContain('not ok messages.0.subject: subject is "Reset"\n  found: it is "Your code"');
  expect(failed.out).toContain('auth-failed');
  const json = await check({ messages: [{ subject: 'Reset' }], timeout: 0 }, '--json');
  expect([json.code, (JSON.parse(json.out) as { held: boolean }).held]).toEqual([1, false]);
  const { cursor } = await sandbox.client.readStatus();
  // As a shell of Windows writes it; no session failed since, so there is nothing to show.
  const plain = await run(
    command,
    ['expect', '-', '--url', sandbox.url, '--after', cursor, '--timeout', '1ms'],
    {
      input: '\ufeff{"messages":[{"subject":"Reset"}]}',
    },
  ).ended;
  expect([plain.code, plain.err]).toEqual([1, '']);
  expect(await check('x')).toMatchObject({ code: 2, err: expect.stringContaining('is no expectation') });
  expect(await check({ messages: [{ subjet: 1 }] })).toMatchObject({
    code: 2,
    err: expect.stringContaining('body.messages.0.subjet'),
  });
});

test('ready waits for a Mailscope that is being started', async () => {
  await using sandbox = await startTestSandbox();
  await using refusing = await holdRefusingPort();
  const { port } = refusing;
  const waiting = run(command, ['ready', '--url', `http://127.0.0.1:${port}`]);
  // What is started later: a way to the sandbox at the port that was free until now.
  const { connect } = await import('node:net');
  const target = Number(new URL(sandbox.url).port);
  const gate = createServer((socket) => {
    const inner = connect(target, '127.0.0.1');
    socket.pipe(inner).pipe(socket);
    for (const side of [socket, inner]) side.on('error', () => side.destroy());
  });
  gate.listen(port, '127.0.0.1');
  const { cursor } = await sandbox.client.readStatus();
  expect(await waiting.ended).toMatchObject({ code: 0, out: `${cursor}\n`, err: '' });
  gate.close();
});

test('server/cli/README.md has every flag of the commands, and their exit codes', () => {
  const readme = readFileSync(fileURLToPath(new URL('../../server/cli/README.md', import.meta.url)), 'utf8');
  for (const name of ['send', 'wait', 'expect', 'ready', 'sendmail', 'import', 'export', 'mcp']) {
    const help = readArguments([name, '--help'], '1.2.3');
    const flags = help.command === 'print' ? [...help.text.matchAll(/^ {2}(?:-h, )?(--[a-z-]+)/gm)] : [];
    const section = readme.split(`\n## mailscope ${name}\n`)[1]?.split('\n## ')[0] ?? '';
    const documented = [...section.matchAll(/^\| `(--[a-z-]+)/gm)].map(([, flag]) => flag);
    expect(documented, name).toEqual(flags.map(([, flag]) => flag).filter((flag) => flag !== '--help'));
  }
  for (const code of [0, 1, 2, 3]) expect(readme).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
});
