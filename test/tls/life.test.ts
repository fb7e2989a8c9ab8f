// Resumption, and that a handshake that is cut off anywhere leaves nothing behind.
import { once } from 'node:events';
import * as net from 'node:net';
import { PassThrough } from 'node:stream';
import * as tls from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { startTls } from '../../server/smtp/tls/terminator.ts';
import { TlsWire } from '../../server/smtp/tls/wire.ts';
import { nodeHello } from './real-hellos.ts';
import { listenTls, testCertificate, testSetup, type TestCertificate } from './tls-listener.ts';

let certificate: TestCertificate;
let hello: Buffer;
beforeAll(async () => {
  certificate = await testCertificate();
  hello = await nodeHello({ servername: 'localhost' });
});

const connect = (port: number, options: tls.ConnectionOptions = {}) =>
  tls
    .connect({ host: '127.0.0.1', port, servername: 'localhost', ca: certificate.ca, ...options })
    .on('error', () => {});

describe('a client that comes back', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('resumes its session over %s', async (version) => {
    await using listener = await listenTls(testSetup(certificate));
    const range = { minVersion: version, maxVersion: version };
    const first = connect(listener.port, range);
    const kept = once(first, 'session');
    const [session] = (await kept) as [Buffer];
    expect((await listener.next()).facts.resumed).toBe(false);
    first.end();

    const second = connect(listener.port, { ...range, session });
    await once(second, 'secureConnect');
    const { facts } = await listener.next();
    expect(second.isSessionReused()).toBe(true);
    expect(facts).toMatchObject({
      ok: true,
      resumed: true,
      version,
      certificates: [],
      clientCertificate: null,
    });
    expect(facts.clientHello!.resumption).toBe(true);
    second.destroy();
  });

  test('is not said to have a trusted certificate when it resumes without one', async () => {
    const setup = testSetup(certificate, { requestClientCert: true, ca: [certificate.ca] });
    await using listener = await listenTls(setup);
    const options = { host: '127.0.0.1', port: listener.port, servername: 'localhost', ca: certificate.ca };
    const first = tls.connect(options);
    const session = await new Promise<Buffer>((resolve) => first.once('session', resolve));
    expect((await listener.next()).facts.clientCertificate).toBeNull();
    const second = tls.connect({ ...options, session });
    const { facts } = await listener.next();
    expect(facts).toMatchObject({ resumed: true, clientCertificate: null });
    first.destroy();
    second.destroy();
  });

  test('resumes where another handshake ran at the same time, on another TLS context', async () => {
    await using listener = await listenTls(testSetup(certificate));
    const sockets = [connect(listener.port), connect(listener.port), connect(listener.port)];
    const sessions = await Promise.all(sockets.map((socket) => once(socket, 'session')));
    for (let n = 0; n < 3; n++) await listener.next();
    for (const [session] of sessions) {
      const again = connect(listener.port, { session: session as Buffer });
      expect((await listener.next()).facts.resumed).toBe(true);
      again.destroy();
    }
    for (const socket of sockets) socket.destroy();
  });
});

test('what is said over TLS arrives, and the end of it too', async () => {
  await using listener = await listenTls(testSetup(certificate));
  const client = connect(listener.port);
  const { socket } = await listener.next();
  socket!.write('220 mailscope\r\n');
  const [greeting] = (await once(client, 'data')) as [Buffer];
  expect(greeting.toString()).toBe('220 mailscope\r\n');
  client.end('QUIT\r\n');
  let commands = '';
  for await (const chunk of socket!) commands += String(chunk);
  expect(commands).toBe('QUIT\r\n');
});

test('a client that asks for a renegotiation does not get one', async () => {
  await using listener = await listenTls(testSetup(certificate));
  const client = connect(listener.port, { maxVersion: 'TLSv1.2' });
  await once(client, 'secureConnect');
  const { socket } = await listener.next();
  socket!.resume();
  const [error] = (await Promise.all([
    new Promise((resolve) => client.on('error', resolve)),
    client.renegotiate({}, () => {}),
  ])) as [Error, unknown];
  expect(error.message).toContain('no renegotiation');
  client.destroy();
});

test('a reset after the handshake ends no process', async () => {
  await using listener = await listenTls(testSetup(certificate));
  const raw = net.connect(listener.port, '127.0.0.1');
  const client = tls
    .connect({ socket: raw, servername: 'localhost', ca: certificate.ca })
    .on('error', () => {});
  const { socket } = await listener.next();
  const closed = new Promise((resolve) => socket!.on('close', resolve));
  raw.resetAndDestroy();
  await closed;
  client.destroy();
});

describe('a handshake that is cut off on our side', () => {
  const moments = ['at once', 'in the hello', 'after the hello', 'with an error'] as const;
  test.each(moments)('%s ends and leaves no listener', async (moment) => {
    for (let n = 0; n < 20; n++) {
      await using listener = await listenTls(testSetup(certificate), {
        onTransport(transport) {
          if (moment === 'at once') transport.destroy();
          if (moment === 'with an error')
            transport.destroy(Object.assign(new Error('gone'), { code: 'EPIPE' }));
          if (moment === 'in the hello') transport.once('data', () => transport.destroy());
          if (moment === 'after the hello') setImmediate(() => setImmediate(() => transport.destroy()));
        },
      });
      const client = net.connect(listener.port, '127.0.0.1').on('error', () => {});
      client.write(moment === 'in the hello' ? hello.subarray(0, 30) : hello);
      const { socket, facts, transport } = await listener.next();
      expect(socket).toBeNull();
      expect(facts.failure!.text).toMatch(/our side|The connection broke|The client reset/);
      expect(transport.destroyed).toBe(true);
      client.destroy();
    }
  });

  test('by the time limit leaves only the listeners of Node.js on the transport', async () => {
    const counts: Record<string, number[]> = {};
    for (const isOurs of [true, false]) {
      const transport = new PassThrough();
      const server = tls.createServer({ key: certificate.key, cert: certificate.cert });
      if (!isOurs) server.emit('connection', transport);
      const setup = { ...testSetup(certificate), handshakeMs: 20 };
      const request = { mode: 'implicit', openedUs: 0, wire: new TlsWire() } as const;
      if (isOurs) await startTls(transport, setup, request);
      for (const event of ['end', 'close', 'error', 'data'])
        (counts[event] ??= []).push(transport.listenerCount(event));
      transport.destroy();
    }
    for (const [ours, bare] of Object.values(counts)) expect(ours).toBe(bare);
  });
});
