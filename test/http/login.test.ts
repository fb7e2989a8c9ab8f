// Logging in: by the form of the page, and by what programs send with each request.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { overall, perAddress, LoginLimits } from '../../server/http/login-limits.ts';
import { routes } from '../../shared/routes.ts';
import { temporaryFolder } from '../process/mailscope.ts';
import { createFake } from './fake-parts.ts';
import { rawRequest, sayRaw, startTestHttp, statusOf, type TestHttp } from './support.ts';
import type { Grant, GuestPart, HttpOptions } from '../../server/http/parts.ts';

const password = 'correct horse: battery';
const token = 'token-0123456789abcdef';

async function startClosed(options: Partial<HttpOptions> = {}, fake = createFake()): Promise<TestHttp> {
  fake.addMessage('m_1', 'Subject: secret subject\r\n\r\nsecret body');
  const grant: Grant = { scope: 'write', inbox: null, revoked: false };
  fake.grants = {
    isClosed: true,
    find: (given) => (given === token ? grant : undefined),
    looksLikeToken: (text) => text.startsWith('msk_'),
    password: { matches: (given) => given === password },
  };
  return startTestHttp(options, fake);
}

const basic = (secret: string, user = ''): string =>
  `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
const ask = (http: TestHttp, path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(http.url + path, { headers });
const logIn = (http: TestHttp, given: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${http.url}/api/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ password: given }),
  });
const cookieOf = (answer: Response): string => answer.headers.get('set-cookie')!.split(';', 1)[0]!;

test('without a password nothing of any mail is answered, by any call', async () => {
  await using http = await startClosed();
  const open = new Set(['readReady', 'readCa', 'readLogin', 'logIn', 'logOut']);
  for (const [name, { method, path }] of Object.entries(routes)) {
    if (open.has(name)) continue;
    const answer = await sayRaw(
      http.port,
      rawRequest(`${method} ${path.replace(':id', 'm_1').replace(/:\w+/g, '1')} HTTP/1.1`, [
        'Host: localhost',
      ]),
    );
    expect([name, statusOf(answer)]).toEqual([name, 401]);
    expect(answer).not.toContain('secret');
  }
  for (const path of ['/mail/m_1', '/mcp', '/api/docs', '/nothing', '/api/v1/messages'])
    expect([path, (await ask(http, path)).status]).toEqual([path, 401]);
  // The page shows the form by itself; here it is not built.
  for (const path of ['/', '/inbox/m_1', '/settings']) expect((await ask(http, path)).status).toBe(503);
  expect((await fetch(http.url, { method: 'POST' })).status).toBe(401);
});

test('the password is taken as that of Basic, whatever the user, and a token as before', async () => {
  await using http = await startClosed();
  const status = async (authorization: string) => (await ask(http, '/api/status', { authorization })).status;
  expect(await status(basic(password))).toBe(200);
  expect(await status(basic(password, 'ann'))).toBe(200);
  expect(await status(basic(token, 'ann'))).toBe(200);
  expect(await status(`Bearer ${token}`)).toBe(200);
  expect(await status(basic('wrong'))).toBe(401);
  expect(await status(`Bearer ${Buffer.from(password).toString('base64')}`)).toBe(401);
});

test('a login gives a cookie that no script and no other site gets, and that ends with the logout', async () => {
  await using http = await startClosed();
  expect(await (await ask(http, '/api/login')).json()).toEqual({
    needed: true,
    password: true,
    allowed: false,
    loggedIn: false,
  });
  const wrong = await logIn(http, 'wrong');
  expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([401, null]);
  const answer = await logIn(http, password);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('set-cookie')).toMatch(
    /^mailscope-[0-9a-f]{12}=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const cookie = cookieOf(answer);
  // Another server of the host may have set one of the same name.
  const sent = { cookie: `a=b; ${cookie.split('=')[0]}=planted; ${cookie}` };
  expect((await ask(http, '/api/messages', sent)).status).toBe(200);
  expect((await ask(http, '/mail/m_1', sent)).status).toBe(200);
  expect(await (await ask(http, '/api/login', sent)).json()).toMatchObject({ allowed: true, loggedIn: true });
  // A token that comes with it is checked all the same.
  const beside = async (authorization: string) =>
    (await ask(http, '/api/messages', { ...sent, authorization })).status;
  for (const given of ['Bearer nope', 'Bearer msk_nope', basic('msk_nope')])
    expect([given, await beside(given)]).toEqual([given, 401]);
  expect(await beside(`Bearer ${token}`)).toBe(200);
  const change = (headers: Record<string, string>) =>
    fetch(`${http.url}/api/messages/m_1`, { method: 'DELETE', headers: { ...sent, ...headers } });
  expect((await change({})).status).toBe(403);
  expect((await change({ 'X-Mailscope': '1', Origin: 'http://127.0.0.1:1' })).status).toBe(403);
  expect((await change({ 'X-Mailscope': '1' })).status).toBe(200);
  const out = await fetch(`${http.url}/api/logout`, {
    method: 'POST',
    headers: { ...sent, 'X-Mailscope': '1' },
  });
  expect(out.headers.get('set-cookie')).toMatch(/=; Path=\/; HttpOnly; SameSite=Strict; Max-Age=0$/);
  expect((await ask(http, '/api/messages', sent)).status).toBe(401);
});

test('behind a proxy that speaks HTTPS the cookie of a login is for HTTPS alone', async () => {
  await using http = await startClosed();
  const own = http.url.replace('http:', 'https:');
  const headers = { Origin: own, 'X-Forwarded-Proto': 'https', 'X-Mailscope': '1' };
  const answer = await logIn(http, password, headers);
  const cookie = answer.headers.get('set-cookie')!;
  expect(cookie).toMatch(/^__Host-mailscope-.+; SameSite=Strict; Secure$/);
  const sent = { ...headers, cookie: cookie.split(';', 1)[0]! };
  expect((await ask(http, '/api/messages', sent)).status).toBe(200);
  const page = await ask(http, '/', sent);
  expect(page.headers.get('content-security-policy')).toContain(`connect-src 'self' wss://127.0.0.1:`);
});

