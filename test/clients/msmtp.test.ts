// msmtp, the sendmail of many machines. Its TLS is GnuTLS, not OpenSSL.
import { describe, expect } from 'vitest';
import { createAuthority } from '../../server/certificate/authority.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { oneOf } from '../support/share.ts';
import { needs } from '../support/tools.ts';
import { expectCaptured, expectDistrust, listener, temporaryFile, ways, type Way } from './captured.ts';
import { bigLetter, letter, recipients, sender } from './messages.ts';
import { runProgram, type ProgramEnd } from './run-program.ts';

const { test } = needs('msmtp');
const secret = 'msmtp-S3cret-4711';
const end = 'quit by client';
/** Its server name is also an address, which RFC 6066 section 3 forbids. */
const sni = '127.0.0.1';

interface Settings {
  host?: string;
  /** Another CA than ours is trusted. */
  strange?: string;
  auth?: string;
  message?: Buffer;
}

async function send(sandbox: TestSandbox, way: Way, settings: Settings = {}): Promise<ProgramEnd> {
  const { host = '127.0.0.1', strange, auth, message = letter } = settings;
  await using ca = await temporaryFile('ca.pem', strange ?? sandbox.caPem);
  return await runProgram(
    'msmtp',
    [
      ...[
        `--host=${host}`,
        `--port=${sandbox.ports[listener[way]]}`,
        `--from=${sender}`,
        '--timeout=12',
        '--domain=client.test',
      ],
      `--tls=${way === 'smtp' ? 'off' : 'on'}`,
      `--tls-starttls=${way === 'smtps' ? 'off' : 'on'}`,
      ...(way === 'smtp' ? [] : [`--tls-trust-file=${ca.path}`]),
      ...(auth ? [`--auth=${auth}`, '--user=ann', `--passwordeval=echo ${secret}`] : []),
      ...recipients,
    ],
    message,
  );
}

const success = { code: 0, said: '' };

describe.concurrent.each(oneOf(ways, 3))('msmtp on the %s port', (way) => {
  test('its messages are stored as they were sent', async () => {
    await using sandbox = await startTestSandbox();
    expect(await send(sandbox, way)).toEqual(success);
    const { session } = await expectCaptured(sandbox, { way, sent: letter, end, sni });
    expect(session.clientName).toBe('client.test');

    // Over 1 MB, with dots.
    expect(await send(sandbox, way, { message: bigLetter })).toEqual(success);
    await expectCaptured(sandbox, { way, number: 2, sent: bigLetter, end, sni });
  });

  test('it logs in by each mechanism that it knows, and its password is kept nowhere', async () => {
    const authMechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2', 'SCRAM-SHA-256'];
    await using sandbox = await startTestSandbox({ user: [`ann:${secret}`], authMechanisms });
    // Its SCRAM with channel binding gives up before it says AUTH, so inside TLS it is left out.
    const used = way === 'smtp' ? authMechanisms : authMechanisms.slice(0, -1);
    for (const [n, mechanism] of used.entries()) {
      expect(await send(sandbox, way, { auth: mechanism.toLowerCase() }), mechanism).toEqual(success);
      const length = /^(CRAM|SCRAM)-/.test(mechanism) ? null : secret.length;
      const login = { mechanism, user: 'ann', secret, length };
      await expectCaptured(sandbox, { way, number: n + 1, sent: letter, end, sni, login });
    }
  });
});

describe.concurrent.each(['submission', 'smtps'] as const)('the certificate on the %s port', (way) => {
  test('is accepted for localhost by a client that trusts the CA', async () => {
    await using sandbox = await startTestSandbox();
    expect(await send(sandbox, way, { host: 'localhost' })).toEqual(success);
    await expectCaptured(sandbox, { way, sent: letter, end, sni: 'localhost' });
  });

  test('is refused after the handshake by one that trusts another', async () => {
    await using sandbox = await startTestSandbox();
    const { cert: strange } = await createAuthority(new Date());
    const { code, said } = await send(sandbox, way, { host: 'localhost', strange });
    expect(code).toBe(69);
    expect(said).toContain('The certificate issuer is unknown');
    await expectDistrust(
      sandbox,
      way,
      /^The TLSv1\.3 handshake completed, but the client left before any SMTP command; .*name and dates fit, so check that it trusts the issuer/,
      null,
    );
  });
});
