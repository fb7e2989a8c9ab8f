// curl as a mail client, as scripts and health checks use it.
import { describe, expect } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { oneOf } from '../support/share.ts';
import { needs } from '../support/tools.ts';
import { expectCaptured, expectDistrust, listener, temporaryFile, ways, type Way } from './captured.ts';
import { bigLetter, letter, recipients, sender } from './messages.ts';
import { runProgram, type ProgramEnd } from './run-program.ts';

const { test } = needs('curl');
const secret = 'curl-S3cret-4711';
const end = 'quit by client';

interface Settings {
  host?: string;
  trust?: boolean;
  args?: string[];
  message?: Buffer;
}

async function send(sandbox: TestSandbox, way: Way, settings: Settings = {}): Promise<ProgramEnd> {
  const { host = '127.0.0.1', trust = true, args = [], message = letter } = settings;
  await using ca = await temporaryFile('ca.pem', sandbox.caPem);
  // From a file, so that it knows the size and says SIZE=.
  await using file = await temporaryFile('letter.eml', message);
  const scheme = way === 'smtps' ? 'smtps' : 'smtp';
  return await runProgram('curl', [
    ...['--silent', '--show-error', '--max-time', '12', '--noproxy', '*'],
    ...['--url', `${scheme}://${host}:${sandbox.ports[listener[way]]}/client.test`],
    ...(way === 'submission' ? ['--ssl-reqd'] : []),
    ...(trust ? ['--cacert', ca.path] : []),
    ...['--mail-from', sender, ...recipients.flatMap((to) => ['--mail-rcpt', to])],
    ...['--upload-file', file.path, ...args],
  ]);
}

const success = { code: 0, said: '' };

describe.concurrent.each(oneOf(ways, 1))('curl on the %s port', (way) => {
  test('its messages are stored as they were sent', async () => {
    await using sandbox = await startTestSandbox();
    expect(await send(sandbox, way)).toEqual(success);
    const { session } = await expectCaptured(sandbox, { way, sent: letter, end });
    expect(session.clientName).toBe('client.test');
    expect(session.transactions[0]!.from.params).toContainEqual({
      name: 'SIZE',
      value: String(letter.length),
    });

    // Over 1 MB, with dots.
    expect(await send(sandbox, way, { message: bigLetter })).toEqual(success);
    await expectCaptured(sandbox, { way, number: 2, sent: bigLetter, end });
  });

  test('it logs in by each mechanism that it knows, and its password is kept nowhere', async () => {
    const authMechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2', 'OAUTHBEARER'];
    await using sandbox = await startTestSandbox({ user: [`ann:${secret}`], authMechanisms });
    for (const [n, mechanism] of authMechanisms.entries()) {
      const isToken = mechanism === 'XOAUTH2' || mechanism === 'OAUTHBEARER';
      const how = isToken
        ? ['--user', 'ann', '--oauth2-bearer', secret, '--sasl-ir']
        : ['--user', `ann:${secret}`];
      const args = [...how, '--login-options', `AUTH=${mechanism}`];
      expect(await send(sandbox, way, { args }), mechanism).toEqual(success);
      const login = {
        mechanism,
        user: 'ann',
        secret,
        length: mechanism === 'CRAM-MD5' ? null : secret.length,
      };
      const { session } = await expectCaptured(sandbox, { way, number: n + 1, sent: letter, end, login });
      expect(session.auth[0]!.initialResponse).toBe(isToken);
    }
  });
});

describe.concurrent('the certificate', () => {
  test('is accepted for localhost by a client that trusts the CA', async () => {
    await using sandbox = await startTestSandbox();
    for (const [n, way] of (['submission', 'smtps'] as const).entries()) {
      expect(await send(sandbox, way, { host: 'localhost' })).toEqual(success);
      await expectCaptured(sandbox, { way, number: n + 1, sent: letter, end, sni: 'localhost' });
    }
  });

  test.each(['submission', 'smtps'] as const)(
    'is refused with unknown_ca on %s by one that does not',
    async (way) => {
      await using sandbox = await startTestSandbox();
      const { code, said } = await send(sandbox, way, { host: 'localhost', trust: false });
      expect(code).toBe(60);
      expect(said).toContain('SSL certificate problem');
      await expectDistrust(
        sandbox,
        way,
        /^The client refused our certificate with the alert unknown_ca, because /,
        'unknown_ca',
      );
    },
  );

  test('is refused after the handshake for a name that is not in it', async () => {
    await using sandbox = await startTestSandbox();
    const port = sandbox.ports[listener.smtps];
    const args = ['--connect-to', `other.test:${port}:127.0.0.1:${port}`];
    const { code } = await send(sandbox, 'smtps', { host: 'other.test', args });
    expect(code).toBe(60);
    await expectDistrust(
      sandbox,
      'smtps',
      /^The TLSv1\.3 handshake completed, but the client left before any SMTP command; .*the client asked for other\.test: connect by one of these names, or start Mailscope with --cert-name other\.test\.$/,
      null,
    );
  });
});