test('a login from the page of another site is refused, and where none is needed none is kept', async () => {
  await using http = await startClosed();
  expect((await logIn(http, password, { Origin: 'http://evil.test' })).status).toBe(403);
  await using open = await startTestHttp();
  const needless = await logIn(open, password);
  expect([needless.status, needless.headers.get('set-cookie')]).toEqual([200, null]);
  expect(await (await ask(open, '/api/login')).json()).toMatchObject({ needed: false, allowed: true });
});

test('a browser is asked for a password where it follows a link, and not by what the page fetches', async () => {
  await using http = await startClosed();
  const challenge = async (headers: Record<string, string>) =>
    (await ask(http, '/api/messages', headers)).headers.get('www-authenticate');
  expect(await challenge({})).toContain('Basic');
  expect(await challenge({ 'X-Mailscope': '1' })).toBe('Bearer realm="Mailscope"');
  expect(await challenge({ 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' })).not.toContain(
    'Basic',
  );
  // fetch sets this header itself.
  const link = [
    'Host: localhost',
    'Sec-Fetch-Site: none',
    'Sec-Fetch-Mode: navigate',
    'Sec-Fetch-Dest: document',
  ];
  expect(await sayRaw(http.port, rawRequest('GET /api/messages HTTP/1.1', link))).toContain('Basic');
});

test('a browser at an address where there is nothing gets the login of the page, and a program the error', async () => {
  await using folder = await temporaryFolder();
  const webFolder = folder.path;
  await writeFile(join(webFolder, 'index.html'), '<title>the page</title>');
  const fake = createFake();
  const guests: GuestPart = {
    serves: (path) => path === '/email',
    refusalAt: () => undefined,
    answer: (_request, response) => {
      response.end('secret');
      return Promise.resolve(true);
    },
    upgrade: () => false,
    connected: () => () => {},
    close: () => {},
  };
  await using http = await startClosed({ webFolder }, { ...fake, guests });
  const html = { Accept: 'text/html,*/*' };
  const found = async (path: string, headers: Record<string, string>, method = 'GET') => {
    const answer = await fetch(http.url + path, { method, headers });
    const offered = answer.headers.get('www-authenticate') ?? '';
    return [answer.status, (await answer.text()).slice(0, 10), offered.includes('Basic')];
  };
  expect(await found('/nothing/here', html)).toEqual([401, '<title>the', false]);
  expect(await found('/nothing/here', html, 'HEAD')).toEqual([401, '', false]);
  const asProgram = [401, '{"error":{', true];
  expect(await found('/nothing/here', {})).toEqual(asProgram);
  expect(await found('/nothing/here', html, 'POST')).toEqual(asProgram);
  expect(await found('/nothing/here', { ...html, Authorization: basic('wrong') })).toEqual(asProgram);
  // Where there is something, the browser's own prompt leads to it.
  for (const path of ['/email', '/mail/m_1', '/mcp', '/api/docs'])
    expect([path, ...(await found(path, html))]).toEqual([path, ...asProgram]);
  // Without a page there is nothing to show, and nothing else is shown either.
  await rm(webFolder, { recursive: true });
  expect((await found('/nothing/here', html)).slice(0, 2)).toEqual([401, '{"error":{']);
});

test('who tries passwords is told to wait, and tokens are taken all the while', async () => {
  await using http = await startClosed();
  const tries = [];
  for (let n = 0; n < perAddress.burst + 2; n++)
    tries.push(
      n % 2
        ? await logIn(http, `wrong ${n}`)
        : await ask(http, '/api/status', { authorization: basic(`no ${n}`) }),
    );
  expect(tries.map(({ status }) => status)).toEqual([...Array<number>(perAddress.burst).fill(401), 429, 429]);
  const last = tries.at(-1)!;
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await last.json()).toMatchObject({
    error: { code: 'too_many_logins', hint: expect.stringContaining('Try again in') as string },
  });
  // Otherwise the answer would tell which one is right.
  expect((await logIn(http, password)).status).toBe(429);
  expect((await logIn(http, token)).status).toBe(200);
  expect((await ask(http, '/api/status', { authorization: `Bearer ${token}` })).status).toBe(200);
  expect((await ask(http, '/api/status', { authorization: basic(token) })).status).toBe(200);
  expect((await ask(http, '/api/ready', { authorization: basic('wrong') })).status).toBe(200);
});

test('attempts come back with time; what others do wrong holds up only who was never in', () => {
  let now = 1000;
  const limits = new LoginLimits(() => now);
  const fail = (address: string, times: number): void => {
    for (let n = 0; n < times; n++) limits.failed(address);
  };
  limits.succeeded('192.0.2.1');
  fail('192.0.2.7', perAddress.burst - 1);
  expect(limits.waitMs('192.0.2.7')).toBe(0);
  fail('192.0.2.7', 1);
  expect(limits.waitMs('192.0.2.7')).toBe(perAddress.everyMs);
  expect(limits.waitMs('::ffff:192.0.2.7')).toBe(perAddress.everyMs);
  expect(limits.waitMs('192.0.2.8')).toBe(0);
  now += perAddress.everyMs;
  expect(limits.waitMs('192.0.2.7')).toBe(0);
  // A whole network of IPv6 is one.
  for (let n = 0; n < perAddress.burst; n++) limits.failed(`2001:db8::${n}:1`);
  expect(limits.waitMs('2001:db8:0:0:ffff::1')).toBeGreaterThan(0);
  expect(limits.waitMs('2001:db8:0:1::1')).toBe(0);
  for (let n = 0; n < overall.burst + 20; n++) limits.failed(`198.51.100.${n}`);
  expect(limits.waitMs('203.0.113.9')).toBeGreaterThan(0);
  expect(limits.waitMs('192.0.2.1')).toBe(0);
  now += 600_000;
  expect(limits.waitMs('203.0.113.9')).toBe(0);
  // Memory stays bounded whatever comes.
  for (let n = 0; n < 30_000; n++) limits.failed(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`);
  expect(limits.waitMs('203.0.113.9')).toBeGreaterThan(0);
});
