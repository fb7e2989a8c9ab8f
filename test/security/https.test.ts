// HTTPS on the web port: everything that HTTP does, and nothing that would make a program go on in clear.
import { request } from 'node:https';
import { connect as connectTls } from 'node:tls';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchWith } from '../../server/own-fetch.ts';
import { connect } from '../../shared/client/client.ts';
import { sayRaw, rawRequest, statusOf } from '../http/support.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';

const password = 'over the wire, sealed';
let sandbox: TestSandbox;
let port: number;
beforeAll(async () => {
  sandbox = await startTestSandbox({ httpTls: true, password });
  port = Number(new URL(sandbox.url).port);
});
afterAll(() => sandbox[Symbol.asyncDispose]());

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetchWith({ ca: sandbox.caPem })(sandbox.url + path, init);
const basic = `Basic ${Buffer.from(`:${password}`).toString('base64')}`;

test('the certificate is that of the local CA, for localhost and its addresses', async () => {
  expect(sandbox.url).toBe(`https://127.0.0.1:${port}`);
  expect(await (await ask('/api/ready')).json()).toEqual({ ready: true });
  const client = connect(sandbox.url, { password, fetch: fetchWith({ ca: sandbox.caPem }) });
  const { id } = await client.storeMessage({ body: new TextEncoder().encode('Subject: sealed\r\n\r\nx') });
  expect(await client.readMessage({ params: { id } })).toMatchObject({ subject: 'sealed' });
  await expect(fetch(`${sandbox.url}/api/ready`)).rejects.toThrow();
  const status = await new Promise<number | undefined>((done, fail) =>
    request(
      { host: '127.0.0.1', port, path: '/api/ready', ca: sandbox.caPem, servername: 'localhost' },
      (answer) => done(answer.resume().statusCode),
    )
      .on('error', fail)
      .end(),
  );
  expect(status).toBe(200);
});

test('the cookie of a login is for HTTPS alone, and an Origin must be HTTPS too', async () => {
  const logIn = (headers: Record<string, string>) =>
    ask('/api/login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Mailscope': '1', ...headers },
      body: JSON.stringify({ password }),
    });
  expect((await logIn({ Origin: `http://127.0.0.1:${port}` })).status).toBe(403);
  const answer = await logIn({ Origin: sandbox.url });
  expect(answer.headers.get('set-cookie')).toMatch(
    /^__Host-mailscope-[0-9a-f]{12}=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
  );
  const cookie = answer.headers.get('set-cookie')!.split(';', 1)[0]!;
  expect((await ask('/api/messages', { headers: { cookie } })).status).toBe(200);
  expect((await ask('/')).headers.get('content-security-policy')).toContain(
    `connect-src 'self' wss://127.0.0.1:${port}`,
  );
  // It would bind all other servers of the host name.
  expect(answer.headers.get('strict-transport-security')).toBeNull();
});

test('live events, agents and an upgrade that is not taken work over it', async () => {
  const said = await new Promise<string>((done) => {
    const socket = io(`${sandbox.url}/live`, {
      ca: sandbox.caPem,
      extraHeaders: { Authorization: basic },
      transports: ['websocket'],
      reconnection: false,
    });
    const end = (text: string): void => {
      socket.disconnect();
      done(text);
    };
    socket.on('start', () => end('start'));
    socket.on('connect_error', ({ message }) => end(message));
  });
  expect(said).toBe('start');
  const agent = await ask('/mcp', {
    method: 'POST',
    headers: {
      Authorization: basic,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'list_messages', arguments: {} },
    }),
  });
  expect(await agent.text()).toContain('sealed');
  const heard = await new Promise<string>((done, fail) => {
    const socket = connectTls({ port, host: '127.0.0.1', ca: sandbox.caPem }, () =>
      socket.write(
        'GET /api/ready HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
      ),
    );
    let text = '';
    socket.on('data', (bytes) => {
      text += String(bytes);
      if (text.includes('true}')) socket.destroy();
    });
    socket.on('close', () => done(text));
    socket.on('error', fail);
  });
  expect(heard).toContain('{"ready":true}');
});

test('plain HTTP on that port leads pages to HTTPS and refuses everything else', async () => {
  const page = await sayRaw(port, rawRequest('GET /inbox?query=a HTTP/1.1', ['Host: localhost:99']));
  expect(statusOf(page)).toBe(308);
  expect(page).toContain('Location: https://localhost:99/inbox?query=a\r\n');
  for (const line of ['GET /api/messages HTTP/1.1', 'POST / HTTP/1.1', 'GET /mail/latest HTTP/1.1'])
    expect(statusOf(await sayRaw(port, rawRequest(line, ['Host: localhost'])))).toBe(400);
  expect(statusOf(await sayRaw(port, rawRequest('GET / HTTP/1.1', ['Host: evil.test'])))).toBe(421);
  expect(statusOf(await sayRaw(port, 'EHLO client.test\r\n'))).toBe(400);
});

test('TLS before 1.2 is not spoken, and what is no TLS at all harms nobody', async () => {
  const old = new Promise((done, fail) => {
    const socket = connectTls(
      {
        port,
        host: '127.0.0.1',
        ca: sandbox.caPem,
        maxVersion: 'TLSv1.1',
        minVersion: 'TLSv1',
        ciphers: 'DEFAULT:@SECLEVEL=0',
      },
      () => done(socket.getProtocol()),
    );
    socket.on('error', fail);
  });
  await expect(old).rejects.toThrow();
  await sayRaw(port, Buffer.concat([Buffer.from([0x16]), Buffer.alloc(4000, 0xff)])).catch(() => '');
  expect((await ask('/api/ready')).status).toBe(200);
});
