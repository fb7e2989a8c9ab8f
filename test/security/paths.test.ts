// A path in another spelling is never a way around the checks: not of a call of ours, not of other tools', not of a
// WebSocket. (Mailpit's gate looked at the raw path and its router at the decoded one: CVE-2026-67448.)
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { openCompat } from '../../server/compat/open-compat.ts';
import type { CompatParts } from '../../server/compat/parts.ts';
import { routes } from '../../shared/routes.ts';
import { startTestSandbox } from '../support/sandbox.ts';

const theirs = openCompat(
  {
    events: { on: () => () => {} },
    store: { counts: () => Promise.resolve({ messages: 0 }) },
  } as unknown as CompatParts,
  { primary: 'mailpit', maxSize: 1 },
).calls;

const spellings: Record<string, (path: string) => string> = {
  'a letter encoded': (path) => path.replace(/[a-z]/, (c) => `%${c.charCodeAt(0).toString(16)}`),
  'the last letter encoded': (path) =>
    path.replace(/[a-z](?=[^a-z]*$)/, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
  'encoded twice': (path) => path.replace(/[a-z]/, (c) => `%25${c.charCodeAt(0).toString(16)}`),
  'two slashes': (path) => `/${path}`,
  'a dot segment': (path) => `/.${path}`,
  'back and forth': (path) => `/x/..${path}`,
  'an encoded dot segment': (path) => `/%2e${path}`,
  'an encoded slash': (path) => path.replace(/(.)\/([^/]*)$/, '$1%2f$2'),
  'an encoded backslash': (path) => path.replace(/(.)\/([^/]*)$/, '$1%5C$2'),
  'a backslash': (path) => path.replace(/(.)\/([^/]*)$/, '$1\\$2'),
  'upper case': (path) => path.toUpperCase(),
  'a parameter': (path) => `${path};x=1`,
  'a NUL': (path) => `${path}%00`,
  'an overlong slash': (path) => path.replace(/(.)\/([^/]*)$/, '$1%c0%af$2'),
  'a full-width slash': (path) => path.replace(/(.)\/([^/]*)$/, '$1%ef%bc%8f$2'),
};

const evil: Record<string, Record<string, string>> = {
  host: { Host: 'evil.test' },
  origin: { Host: 'localhost', Origin: 'http://evil.test', 'X-Mailscope': '1' },
  site: { Host: 'localhost', 'Sec-Fetch-Site': 'cross-site', 'X-Mailscope': '1' },
};

function statusOf(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<number> {
  return new Promise((done, fail) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: { ...headers, Connection: 'close' },
        agent: false,
        setHost: false,
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => done(answer.statusCode ?? 0));
      },
    );
    asked.on('upgrade', (_, socket) => {
      socket.destroy();
      done(101);
    });
    asked.on('error', fail);
    asked.end();
  });
}

test('no spelling of any path lets a foreign request through', { timeout: 60_000 }, async () => {
  await using sandbox = await startTestSandbox();
  const port = Number(new URL(sandbox.url).port);
  const known = [
    ...Object.values(routes).map(({ method, path }) => `${method} ${path}`),
    ...theirs.map(({ method, path }) => `${method} ${path}`),
    ...['GET /mail/:id', 'POST /mcp', 'GET /api/docs', 'GET /socket.io/'],
  ];
  const through: string[] = [];
  let tried = 0;
  for (const call of new Set(known)) {
    const [method = '', path = ''] = call.replace(/:\w+/g, '1').split(' ');
    const all = Object.entries(spellings).map(([name, spell]) => [name, spell(path)] as const);
    const cases = [['plain', path] as const, ...all.filter(([, spelled]) => spelled !== path)];
    const asked = cases.map(async ([name, spelled], n) => {
      // In turn: three times as many would tell nothing more.
      const kinds = name === 'plain' ? Object.keys(evil) : [Object.keys(evil)[n % 3]!];
      for (const kind of kinds) {
        tried++;
        const status = await statusOf(port, method, spelled, evil[kind]!);
        if (status < 400) through.push(`${status} ${method} ${spelled} (${name}, ${kind})`);
      }
    });
    await Promise.all(asked);
  }
  expect(through).toEqual([]);
  expect(tried).toBeGreaterThan(1500);
});

test('no spelling of a WebSocket path is one', async () => {
  await using sandbox = await startTestSandbox();
  const port = Number(new URL(sandbox.url).port);
  const upgrade = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  const open = (path: string, more: Record<string, string> = {}): Promise<number> => {
    const headers = { ...upgrade, ...more };
    return new Promise((done, fail) => {
      const asked = request({ host: '127.0.0.1', port, path, headers, setHost: false }, (answer) => {
        answer.resume();
        done(answer.statusCode ?? 0);
      });
      asked.on('upgrade', (_, socket) => {
        socket.destroy();
        done(101);
      });
      asked.on('error', fail);
      asked.end();
    });
  };
  for (const [path, query] of [
    ['/socket.io/', '?EIO=4&transport=websocket'],
    ['/api/events', ''],
    ['/api/v2/websocket', ''],
    ['/messages', ''],
  ] as const) {
    expect([path, await open(path + query)]).toEqual([path, 101]);
    for (const headers of Object.values(evil))
      expect([421, 403], path).toContain(await open(path + query, headers));
    for (const [name, spell] of Object.entries(spellings)) {
      const spelled = spell(path);
      if (spelled !== path)
        expect([name, [400, 404].includes(await open(spelled + query))]).toEqual([name, true]);
    }
  }
});
