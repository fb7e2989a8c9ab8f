// Failed handshakes that no TLS library makes on purpose: foreign protocols, half a hello, alerts of other clients,
// resets, silence. The client is a plain socket.
import { once } from 'node:events';
import * as net from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { failureFacts } from '../../server/smtp/tls/facts.ts';
import type { TlsFacts, TlsSetup } from '../../server/smtp/tls/terminator.ts';
import { TlsWire } from '../../server/smtp/tls/wire.ts';
import * as make from './hello-bytes.ts';
import { nodeHello } from './real-hellos.ts';
import { listenTls, testCertificate, testSetup, type TestCertificate } from './tls-listener.ts';

let certificate: TestCertificate;
let hello: Buffer;

beforeAll(async () => {
  certificate = await testCertificate();
  hello = await nodeHello({ servername: 'localhost' });
});

type Play = (socket: net.Socket) => unknown;
interface Options {
  setup?: Partial<TlsSetup>;
  mode?: 'implicit' | 'starttls';
  early?: Buffer;
  shown?: TestCertificate;
}

async function factsOf(play: Play, options: Options = {}): Promise<TlsFacts> {
  const setup = testSetup(options.shown ?? certificate, options.setup);
  await using listener = await listenTls(setup, options);
  const socket = net.connect({ port: listener.port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  await play(socket);
  const { facts, socket: secured } = await listener.next();
  expect(secured).toBeNull();
  socket.destroy();
  return facts;
}

const failureOf = async (play: Play, options?: Options) => (await factsOf(play, options)).failure!;
const textOf = async (play: Play, options?: Options) => (await failureOf(play, options)).text;
const send = (bytes: string | Buffer) => (socket: net.Socket) =>
  socket.resume().write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
/** Sends a hello and waits for our flight. */
async function reachCertificate(socket: net.Socket): Promise<void> {
  socket.write(hello);
  await once(socket, 'data');
}
const alertRecord = (code: number, level = 2): Buffer => make.record(Buffer.from([level, code]), 21, 0x0303);

describe('a client that speaks something else', () => {
  test.each([
    [
      'EHLO mail.test\r\n',
      /^The client spoke plain SMTP \(EHLO \.\.\.\) on a port that expects TLS from the first byte: turn implicit TLS on/,
    ],
    ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', /^The client sent a plain HTTP request \(GET \.\.\.\) on a port/],
    ['CONNECT mail.test:25 HTTP/1.1\r\n\r\n', /^The client sent a plain HTTP request \(CONNECT \.\.\.\)/],
    ['PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n', /^A PROXY protocol header came on a port/],
    ['SSH-2.0-OpenSSH_9.9\r\n', /^An SSH client connected/],
    ['\xff\xfb\x1f\xff\xfb\x20\xff\xfb', /^The client sent telnet negotiation/],
    [
      '\x00\xff\x00\xff\x00\xff\x00\xff',
      /^The client sent bytes that are neither TLS nor SMTP \(00ff00ff00ff00ff\)/,
    ],
    [
      '\x80\x1f\x01\x00\x02\x00\x06\x00\x00\x00\x10\x01\x00\x80\x00\x00\x00' + 'x'.repeat(16),
      /^The client began with a ClientHello in the format of SSLv2/,
    ],
    [
      '\x15\x03\x03\x00\x02\x02\x46',
      /^The client sent the alert protocol_version before any ClientHello: its own settings/,
    ],
  ])('%j is named', async (bytes, text) => {
    const failure = await failureOf(send(bytes));
    expect(failure.text).toMatch(text);
    expect(failure.by).toBe('server');
  });

  test('no secret of a plain-text client gets into the sentence', async () => {
    expect(await textOf(send('AUTH PLAIN AGFubgBodW50ZXIy\r\n'))).not.toContain('AGFub');
  });

  test('plain text after STARTTLS is named', async () => {
    expect(await textOf(send('EHLO mail.test\r\n'), { mode: 'starttls' })).toMatch(
      /^The client went on in plain text \(EHLO \.\.\.\) after STARTTLS was answered with 220/,
    );
  });

  test('plain text after the ClientHello is named', async () => {
    const text = await textOf(async (socket) => {
      await reachCertificate(socket);
      socket.write('QUIT\r\n');
    });
    expect(text).toContain('no TLS record after its ClientHello');
  });
});

describe('a client that goes away', () => {
  test('before a byte', async () => {
    const failure = await failureOf((socket) => socket.end());
    expect(failure).toMatchObject({ by: 'client', code: null, alert: null });
    expect(failure.text).toMatch(/^The client closed the connection before it sent a byte: a port check, or/);
  });
  test('before a byte, after STARTTLS', async () => {
    expect(await textOf((socket) => socket.end(), { mode: 'starttls' })).toContain(
      'after STARTTLS was answered',
    );
  });
  test('in the middle of its ClientHello', async () => {
    const facts = await factsOf((socket) => socket.end(hello.subarray(0, 60)));
    expect(facts.failure!.text).toContain('in the middle of its ClientHello (60 bytes had come)');
    expect(facts).toMatchObject({ clientHello: null, certificates: [] });
  });
  test('after its ClientHello', async () => {
    const facts = await factsOf((socket) => socket.end(hello));
    expect(facts.failure!.text).toMatch(
      /^The client closed the connection without a TLS alert after it got our cert/,
    );
    expect(facts).toMatchObject({
      sni: 'localhost',
      version: 'TLSv1.3',
      group: expect.stringMatching(/^(x25519|X25519MLKEM768)$/),
      alerts: [],
    });
    expect(facts.certificates).toHaveLength(2);
  });
  test('by a reset before a byte', async () => {
    const failure = await failureOf((socket) => socket.resetAndDestroy());
    expect(failure).toMatchObject({ by: 'client', code: 'ECONNRESET' });
    expect(failure.text).toMatch(/^The client reset the TCP connection \(ECONNRESET\) before it sent a byte/);
  });
  test('by a reset after our certificate', async () => {
    const failure = await failureOf(async (socket) => {
      await reachCertificate(socket);
      socket.resetAndDestroy();
    });
    expect(failure.text).toMatch(
      /^The client reset the TCP connection \(ECONNRESET\) after it got our certificate/,
    );
  });
});

describe.concurrent('a client that falls silent', () => {
  // Enough to get as far as that.
  const setup = { handshakeMs: 800 };
  test('before a byte', async () => {
    const failure = await failureOf(() => {}, { setup });
    expect(failure).toMatchObject({ by: 'server', code: 'ERR_TLS_HANDSHAKE_TIMEOUT' });
    expect(failure.text).toMatch(
      /^We gave up: the client sent nothing within 800 ms; it most likely waits for a plain/,
    );
  });
  test('before a byte, after STARTTLS', async () => {
    expect(await textOf(() => {}, { setup, mode: 'starttls' })).toContain(
      'after STARTTLS was answered with 220',
    );
  });
  test('in the middle of its ClientHello', async () => {
    expect(await textOf(send(hello.subarray(0, 20)), { setup })).toContain(
      '(20 bytes had come) and did not complete',
    );
  });
  test('after our certificate', async () => {
    expect(await textOf(send(hello), { setup })).toMatch(
      /^We gave up: the client did not answer our certificate/,
    );
  });
  test('a byte now and then does not prolong the limit', async () => {
    let at = 0;
    await failureOf(
      (socket) => {
        const drip = setInterval(() => socket.write(hello.subarray(at, ++at)), 20);
        socket.on('close', () => clearInterval(drip));
      },
      { setup },
    );
    // Long before it was whole.
    expect(at).toBeLessThan(hello.length / 2);
  });
});

describe('an alert of a client', () => {
  const refuse = (code: number, level?: number) => async (socket: net.Socket) => {
    await reachCertificate(socket);
    socket.end(alertRecord(code, level));
  };
  test.each([
    [
      48,
      'unknown_ca',
      /it does not trust the issuer: see to it that the client trusts the issuer "Mailscope local CA/,
    ],
    [
      42,
      'bad_certificate',
      /Go for every problem with a certificate: name and dates fit, so check that it trusts/,
    ],
    [46, 'certificate_unknown', /Java sends this when it finds no trusted issuer/],
    [
      45,
      'certificate_expired',
      /but by our clock it is valid until \d{4}-\d\d-\d\d: check the clock of the client/,
    ],
    [43, 'unsupported_certificate', /cannot use a certificate with an EC P-256 key/],
    [44, 'certificate_revoked', /lists it as revoked/],
    [70, 'protocol_version', /refused TLSv1\.3 with the alert protocol_version/],
    [
      40,
      'handshake_failure',
      /what we chose \(TLSv1\.3, TLS_AES_256_GCM_SHA384, (?:x25519|X25519MLKEM768)\) is not good enough/,
    ],
    [80, 'internal_error', /Java clients do this when their trust store is empty/],
    [51, 'decrypt_error', /could not make sense of our bytes/],
    [49, 'access_denied', /with the alert access_denied \(RFC 8446 section 6\.2\)/],
  ])('%i is told as %s', async (code, name, text) => {
    const facts = await factsOf(refuse(code));
    expect(facts.failure).toMatchObject({ by: 'client', alert: name });
    expect(facts.failure!.text).toMatch(text);
    expect(facts.alerts).toEqual([expect.objectContaining({ from: 'client', level: 'fatal', code, name })]);
  });

  test('that a person called it off is no error', async () => {
    const facts = await factsOf(refuse(90, 1));
    expect(facts.failure!.text).toContain('called the handshake off with the alert user_canceled');
  });

  test('that our certificate expired is confirmed by our own clock', async () => {
    const shown = await testCertificate(['localhost'], new Date(Date.now() - 1_000 * 86_400_000));
    expect(await textOf(refuse(45), { shown })).toMatch(
      /alert certificate_expired: the certificate expired on/,
    );
  });
});

test('an alert that only the TLS library could decrypt is recorded too', async () => {
  const wire = new TlsWire();
  wire.feed('client', hello, 0);
  const error = Object.assign(new Error('SSL routines:ssl3_read_bytes: SSL alert number 46'), {
    code: 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN',
  });
  const course = { mode: 'implicit', openedUs: 0, startedUs: 0, wire } as const;
  const facts = failureFacts(
    { ...course, certificates: [], minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' },
    { kind: 'tls-error', error },
  );
  expect(facts.alerts).toMatchObject([{ from: 'client', code: 46, name: 'certificate_unknown' }]);
  expect(facts.failure).toMatchObject({ by: 'client', alert: 'certificate_unknown', code: error.code });
});

describe('a damaged handshake', () => {
  test('with a record that cannot be decrypted', async () => {
    const failure = await failureOf(async (socket) => {
      await reachCertificate(socket);
      socket.write(make.record(Buffer.alloc(64, 7), 23, 0x0303));
    });
    expect(failure).toMatchObject({ by: 'server', alert: 'bad_record_mac' });
    expect(failure.text).toContain('could not be decrypted: bytes were changed on the way');
  });
  test('without a group in common', async () => {
    const exotic = make.plainHello({ groups: make.groups(0x1f), shares: make.keyShares([0x1f, 65]) });
    const failure = await failureOf(send(exotic));
    expect(failure).toMatchObject({ by: 'server', alert: 'handshake_failure' });
    expect(failure.text).toContain(
      'no key exchange group in common: the client offers brainpoolP256r1tls13; let it',
    );
  });
  test('with a key exchange message where the hello belongs', async () => {
    const text = await textOf(send(make.record(Buffer.from([16, 0, 0, 2, 0, 0]))));
    expect(text).toMatch(
      /^We ended the handshake, because the first bytes of the client are no valid ClientHello/,
    );
  });
});

test('a key that does not fit its certificate is reported, not thrown', async () => {
  const other = await testCertificate();
  const failure = await failureOf(send(hello), { setup: { key: other.key } });
  expect(failure.text).toMatch(
    /^We could not start TLS, because the key or the certificate of this listener cannot/,
  );
});

test('a hello that came with the STARTTLS line counts', async () => {
  const facts = await factsOf((socket) => socket.end(), { mode: 'starttls', early: hello });
  expect(facts).toMatchObject({ mode: 'starttls', sni: 'localhost', version: 'TLSv1.3' });
  expect(facts.clientHello!.bytes).toBe(hello.length);
});
