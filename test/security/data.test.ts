// What comes in stays data: it changes no object, breaks no log line, and is gone when it was purged. What lets someone
// in is told nowhere.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../../server/log.ts';
import { connect } from '../../shared/client/client.ts';
import { routes } from '../../shared/routes.ts';
import { findForms, readWholeApi } from '../clients/secret-forms.ts';
import { rawRequest, sayRaw } from '../http/support.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { hostileMail } from '../support/hostile-mail.ts';
import { startTestSandbox } from '../support/sandbox.ts';

const everyFile = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('no input reaches a prototype: bodies, queries, header fields, parameters', async () => {
  await using sandbox = await startTestSandbox();
  const before = Object.getOwnPropertyNames(Object.prototype).sort();
  for (const name of ['parameters named like prototypes', 'fields named like prototypes']) {
    const { make } = hostileMail[name]!;
    const { id } = await sandbox.client.storeMessage({ body: new Uint8Array(make(100)) });
    await sandbox.client.readMessage({ params: { id } });
  }
  const bodies = [
    '{"__proto__":{"polluted":1},"all":true}',
    '{"constructor":{"prototype":{"polluted":1}},"all":true}',
    '{"ids":["__proto__"],"__proto__":{"purge":true}}',
    '{"messages":[{"headers":{"__proto__":"x","constructor":"y"}}],"timeout":1}',
    '{"name":"__proto__","rules":[{"header":"__proto__","value":"x"}]}',
    '[{"__proto__":{"polluted":1}}]',
  ];
  const queries = [
    '?a[__proto__][polluted]=1',
    '?__proto__[polluted]=1',
    '?constructor.prototype.polluted=1',
    '?__proto__=1',
  ];
  for (const { method, path } of Object.values(routes)) {
    const at = path.replace(/:\w+/g, '__proto__');
    for (const query of queries) {
      if (path.endsWith('/wait')) continue;
      const answer = await fetch(`${sandbox.url}${at}${query}`, {
        method,
        ...(method === 'GET' ? {} : { body: '{}' }),
      });
      expect([at, answer.status < 500]).toEqual([at, true]);
    }
    if (method === 'GET' || method === 'DELETE') continue;
    for (const body of bodies) {
      const answer = await fetch(sandbox.url + path.replace(/:\w+/g, 'constructor'), {
        method,
        headers: { 'Content-Type': 'application/json' },
        body,
      });
      expect([path, body, answer.status < 500]).toEqual([path, body, true]);
    }
  }
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before);
  expect(Object.keys({})).toEqual([]);
  const last = await sandbox.client.storeMessage({
    body: new TextEncoder().encode('Subject: fine\r\n\r\nx'),
  });
  expect(await sandbox.client.readMessage({ params: { id: last.id } })).toMatchObject({ subject: 'fine' });
});

test('whatever is said to any port, a log line is one line and drives no terminal', async () => {
  const lines: string[] = [];
  const log = createLog('debug', (line) => lines.push(line));
  await using sandbox = await startTestSandbox({ password: 'long enough' }, { log });
  const escape = '\x1b]0;owned\x07\x1b[2J\u202e';
  await using wire = await sandbox.wire();
  await wire.reply();
  await wire.say(`EHLO a${escape}b`);
  await wire.say(`NOPE ${escape}`);
  wire.send(Buffer.from([0x16, 3, 1, 255]));
  wire.end();
  const port = Number(new URL(sandbox.url).port);
  for (const target of [`/x%0d%0a2026-01-01T00:00:00.000Z error forged`, `/${'%1b[31m'}`, '/\x1b[31m'])
    await sayRaw(port, rawRequest(`GET ${target} HTTP/1.1`, ['Host: localhost'])).catch(() => '');
  log.error(`a fault with ${escape}\nforged`, new Error(`first\r\nsecond${escape}`));
  await fetch(`${sandbox.url}/api/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ password: `wrong${escape}` }),
  });
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) {
    expect(line).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z (error|warn|info|debug) [^\n]*\n$/);
    expect(line.slice(0, -1)).not.toMatch(/\p{Cc}|[\u2028-\u202e]/u);
  }
});

test('the password, tokens and cookies of the page are in no file, no log and no answer', async () => {
  const data = temporaryFolder();
  const [password, wrong, token] = ['P', 'W', 'T'].map((c) => `${c}-${randomBytes(18).toString('hex')}`) as [
    string,
    string,
    string,
  ];
  const lines: string[] = [];
  const log = createLog('debug', (line) => lines.push(line));
  const secrets = [password, wrong, token];
  {
    await using sandbox = await startTestSandbox({ data, password, token: [token] }, { log });
    const say = (given: string) =>
      fetch(`${sandbox.url}/api/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ password: given }),
      });
    const answers = await Promise.all([say(password), say(wrong), say(token), say(`${wrong}x`)]);
    for (const answer of answers) {
      const cookie = /=([^;]+);/.exec(answer.headers.get('set-cookie') ?? '')?.[1];
      if (cookie) secrets.push(cookie);
      expect(
        secrets.filter((one) => one !== undefined).some((one) => JSON.stringify(answer.url).includes(one)),
      ).toBe(false);
    }
    const cookie = answers[0]!.headers.get('set-cookie')!.split(';', 1)[0]!;
    await fetch(`${sandbox.url}/api/status`, { headers: { cookie } });
    await fetch(`${sandbox.url}/api/status`, { headers: { Authorization: `Basic ${btoa(`:${wrong}`)}` } });
    await fetch(`${sandbox.url}/api/status`, { headers: { Authorization: `Bearer ${wrong}` } });
    const client = connect(sandbox.url, { token });
    await client.storeMessage({ body: new TextEncoder().encode('Subject: x\r\n\r\nx') });
    const told = `${await readWholeApi(client)}${JSON.stringify(await client.readStatus())}`;
    for (const secret of secrets) expect(findForms(told, secret)).toEqual([]);
  }
  expect(secrets).toHaveLength(5);
  for (const secret of secrets) {
    expect(findForms(lines.join(''), secret)).toEqual([]);
    for (const file of everyFile(data))
      expect([file, findForms(readFileSync(file), secret)]).toEqual([file, []]);
  }
});

