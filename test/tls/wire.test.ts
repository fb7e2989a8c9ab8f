// What is recorded of a handshake that went well, and that watching one costs no memory to speak of.
import { once } from 'node:events';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { steadyUs } from '../../server/clock.ts';
import { unexpectedFacts } from '../../server/smtp/tls/facts.ts';
import type { TlsSetup } from '../../server/smtp/tls/terminator.ts';
import { TlsWire } from '../../server/smtp/tls/wire.ts';
import { needs } from '../support/tools.ts';
import * as make from './hello-bytes.ts';
import { nodeHello, run } from './real-hellos.ts';
import { listenTls, testCertificate, testSetup, type TestCertificate } from './tls-listener.ts';
import { watchClient } from './watch-client.ts';

let certificate: TestCertificate;
beforeAll(async () => {
  certificate = await testCertificate();
});

async function factsOf(client: tls.ConnectionOptions, setup: Partial<TlsSetup> = {}) {
  await using listener = await listenTls(testSetup(certificate, setup));
  const socket = tls.connect({
    host: '127.0.0.1',
    port: listener.port,
    servername: 'localhost',
    ca: certificate.ca,
    ...client,
  });
  socket.on('error', () => {});
  const { facts } = await listener.next();
  socket.destroy();
  return facts;
}

describe('a handshake that went well', () => {
  test('over TLS 1.3 is recorded with its group, cipher, certificates and steps', async () => {
    const facts = await factsOf({ ecdhCurve: 'X25519' });
    expect(facts).toMatchObject({
      mode: 'implicit',
      ok: true,
      version: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      group: 'x25519',
      alpn: null,
      sni: 'localhost',
      resumed: false,
      helloRetry: false,
      clientCertificate: null,
      alerts: [],
      failure: null,
    });
    expect(facts.certificates).toMatchObject([
      { subject: 'O=Mailscope, CN=localhost', names: ['localhost', '127.0.0.1'], key: 'EC P-256' },
      { subject: expect.stringMatching(/^O=Mailscope, CN=Mailscope local CA /) },
    ]);
    expect(facts.certificates[0]!.validTo).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const names = facts.steps.map(({ from, name }) => `${from}: ${name.replace(/\d+/, 'n')}`);
    expect(names.slice(0, 3)).toEqual([
      'client: ClientHello',
      'server: ServerHello',
      'server: ChangeCipherSpec',
    ]);
    expect(names).toContain('server: encrypted (n bytes)');
    expect(names).toContain('client: encrypted (n bytes)');
    const times = facts.steps.map(({ atUs }) => atUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.every((time) => Number.isInteger(time) && time >= 0 && time < 10_000_000)).toBe(true);
  });

  test('over TLS 1.2 is recorded with the messages that are in clear', async () => {
    const facts = await factsOf({ maxVersion: 'TLSv1.2', ecdhCurve: 'P-256' });
    expect(facts).toMatchObject({
      version: 'TLSv1.2',
      group: 'secp256r1',
      cipher: expect.stringMatching(/^TLS_ECDHE_ECDSA_WITH_AES_/),
    });
    expect(facts.steps.map(({ name }) => name.replace(/\(.*/, '').trim())).toEqual([
      'ClientHello',
      'ServerHello',
      'Certificate',
      'ServerKeyExchange',
      'ServerHelloDone',
      'ClientKeyExchange',
      'ChangeCipherSpec',
      'encrypted',
      'NewSessionTicket',
      'ChangeCipherSpec',
      'encrypted',
    ]);
  });

  test('asks for another key share where the first is for a group that we lack', async () => {
    await using listener = await listenTls(testSetup(certificate));
    const hello = make.plainHello({ groups: make.groups(0x1f, 23), shares: make.keyShares([0x1f, 65]) });
    const client = net.connect(listener.port, '127.0.0.1').on('error', () => {});
    client.write(hello);
    await once(client, 'data');
    client.end();
    const { facts } = await listener.next();
    expect(facts).toMatchObject({ ok: false, helloRetry: true, version: null, certificates: [] });
    expect(facts.steps.slice(0, 2).map(({ name }) => name)).toEqual(['ClientHello', 'HelloRetryRequest']);
    expect(facts.failure!.text).toContain('after our ServerHello');
  });

  needs('openssl').test('with a second ClientHello says so', async ({ skip }) => {
    const groups = 'brainpoolP256r1tls13:P-256';
    const version = Number(/OpenSSL (\d+\.\d+)/.exec(await run('openssl', ['version']))?.[1]);
    if (!(version >= 3.2)) skip('openssl before 3.2 has no group that we lack');
    await using listener = await listenTls(testSetup(certificate));
    await run('openssl', [
      's_client',
      '-connect',
      `127.0.0.1:${listener.port}`,
      '-tls1_3',
      '-groups',
      groups,
    ]);
    const { facts } = await listener.next();
    expect(facts).toMatchObject({ ok: true, helloRetry: true, group: 'secp256r1' });
    expect(facts.clientHello!.keyShares).toEqual(['brainpoolP256r1tls13']);
    const hellos = facts.steps.filter(({ name }) => name === 'ClientHello');
    expect(hellos).toHaveLength(2);
  });

  test('over TLS 1.0 works where a listener allows it', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1' } as const;
    const facts = await factsOf({ ...old, ciphers: 'ALL:@SECLEVEL=0' }, { minVersion: 'TLSv1' });
    expect(facts).toMatchObject({ ok: true, version: 'TLSv1' });
  });
});

