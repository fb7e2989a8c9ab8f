// Other tools' calls stand behind the same checks as ours, and what is documented of them is what there is.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openCompat } from '../../server/compat/open-compat.ts';
import type { CompatParts } from '../../server/compat/parts.ts';
import { rawRequest, sayRaw, statusOf } from '../http/support.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { startWithMail } from './support.ts';

const calls = openCompat(
  {
    events: { on: () => () => {} },
    store: { counts: () => Promise.resolve({ messages: 0 }) },
  } as unknown as CompatParts,
  { primary: 'mailhog', maxSize: 1 },
).calls;
const sockets = ['/api/events', '/api/v2/websocket', '/messages'];

/** With something for each name in it. */
const fill = (path: string, id: string): string =>
  path
    .replace(/:id/, /^\/messages|accounts/.test(path) ? '1' : id)
    .replace(/:account|:inbox|:number/g, '1')
    .replace(/:\w+/g, '1');

test('every call of theirs refuses other hosts, other origins and other sites, and changes nothing', async () => {
  await using sandbox = await startWithMail();
  const port = Number(new URL(sandbox.url).port);
  const own = `Host: 127.0.0.1:${port}`;
  const wrong: [status: number, headers: string[]][] = [
    [421, ['Host: rebind.test']],
    [403, [own, 'Origin: http://evil.test', 'X-Mailscope: 1']],
    [403, [own, 'Origin: null', 'X-Mailscope: 1']],
    [403, [own, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors', 'X-Mailscope: 1']],
    [
      403,
      [
        own,
        'Sec-Fetch-Site: cross-site',
        'Sec-Fetch-Mode: navigate',
        'Sec-Fetch-Dest: document',
        'X-Mailscope: 1',
      ],
    ],
  ];
  expect(calls.length).toBeGreaterThan(60);
  for (const { method, path } of calls)
    for (const [status, headers] of wrong) {
      const target = `${method} ${fill(path, sandbox.ids[0]!)}`;
      const answer = await sayRaw(port, rawRequest(`${target} HTTP/1.1`, headers));
      expect(`${target} ${headers.at(-1)} ${statusOf(answer)}`).toBe(`${target} ${headers.at(-1)} ${status}`);
      expect(answer.toLowerCase()).not.toContain('access-control-');
    }
  const { messages, unread } = await sandbox.client.readStatus();
  expect([messages, unread]).toEqual([2, 2]);
});

test('a change by their calls from a browser needs the header of our own; a program does not', async () => {
  await using sandbox = await startWithMail();
  const port = Number(new URL(sandbox.url).port);
  const own = [`Host: 127.0.0.1:${port}`, `Origin: http://127.0.0.1:${port}`];
  for (const { method, path } of calls.filter(({ method }) => method !== 'GET')) {
    const target = `${method} ${fill(path, sandbox.ids[0]!)}`;
    const answer = await sayRaw(port, rawRequest(`${target} HTTP/1.1`, own));
    expect(`${target} ${statusOf(answer)}`).toBe(`${target} 403`);
  }
  expect((await sandbox.client.readStatus()).messages).toBe(2);
  const allowed = await sayRaw(port, rawRequest('DELETE /email/all HTTP/1.1', [...own, 'X-Mailscope: 1']));
  expect(statusOf(allowed)).toBe(200);
});

test('a WebSocket of theirs is refused by the same rules, and elsewhere there is none', async () => {
  await using sandbox = await startWithMail();
  const port = Number(new URL(sandbox.url).port);
  const upgrade = (path: string, ...headers: string[]): Promise<string> =>
    sayRaw(
      port,
      [
        ...[`GET ${path} HTTP/1.1`, ...headers, 'Connection: Upgrade', 'Upgrade: websocket'],
        ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', ''],
      ].join('\r\n'),
      /\r\n\r\n/,
    );
  for (const path of sockets) {
    expect(statusOf(await upgrade(path, 'Host: localhost'))).toBe(101);
    expect(statusOf(await upgrade(path, 'Host: localhost', 'Origin: http://localhost'))).toBe(101);
    expect(statusOf(await upgrade(path, 'Host: evil.test'))).toBe(421);
    for (const bad of ['Origin: http://evil.test', 'Origin: null', 'Sec-Fetch-Site: cross-site'])
      expect(`${bad} ${statusOf(await upgrade(path, 'Host: localhost', bad))}`).toBe(`${bad} 403`);
  }
  for (const path of ['/api/v1/messages', '/email', '/API/EVENTS', '//api/events', '/api/events/'])
    expect([400, 404], path).toContain(statusOf(await upgrade(path, 'Host: localhost')));
  const plain = await upgrade('/api/events', 'Host: localhost', 'Sec-WebSocket-Version: 7');
  expect(statusOf(plain)).not.toBe(101);
});

test('OPTIONS names the methods of a path, and allows no other origin anything', async () => {
  await using sandbox = await startWithMail();
  for (const [path, methods] of [
    ['/api/v1/messages', 'GET, PUT, DELETE, HEAD, OPTIONS'],
    ['/api/v2/messages', 'GET, HEAD, OPTIONS'],
  ]) {
    const { status, text, headers } = await sandbox.ask(`OPTIONS ${path}`);
    expect([status, text, headers.get('allow')!.split(', ').sort()]).toEqual([
      ...[200, '', methods!.split(', ').sort()],
    ]);
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    const port = Number(new URL(sandbox.url).port);
    const preflight = [
      `Host: 127.0.0.1:${port}`,
      'Origin: http://evil.test',
      'Access-Control-Request-Method: GET',
    ];
    const refused = await sayRaw(port, rawRequest(`OPTIONS ${path} HTTP/1.1`, preflight));
    expect(statusOf(refused)).toBe(403);
    expect(refused.toLowerCase()).not.toContain('access-control-allow');
  }
});

test('another method of a path is answered 405, and HEAD as GET without a body', async () => {
  await using sandbox = await startWithMail();
  const wrong = await sandbox.ask('POST /api/v1/info');
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  expect(wrong.json).toMatchObject({
    error: { code: 'method_not_allowed', hint: 'Use GET, HEAD, OPTIONS.' },
  });
  for (const path of [
    '/api/v1/messages',
    '/email',
    '/api/v1/message/latest/raw',
    '/messages/1.plain',
    '/api/v1/events',
  ]) {
    const { status, text } = await sandbox.ask(`HEAD ${path}`);
    expect(`${path} ${status} ${text}`).toBe(`${path} 200 `);
  }
});

test('a body that is too large, no JSON or of wrong types is refused as that tool does', async () => {
  await using sandbox = await startWithMail();
  const large = `{"IDs":["${'x'.repeat(6 * 1024 * 1024)}"]}`;
  const plain = 'text/plain';
  for (const call of [
    'PUT /api/v1/messages',
    'DELETE /api/v1/messages',
    'PUT /api/v1/tags',
    'PUT /api/v1/tags/x',
  ])
    expect(await sandbox.ask(call, large), call).toMatchObject({ status: 413, type: plain });
  for (const call of ['PUT /api/v1/messages', 'PUT /api/v1/tags', 'PUT /api/v1/tags/x'])
    for (const body of [
      '',
      '{',
      '[]',
      '7',
      '{"IDs":7}',
      '{"IDs":[7]}',
      '{"Read":"x"}',
      '{"Name":7}',
      '{"Tags":{}}',
    ]) {
      const { status, type } = await sandbox.ask(call, body);
      // Fields that a call does not know are passed over.
      if (status === 200) continue;
      expect([call, body, status, type]).toEqual([call, body, 400, plain]);
    }
  expect(await sandbox.ask('DELETE /api/v1/messages', '{')).toMatchObject({ status: 400, type: plain });
  expect(await sandbox.ask('DELETE /api/v1/messages', { IDs: 'x' })).toMatchObject({
    status: 400,
    type: plain,
  });
  for (const [body, status] of [
    [large, 413],
    ['{', 400],
    ['null', 400],
    ['{"ids":"x"}', 400],
    ['{"ids":[1]}', 400],
  ] as const)
    expect(await sandbox.ask('POST /api/email/delete', body)).toMatchObject({
      status,
      json: { error: expect.any(String) as unknown },
    });
  const mailtrap = '/api/accounts/1/inboxes/1/messages/1';
  expect(await sandbox.ask(`PATCH ${mailtrap}`, large)).toMatchObject({ status: 413 });
  expect((await sandbox.client.readStatus()).messages).toBe(2);
});

test('every call is in the table of the documentation, and nothing else is', () => {
  const readme = readFileSync(new URL('../../server/compat/README.md', import.meta.url), 'utf8');
  const documented = [...readme.matchAll(/^\| `([A-Z]+) (\/[^`]*)` \| (?!absent)/gm)].map(
    ([, method, path]) => `${method} ${path}`,
  );
  const there = new Set([
    ...calls.map(({ method, path }) => `${method} ${path}`),
    ...sockets.map((path) => `WS ${path}`),
  ]);
  expect([...new Set(documented)].sort()).toEqual([...there].sort());
});

test('behind a password the health calls of Mailpit answer whoever asks, as there, and nothing else of it does', async () => {
  await using sandbox = await startTestSandbox({ password: 'a long enough secret' });
  for (const path of ['/livez', '/readyz']) {
    const answer = await fetch(sandbox.url + path);
    expect([path, answer.status, await answer.text()]).toEqual([path, 200, '']);
    expect((await fetch(sandbox.url + path, { method: 'DELETE' })).status).toBe(401);
  }
  for (const path of ['/api/v1/info', '/api/v1/messages', '/api/v1/webui', '/healthz'])
    expect([path, (await fetch(sandbox.url + path)).status]).toEqual([path, 401]);
});