test('a mail that was purged, and a session that was deleted, are nowhere on the disk', async () => {
  const data = temporaryFolder();
  const mark = (what: string): string => `${what}-${randomBytes(9).toString('hex')}`;
  const marks = {
    subject: mark('subject'),
    header: mark('header'),
    text: mark('text'),
    large: mark('large'),
    name: mark('name'),
  };
  const address = mark('address');
  const message = (size: number): Buffer =>
    Buffer.from(
      [
        ...[`Subject: ${marks.subject}`, `X-Own: ${marks.header}`, 'MIME-Version: 1.0'],
        ...['Content-Type: multipart/mixed; boundary=b', '', '--b', '', marks.text, '--b'],
        ...['Content-Type: text/plain', `Content-Disposition: attachment; filename="${marks.name}.txt"`, ''],
        ...[`${marks.large} `.repeat(size), '--b--', ''],
      ].join('\r\n'),
    );
  const found = (wanted: string[]): string[] =>
    everyFile(data).flatMap((file) => {
      const bytes = readFileSync(file);
      return wanted.filter((one) => bytes.includes(one)).map((one) => `${one} in ${file}`);
    });
  {
    await using sandbox = await startTestSandbox({ data });
    await using wire = await sandbox.wire();
    await wire.hello();
    const ids = [];
    for (const size of [1, 100_000])
      ids.push(/m_\w+/.exec(await wire.mail(message(size), `${address}@x.test`))![0]);
    await wire.quit();
    const session = await sandbox.closedSession();
    for (const id of ids) await sandbox.client.readMessage({ params: { id } });
    expect((await sandbox.client.listMessages({ query: { query: marks.text } })).items).toHaveLength(2);
    expect(new Set(found(Object.values(marks)).map((line) => line.split(' ')[0]))).toEqual(
      new Set(Object.values(marks)),
    );
    await sandbox.client.deleteMessages({ body: { ids, purge: true } });
    await sandbox.client.deleteSession({ params: { id: session.id }, query: { purge: 'true' } });
    // Others came before and stay.
    await wire[Symbol.asyncDispose]();
  }
  expect(found([...Object.values(marks), address])).toEqual([]);
  for (const file of everyFile(data)) expect([file, statSync(file).mode & 0o077]).toEqual([file, 0]);
});

test('white space of a hostile field holds up no call, of ours or of other tools', async () => {
  await using sandbox = await startTestSandbox();
  const raw = `Subject: x\r\nTo: a${' '.repeat(300_000)}b@c.d\r\nDate: Mon,${' '.repeat(300_000)}x\r\n\r\nbody\r\n`;
  const { id } = await sandbox.client.storeMessage({ body: new TextEncoder().encode(raw) });
  for (const path of [
    `/api/messages/${id}`,
    `/api/v1/message/${id}`,
    `/email/${id}`,
    '/api/v2/messages',
    '/messages',
  ]) {
    const answer = await fetch(sandbox.url + path);
    await answer.arrayBuffer();
    expect([path, answer.status]).toEqual([path, 200]);
  }
});