test('a ClientHello on a port without TLS is explained from the hello alone', async () => {
  const bytes = await nodeHello({ servername: 'mail.test' });
  const facts = unexpectedFacts(watchClient(bytes).clientHello, 1_234);
  expect(facts).toMatchObject({ mode: 'unexpected', ok: false, sni: 'mail.test', certificates: [] });
  expect(facts.steps).toEqual([{ from: 'client', atUs: 1_234, name: 'ClientHello', bytes: bytes.length }]);
  expect(facts.failure!.text).toMatch(
    /^The client started TLS at once \(a ClientHello for mail\.test\) on a port that speaks plain SMTP first: turn implicit TLS off/,
  );
});

describe('a hostile peer', () => {
  test('is read the same in pieces of one byte', async () => {
    const bytes = await nodeHello({ servername: 'mail.test' });
    const wire = new TlsWire();
    for (const byte of bytes) wire.feed('client', Buffer.from([byte]), steadyUs());
    expect(wire.clientHello).toMatchObject({ sni: 'mail.test', bytes: bytes.length, records: 1 });
  });

  test('cannot fill the memory with records or messages without end', () => {
    const wire = new TlsWire();
    const before = process.memoryUsage().arrayBuffers;
    const endless = make.record(Buffer.concat([Buffer.from([1, 0xff, 0xff, 0xff]), Buffer.alloc(16_000)]));
    const more = make.record(Buffer.alloc(16_000));
    wire.feed('client', endless, 0);
    for (let n = 0; n < 2_000; n++) wire.feed('client', more, 0);
    for (let n = 0; n < 10_000; n++) wire.feed('server', make.record(Buffer.from([2, 10]), 21), 0);
    expect(wire.steps.length).toBeLessThanOrEqual(64);
    expect(wire.alerts.length).toBeLessThanOrEqual(16);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });

  test('cannot make the record of its hello large', () => {
    const ciphers = Array.from({ length: 7_000 }, (_, n) => n);
    const { clientHello } = watchClient(make.record(make.helloMessage(ciphers, [])));
    expect(clientHello?.ciphers).toHaveLength(256);
  });

  test('is not read on once its bytes are no TLS records', () => {
    const wire = new TlsWire();
    wire.feed('client', Buffer.from('EHLO mail.test\r\n'), 0);
    wire.feed('client', make.plainHello(), 0);
    expect(wire).toMatchObject({ notTls: 'client', clientHello: null, steps: [] });
    expect(wire.firstBytes.toString('latin1')).toMatch(/^EHLO mail\.test\r\n\x16/);
  });
});
