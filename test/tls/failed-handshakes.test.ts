// Every way a handshake fails is told in one sentence: who ended it, why, and what to check. The peers are real TLS
// clients of Node.js; what they do not do is done by hand in failed-by-hand.test.ts.
import * as tls from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TlsSetup } from '../../server/smtp/tls/terminator.ts';
import { findCertificateDoubt } from '../../server/smtp/tls/certificate-reason.ts';
import { explainEarlyLeave } from '../../server/smtp/tls/explain.ts';
import {
  listenTls,
  testCertificate,
  testSetup,
  type Handshake,
  type TestCertificate,
} from './tls-listener.ts';

let certificate: TestCertificate;
let expired: TestCertificate;
let future: TestCertificate;
const yearMs = 365 * 86_400_000;

beforeAll(async () => {
  certificate = await testCertificate();
  expired = await testCertificate(['localhost'], new Date(Date.now() - 3 * yearMs));
  future = await testCertificate(['localhost'], new Date(Date.now() + yearMs));
});

/** One handshake between a Node.js client and us. The client leaves when it is connected. */
async function handshake(
  setup: Partial<TlsSetup>,
  client: tls.ConnectionOptions,
  shown: TestCertificate = certificate,
): Promise<Handshake> {
  await using listener = await listenTls(testSetup(shown, setup));
  const socket = tls.connect({
    host: '127.0.0.1',
    port: listener.port,
    servername: 'localhost',
    ca: shown.ca,
    ...client,
  });
  socket.on('error', () => {}).on('secureConnect', () => socket.end());
  const result = await listener.next();
  socket.destroy();
  return result;
}

const failureOf = async (...args: Parameters<typeof handshake>) => {
  const { facts, socket } = await handshake(...args);
  expect(socket).toBeNull();
  expect(facts.ok).toBe(false);
  return facts.failure!;
};

describe('a client that does not accept our certificate', () => {
  test('Node.js that does not know our CA closes without a word, and we say so', async () => {
    const failure = await failureOf({}, { ca: [] });
    expect(failure).toMatchObject({ by: 'client', alert: null, code: null });
    expect(failure.text).toMatch(
      /^The client closed the connection without a TLS alert after it got our certificate; clients on Node\.js and on Python's asyncio do this when they do not trust the certificate: name and dates fit, so check that it trusts the issuer "Mailscope local CA [0-9a-f]{6}" \(Mailscope's own CA is served at \/api\/ca\.pem\), or turn verification off for tests\.$/,
    );
  });

  test('is told where our CA is only if the certificate is of it', () => {
    const validTo = new Date(Date.now() + yearMs).toISOString();
    const times = { validFrom: '2026-01-01T00:00:00.000Z', validTo };
    const sent = {
      subject: 'CN=localhost',
      names: ['localhost'],
      ...times,
      fingerprint256: '',
      serialNumber: '',
      key: '',
    };
    const told = (issuer: string) => findCertificateDoubt({ ...sent, issuer }, 'localhost', Date.now()).text;
    expect(told('C=DE, O=Corp, CN=Corp Issuing CA 2')).toBe(
      'name and dates fit, so check that it trusts the issuer "Corp Issuing CA 2", or turn verification off for tests',
    );
    expect(told('CN=Mailscope local CA 0a1b2c, O=Mailscope')).toContain('served at /api/ca.pem');
  });

  test('a wrong name is found by looking at our certificate again', async () => {
    const failure = await failureOf({}, { servername: 'mail.test' });
    expect(failure.text).toContain(
      'the certificate names localhost, 127.0.0.1, the client asked for mail.test: connect by one of these names, or start Mailscope with --cert-name mail.test.',
    );
  });

  test('an expired certificate is named as such', async () => {
    const failure = await failureOf({}, {}, expired);
    expect(failure.text).toMatch(
      /do not trust the certificate: the certificate expired on \d{4}-\d\d-\d\d: restart/,
    );
  });

  test('a certificate of the future is named as such', async () => {
    const failure = await failureOf({}, {}, future);
    expect(failure.text).toMatch(/the certificate is valid only from \d{4}-\d\d-\d\d: set the clock right/);
  });

  test('without a server name, both reasons are given', async () => {
    const failure = await failureOf({}, { servername: '', ca: [] });
    expect(failure.text).toContain(
      'the client sent no server name: check that the host it connects to is one of',
    );
  });

  test('Node.js over TLS 1.2 completes the handshake and leaves, and we say so', async () => {
    const { facts } = await handshake({}, { ca: [], maxVersion: 'TLSv1.2' });
    expect(facts).toMatchObject({ ok: true, failure: null, version: 'TLSv1.2' });
    expect(explainEarlyLeave(facts)).toMatch(
      /^The TLSv1\.2 handshake completed, but the client left before any SMTP command; clients that check the certificate only then .*Node\.js over TLS 1\.2.*: name and dates fit/,
    );
  });
});

