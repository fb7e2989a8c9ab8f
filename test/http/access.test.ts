import { expect, test } from 'vitest';
import { routes } from '../../shared/routes.ts';
import { parseHost } from '../../server/http/access.ts';
import { rawRequest, sayRaw, startTestHttp, statusOf } from './support.ts';

const get = (port: number, headers: string[], path = '/api/status'): Promise<string> =>
  sayRaw(port, rawRequest(`GET ${path} HTTP/1.1`, headers));

const targets = [
  ...Object.values(routes).map(({ method, path }) => ({
    method: method as string,
    path: path.replace(':id', path.includes('sessions') ? 's_1' : 'm_1').replace(':part', '1'),
  })),
  ...['/', '/sessions/s_1', '/connect', '/mail/m_1', '/assets/app.js', '/unknown'].map((path) => ({
    method: 'GET',
    path,
  })),
  { method: 'GET', path: '/socket.io/?EIO=4&transport=polling' },
];
const bodyFor = (method: string): [string[], string] =>
  method === 'POST' || method === 'PATCH'
    ? [['Content-Type: application/json', 'Content-Length: 12'], '{"all":true}']
    : [[], ''];

test('a Host of another name is answered 421 on every path, and the flag is named', async () => {
  await using http = await startTestHttp();
  http.fake.addMessage('m_1', 'x');
  const hosts = [
    'evil.test',
    'rebind.test:8025',
    'localhost.evil.test',
    '127.0.0.1.evil.test',
    '2130706433',
    '0x7f.1',
    'user@localhost',
  ];
  for (const { method, path } of targets)
    for (const host of hosts) {
      const [headers, body] = bodyFor(method);
      const answer = await sayRaw(
        http.port,
        rawRequest(`${method} ${path} HTTP/1.1`, [`Host: ${host}`, ...headers], body),
      );
      expect(`${statusOf(answer)} ${method} ${path} ${host}`).toBe(`421 ${method} ${path} ${host}`);
      expect(answer).toContain('--allow-host');
      expect(answer.toLowerCase()).not.toContain('access-control-');
    }
  expect(http.fake.messages.size).toBe(1);
});

test('localhost, addresses and allowed names are good hosts, whatever the port', async () => {
  await using http = await startTestHttp({ allowHosts: ['Mail.Box'] });
  const hosts = [
    'localhost',
    'LOCALHOST',
    'localhost.',
    'app.localhost:3000',
    '127.0.0.1:1',
    '[::1]:8025',
    '192.168.1.5',
    'mail.box',
    'MAIL.BOX.:9',
  ];
  for (const host of hosts)
    expect(`${host} ${statusOf(await get(http.port, [`Host: ${host}`]))}`).toBe(`${host} 200`);
});

test('a request without one clear Host is refused', async () => {
  await using http = await startTestHttp();
  for (const headers of [
    [],
    ['Host: localhost', 'Host: evil.test'],
    ['Host: localhost', 'host: localhost'],
    ['Host: localhost, evil.test'],
    ['Host: [fe80::1%25eth0]'],
    ['Host: '],
  ])
    expect([400, 421]).toContain(statusOf(await get(http.port, headers)));
  const absolute = rawRequest('GET http://localhost/api/status HTTP/1.1', ['Host: localhost']);
  expect(statusOf(await sayRaw(http.port, absolute))).toBe(400);
  expect(statusOf(await get(http.port, ['Host: evil.test', 'X-Forwarded-Host: localhost']))).toBe(421);
  expect(parseHost('user:pass@localhost')).toBeUndefined();
});

test('an Origin other than our own is refused on every path', async () => {
  await using http = await startTestHttp();
  http.fake.addMessage('m_1', 'x');
  const own = `127.0.0.1:${http.port}`;
  const origins = [
    'http://evil.test',
    'null',
    `https://${own}`,
    'http://127.0.0.1:1',
    'http://localhost',
    `http://${own}.evil.test`,
    `http://evil@${own}`,
    `http://${own}/`,
    '',
  ];
  for (const { method, path } of targets)
    for (const origin of origins) {
      const [headers, body] = bodyFor(method);
      const answer = await sayRaw(
        http.port,
        rawRequest(
          `${method} ${path} HTTP/1.1`,
          [`Host: ${own}`, `Origin: ${origin}`, 'X-Mailscope: 1', ...headers],
          body,
        ),
      );
      expect(`${statusOf(answer)} ${method} ${path} ${origin}`).toBe(`403 ${method} ${path} ${origin}`);
      expect(answer).not.toContain('"sid"');
    }
  expect(http.fake.messages.size).toBe(1);
  expect(statusOf(await get(http.port, [`Host: ${own}`, `Origin: http://${own}`]))).toBe(200);
  // A port that is forwarded from elsewhere, and the standard port.
  expect(statusOf(await get(http.port, ['Host: localhost:9000', 'Origin: http://localhost:9000']))).toBe(200);
  expect(statusOf(await get(http.port, ['Host: localhost:80', 'Origin: http://localhost']))).toBe(200);
});

