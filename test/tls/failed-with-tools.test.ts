// How openssl and Python refuse our certificate, and client certificates that only openssl can make.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { TlsFacts, TlsSetup } from '../../server/smtp/tls/terminator.ts';
import { needs } from '../support/tools.ts';
import { run } from './real-hellos.ts';
import { listenTls, testCertificate, testSetup, type TestCertificate } from './tls-listener.ts';

let folder: string;
let certificate: TestCertificate;
let expired: TestCertificate;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailscope-test-'));
  certificate = await testCertificate();
  // The CA is still good, the leaf is not.
  expired = await testCertificate(['localhost'], new Date(Date.now() - 1_000 * 86_400_000));
  await writeFile(join(folder, 'ca.pem'), certificate.ca);
  await writeFile(join(folder, 'expired-ca.pem'), expired.ca);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function factsOf(client: (port: number) => Promise<unknown>, setup: TlsSetup): Promise<TlsFacts> {
  await using listener = await listenTls(setup);
  const ended = client(listener.port);
  const { facts, socket } = await listener.next();
  socket?.resume().end();
  await ended;
  return facts;
}

const openssl =
  (...args: string[]) =>
  (port: number) =>
    run('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...args]);

const python = (name: string, ca?: string) => (port: number) =>
  run('python3', [
    '-c',
    [
      'import ssl,socket,sys',
      'c=ssl.create_default_context(cafile=sys.argv[3] if len(sys.argv)>3 else None)',
      'c.wrap_socket(socket.create_connection(("127.0.0.1",int(sys.argv[1]))),server_hostname=sys.argv[2])',
    ].join('\n'),
    String(port),
    name,
    ...(ca ? [join(folder, ca)] : []),
  ]);

describe('openssl', () => {
  needs('openssl').test.each(['-tls1_2', '-tls1_3'])(
    'that does not know our CA sends unknown_ca (%s)',
    async (version) => {
      const { failure, alerts } = await factsOf(
        openssl('-verify_return_error', version),
        testSetup(certificate),
      );
      expect(failure).toMatchObject({
        by: 'client',
        alert: 'unknown_ca',
        code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
      });
      expect(failure!.text).toMatch(
        /^The client refused our certificate with the alert unknown_ca, because it does not/,
      );
      expect(alerts).toMatchObject([{ from: 'client', level: 'fatal', code: 48 }]);
    },
  );

  needs('openssl').test('that is too old for us is told so', async () => {
    const old = openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0');
    const { failure } = await factsOf(old, testSetup(certificate));
    expect(failure).toMatchObject({ by: 'server', alert: 'protocol_version' });
    expect(failure!.text).toContain('the client offers nothing above TLSv1.1');
  });

  needs('openssl').test(
    'with a client certificate of a known CA is trusted, of another one refused',
    async () => {
      const made = await makeClientCertificate();
      const args = openssl('-key', made.keyFile, '-cert', made.certFile);
      const ca = [await readFile(made.caFile, 'utf8')];
      const trusted = await factsOf(
        args,
        testSetup(certificate, { requestClientCert: true, requireClientCert: true, ca }),
      );
      expect(trusted).toMatchObject({
        ok: true,
        clientCertificate: { trusted: true, problem: null, key: 'RSA 2048' },
      });
      expect(trusted.clientCertificate!.subject).toBe('CN=client.test');

      const asked = await factsOf(args, testSetup(certificate, { requestClientCert: true }));
      expect(asked.clientCertificate).toMatchObject({ trusted: false });
      expect(asked.clientCertificate!.problem).toContain('its issuer is not known to this listener');

      const refused = await factsOf(
        args,
        testSetup(certificate, { requestClientCert: true, requireClientCert: true }),
      );
      expect(refused.failure!.text).toContain('its issuer is not known to this listener');
    },
  );

  /** An RSA key, and a certificate for it that a CA of its own signed. */
  async function makeClientCertificate() {
    const path = (name: string) => join(folder, name);
    const subject = (name: string) => ['-subj', `/CN=${name}`];
    const key = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', path(name)];
    await run('openssl', [
      'req',
      '-x509',
      ...key('cca.key'),
      '-out',
      path('cca.pem'),
      ...subject('Clients'),
      '-days',
      '9',
    ]);
    await run('openssl', [
      'req',
      ...key('client.key'),
      '-out',
      path('client.csr'),
      ...subject('client.test'),
    ]);
    const signed = ['-CA', path('cca.pem'), '-CAkey', path('cca.key'), '-CAcreateserial', '-days', '9'];
    await run('openssl', ['x509', '-req', '-in', path('client.csr'), ...signed, '-out', path('client.pem')]);
    return { keyFile: path('client.key'), certFile: path('client.pem'), caFile: path('cca.pem') };
  }
});

describe('Python', () => {
  needs('python3').test('that does not know our CA sends unknown_ca', async () => {
    const { failure } = await factsOf(python('localhost'), testSetup(certificate));
    expect(failure).toMatchObject({ by: 'client', alert: 'unknown_ca' });
  });

  needs('python3').test('that finds another name sends bad_certificate, and we name the names', async () => {
    const { failure } = await factsOf(python('mail.test', 'ca.pem'), testSetup(certificate));
    expect(failure).toMatchObject({ by: 'client', alert: 'bad_certificate' });
    expect(failure!.text).toMatch(
      /alert bad_certificate; OpenSSL and Python send this for a wrong host name .*: the certificate names localhost, 127\.0\.0\.1, the client asked for mail\.test: connect by/,
    );
  });

  needs('python3').test('that finds it expired sends certificate_expired', async () => {
    const { failure } = await factsOf(python('localhost', 'expired-ca.pem'), testSetup(expired));
    expect(failure).toMatchObject({ by: 'client', alert: 'certificate_expired' });
    expect(failure!.text).toMatch(
      /alert certificate_expired: the certificate expired on \d{4}-\d\d-\d\d: restart/,
    );
  });
});