describe('a client that cannot agree with us', () => {
  test('on a version, because it is too old', async () => {
    const failure = await failureOf(
      {},
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
    );
    expect(failure).toMatchObject({
      by: 'server',
      alert: 'protocol_version',
      code: 'ERR_SSL_UNSUPPORTED_PROTOCOL',
      text: 'We ended the handshake with the alert protocol_version: the client offers nothing above TLSv1.1, this listener accepts TLSv1.2 to TLSv1.3; change the TLS versions set in the client, or update its TLS library.',
    });
  });

  test('on a version, because we accept only TLS 1.3', async () => {
    const { text } = await failureOf({ minVersion: 'TLSv1.3' }, { maxVersion: 'TLSv1.2' });
    expect(text).toContain(
      'the client offers nothing above TLSv1.2, this listener accepts TLSv1.3 to TLSv1.3',
    );
  });

  test('on a version, because it wants only TLS 1.3', async () => {
    const { text } = await failureOf({ maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' });
    expect(text).toContain('the client offers TLSv1.3, this listener accepts TLSv1.2 to TLSv1.2');
  });

  test('on a cipher suite of TLS 1.3', async () => {
    const failure = await failureOf(
      { ciphers: 'TLS_AES_256_GCM_SHA384', minVersion: 'TLSv1.3' },
      { ciphers: 'TLS_AES_128_GCM_SHA256', minVersion: 'TLSv1.3' },
    );
    expect(failure).toMatchObject({
      by: 'server',
      alert: 'handshake_failure',
      code: 'ERR_SSL_NO_SHARED_CIPHER',
    });
    expect(failure.text).toContain('no cipher suite in common: the client offers TLS_AES_128_GCM_SHA256;');
  });

  test('on a cipher suite, because it knows only RSA certificates', async () => {
    const { text } = await failureOf({}, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' });
    expect(text).toContain(
      'the client offers only suites for RSA certificates (TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256), our certificate has an EC P-256 key',
    );
  });

  test('on a cipher suite, because it does not list our curve', async () => {
    const { text } = await failureOf({}, { maxVersion: 'TLSv1.2', ecdhCurve: 'P-384' });
    expect(text).toContain('the client does not list the group secp256r1 (secp384r1)');
  });

  test('on a signature algorithm', async () => {
    const failure = await failureOf({}, { sigalgs: 'RSA-PSS+SHA256', minVersion: 'TLSv1.3' });
    expect(failure).toMatchObject({ by: 'server', code: 'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM' });
    expect(failure.text).toContain(
      'no signature algorithm of the client fits our EC P-256 certificate: it offers rsa_pss_rsae_sha256; let it offer ecdsa_secp256r1_sha256',
    );
  });

  test('on a protocol by ALPN, like a browser', async () => {
    const failure = await failureOf({}, { ALPNProtocols: ['h2', 'http/1.1'] });
    expect(failure).toMatchObject({ alert: 'no_application_protocol', by: 'server' });
    expect(failure.text).toContain(
      'offers ALPN h2, http/1.1, this port speaks only smtp; a browser or HTTP client',
    );
  });

  test('nothing is wrong with ALPN smtp', async () => {
    const { facts } = await handshake({}, { ALPNProtocols: ['h2', 'smtp'] });
    expect(facts).toMatchObject({ ok: true, alpn: 'smtp' });
  });
});

describe('a listener that asks for a client certificate', () => {
  const require = () => ({ requestClientCert: true, requireClientCert: true, ca: [certificate.ca] });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('says over %s that none was sent', async (version) => {
    const failure = await failureOf(require(), { minVersion: version, maxVersion: version });
    expect(failure).toMatchObject({ by: 'server', code: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' });
    expect(failure.alert).toBe(version === 'TLSv1.3' ? 'certificate_required' : 'handshake_failure');
    expect(failure.text).toContain('requires a client certificate and the client sent none');
  });

  test('says why it does not trust the one that was sent', async () => {
    const other = await testCertificate(['client.test']);
    const failure = await failureOf(require(), { key: other.key, cert: other.cert });
    expect(failure).toMatchObject({ by: 'server' });
    expect(failure.text).toContain(
      'client certificate that it can trust, and the one of the client is not: it is not made for client authentication (INVALID_PURPOSE); give',
    );
  });

  test('records a certificate that it only asked for, and what is wrong with it', async () => {
    const other = await testCertificate(['client.test']);
    const { facts } = await handshake({ requestClientCert: true }, { key: other.key, cert: other.cert });
    expect(facts.ok).toBe(true);
    expect(facts.clientCertificate).toMatchObject({
      names: ['client.test'],
      key: 'EC P-256',
      trusted: false,
    });
    expect(facts.clientCertificate!.problem).toBe(
      'it is not made for client authentication (INVALID_PURPOSE)',
    );
  });

  test('records that none was sent', async () => {
    const { facts } = await handshake({ requestClientCert: true }, {});
    expect(facts).toMatchObject({ ok: true, clientCertificate: null });
  });
});