test('behind a proxy that speaks HTTPS and says so, the page is that of HTTPS, and only that', async () => {
  await using http = await startTestHttp({ allowHosts: ['mail.test'] });
  const behind = ['Host: mail.test', 'X-Forwarded-Proto: https'];
  const change = async (...headers: string[]): Promise<number> => {
    http.fake.addMessage('m_1', 'x');
    return statusOf(
      await sayRaw(
        http.port,
        rawRequest('DELETE /api/messages/m_1 HTTP/1.1', [...headers, 'X-Mailscope: 1']),
      ),
    );
  };
  expect(await change(...behind, 'Origin: https://mail.test')).toBe(200);
  expect(await change(...behind, 'Origin: https://mail.test', 'Sec-Fetch-Site: same-origin')).toBe(200);
  expect(
    await change('Host: mail.test:8443', 'X-Forwarded-Proto: HTTPS, http', 'Origin: https://mail.test:8443'),
  ).toBe(200);
  for (const origin of ['http://mail.test', 'https://mail.test:444', 'https://evil.test', 'null'])
    expect(`${origin} ${await change(...behind, `Origin: ${origin}`)}`).toBe(`${origin} 403`);
  for (const forwarded of ['http', 'http, https', 'https.evil', ''])
    expect(
      `${forwarded} ${await change('Host: mail.test', `X-Forwarded-Proto: ${forwarded}`, 'Origin: https://mail.test')}`,
    ).toBe(`${forwarded} 403`);
  expect(await change('Host: evil.test', 'X-Forwarded-Proto: https', 'Origin: https://evil.test')).toBe(421);
  const live = '/socket.io/?EIO=4&transport=polling';
  expect(statusOf(await get(http.port, [...behind, 'Origin: https://mail.test'], live))).toBe(200);
  expect(await get(http.port, ['Host: mail.test', 'Origin: https://mail.test'])).toContain(
    'X-Forwarded-Proto',
  );
});

test('what a page of another site asks for is refused, but following a link to the interface is not', async () => {
  await using http = await startTestHttp();
  const host = 'Host: localhost';
  for (const site of ['cross-site', 'same-site', 'strange'])
    for (const { path } of targets)
      expect(
        `${path} ${statusOf(await get(http.port, [host, `Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: no-cors'], path))}`,
      ).toBe(`${path} 403`);
  const navigation = [host, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate'];
  expect(statusOf(await get(http.port, [...navigation, 'Sec-Fetch-Dest: document'], '/sessions/s_1'))).toBe(
    503,
  );
  expect(statusOf(await get(http.port, [...navigation, 'Sec-Fetch-Dest: iframe'], '/'))).toBe(403);
  expect(statusOf(await get(http.port, [...navigation, 'Sec-Fetch-Dest: document'], '/api/messages'))).toBe(
    403,
  );
  expect(statusOf(await get(http.port, [...navigation, 'Sec-Fetch-Dest: document'], '/mail/m_1'))).toBe(403);
  for (const site of ['same-origin', 'none'])
    expect(statusOf(await get(http.port, [host, `Sec-Fetch-Site: ${site}`]))).toBe(200);
});

test('a change from a browser needs the header of our own; a program does not', async () => {
  await using http = await startTestHttp();
  const change = async (...headers: string[]): Promise<number> => {
    http.fake.addMessage('m_1', 'x');
    return statusOf(
      await sayRaw(
        http.port,
        rawRequest('DELETE /api/messages/m_1 HTTP/1.1', ['Host: localhost', ...headers]),
      ),
    );
  };
  expect(await change()).toBe(200);
  expect(await change('Origin: http://localhost')).toBe(403);
  expect(await change('Sec-Fetch-Site: same-origin')).toBe(403);
  // Node's fetch sends this one header; it is no browser.
  expect(await change('Sec-Fetch-Mode: cors')).toBe(200);
  expect(await change('Origin: http://localhost', 'X-Mailscope: 1')).toBe(200);
});

test('a path in another spelling never reaches what is behind it', async () => {
  await using http = await startTestHttp();
  http.fake.addMessage('m_1', 'x');
  const spell: ((path: string) => string)[] = [
    (path) => path.replace(/[a-z]/, (c) => `%${c.charCodeAt(0).toString(16)}`),
    (path) => path.replace(/[a-z](?=[^a-z]*$)/, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    (path) => `/${path}`,
    (path) => `/.${path}`,
    (path) => `/x/..${path}`,
    (path) => path.replace(/^\/([^/]+)\//, '/$1%2f'),
    (path) => path.replace(/^\/([^/]+)\//, '/$1%5C'),
    (path) => path.replace(/^\/([^/]+)\//, '/$1\\'),
    (path) => `${path}%00`,
    (path) => `${path}%`,
    (path) => path.replace(/^\/([^/]+)\//, (whole) => whole.toUpperCase()),
    (path) => `${path}/`,
    (path) => `${path};x=1`,
    (path) => `/%2e${path}`,
  ];
  for (const { method, path } of targets.filter(
    ({ path }) => path.lastIndexOf('/') > 0 && !path.startsWith('/sessions'),
  ))
    for (const rewrite of spell) {
      const [plain, query] = path.split('?') as [string, string?];
      const other = rewrite(plain) + (query === undefined ? '' : `?${query}`);
      if (other === path) continue;
      const [headers, body] = bodyFor(method);
      const answer = await sayRaw(
        http.port,
        rawRequest(`${method} ${other} HTTP/1.1`, ['Host: localhost', ...headers], body),
      );
      expect([400, 404, 405], `${method} ${other}`).toContain(statusOf(answer));
    }
  expect(http.fake.messages.size).toBe(1);
});

test('a WebSocket is refused by the same rules, before the handshake', async () => {
  await using http = await startTestHttp();
  const upgrade = (path: string, ...headers: string[]): Promise<string> =>
    sayRaw(
      http.port,
      [
        `GET ${path} HTTP/1.1`,
        ...headers,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        '',
        '',
      ].join('\r\n'),
      /\r\n\r\n[^]*[^]$|101/,
    );
  const path = '/socket.io/?EIO=4&transport=websocket';
  expect(statusOf(await upgrade(path, 'Host: localhost'))).toBe(101);
  expect(statusOf(await upgrade(path, 'Host: localhost', 'Origin: http://localhost'))).toBe(101);
  expect(statusOf(await upgrade(path, 'Host: evil.test'))).toBe(421);
  for (const bad of [
    'Origin: http://evil.test',
    'Origin: null',
    'Origin: https://localhost',
    'Origin: http://localhost:1',
    'Sec-Fetch-Site: cross-site',
  ])
    expect(`${bad} ${statusOf(await upgrade(path, 'Host: localhost', bad))}`).toBe(`${bad} 403`);
  for (const other of [
    '/%73ocket.io/?EIO=4&transport=websocket',
    '//socket.io/?EIO=4&transport=websocket',
    '/SOCKET.IO/?EIO=4&transport=websocket',
    '/api/events',
    '/socket.io?EIO=4&transport=websocket',
  ])
    expect([400, 404], other).toContain(statusOf(await upgrade(other, 'Host: localhost')));
});

test('an offer to upgrade to HTTP/2 is passed over, with and without a body', async () => {
  await using http = await startTestHttp();
  http.fake.addMessage('m_1', 'x');
  const offer = [
    'Host: localhost',
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
  ];
  const got = await sayRaw(http.port, ['GET /api/ready HTTP/1.1', ...offer, '', ''].join('\r\n'), /true}/);
  expect(got).toContain('{"ready":true}');
  const body = '{"ids":["m_1"]}';
  const post = [
    'POST /api/messages/delete HTTP/1.1',
    ...offer,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ];
  expect(await sayRaw(http.port, post.join('\r\n'), /count/)).toContain('{"count":1}');
  const evil = ['GET /api/ready HTTP/1.1', 'Host: evil.test', ...offer.slice(1), '', ''];
  expect(statusOf(await sayRaw(http.port, evil.join('\r\n'), /}}/))).toBe(421);
});

test('SMTP on the web port is answered 400', async () => {
  await using http = await startTestHttp();
  expect(statusOf(await sayRaw(http.port, 'EHLO client.test\r\nMAIL FROM:<a@b.test>\r\n'))).toBe(400);
});
