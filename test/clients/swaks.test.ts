// swaks, the Swiss army knife with which administrators try a mail server.
import { describe, expect } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { oneOf } from '../support/share.ts';
import { needs } from '../support/tools.ts';
import { expectCaptured, expectDistrust, listener, temporaryFile, ways, type Way } from './captured.ts';
import { bigLetter, letter, recipients, sender } from './messages.ts';
import { runProgram, type ProgramEnd } from './run-program.ts';

const { test } = needs('swaks');
const secret = 'swaks-S3cret-4711';
const end = 'quit by client';

interface Settings {
  trust?: boolean;
  args?: string[];
  message?: Buffer;
}

async function send(sandbox: TestSandbox, way: Way, settings: Settings = {}): Promise<ProgramEnd> {
  const { trust = true, args = [], message = letter } = settings;
  await using ca = await temporaryFile('ca.pem', sandbox.caPem);
  // It adds a line ending of its own behind the message.
  await using file = await temporaryFile('letter.eml', message.subarray(0, -2));
  return await runProgram('swaks', [
    ...['--server', '127.0.0.1', '--port', String(sandbox.ports[listener[way]]), '--timeout', '12'],
    ...(way === 'submission' ? ['--tls'] : []),
    ...(way === 'smtps' ? ['--tls-on-connect'] : []),
    ...(way === 'smtp' ? [] : ['--tls-verify', ...(trust ? ['--tls-ca-path', ca.path] : [])]),
    ...[
      '--helo',
      'client.test',
      '--from',
      sender,
      '--to',
      recipients.join(','),
      '--data',
      `@${file.path}`,
      ...args,
    ],
  ]);
}

describe.concurrent.each(oneOf(ways, 2))('swaks on the %s port', (way) => {
  test('its messages are stored as they were sent', async () => {
    await using sandbox = await startTestSandbox();
    const { code, said } = await send(sandbox, way);
    expect(code, said).toBe(0);
    const { session } = await expectCaptured(sandbox, { way, sent: letter, end });
    expect(said).toContain(`250 2.0.0 Ok: queued as ${session.messageIds[0]}`);

    // Over 1 MB, with dots.
    expect((await send(sandbox, way, { message: bigLetter })).code).toBe(0);
    await expectCaptured(sandbox, { way, number: 2, sent: bigLetter, end });
  });

  test('it logs in by each mechanism that it knows, and its password is kept nowhere', async () => {
    const authMechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5'];
    await using sandbox = await startTestSandbox({ user: [`ann:${secret}`], authMechanisms });
    for (const [n, mechanism] of authMechanisms.entries()) {
      const args = ['--auth', mechanism, '--auth-user', 'ann', '--auth-password', secret];
      const { code, said } = await send(sandbox, way, { args });
      expect(code, said).toBe(0);
      const login = {
        mechanism,
        user: 'ann',
        secret,
        length: mechanism === 'CRAM-MD5' ? null : secret.length,
      };
      await expectCaptured(sandbox, { way, number: n + 1, sent: letter, end, login });
    }
  });
});

test('a wrong password is refused, and swaks says so', async () => {
  await using sandbox = await startTestSandbox({ user: [`ann:${secret}`] });
  const { code, said } = await send(sandbox, 'smtp', {
    args: ['--auth', 'LOGIN', '--auth-user', 'ann', '--auth-password', 'wrong'],
  });
  expect(code).toBe(28);
  expect(said).toMatch(/<\*\* +535 5\.7\.8 /);
  const session = await sandbox.closedSession();
  expect(session).toMatchObject({ outcome: 'auth-failed', user: 'ann', mechanism: 'LOGIN' });
});

test.each(['submission', 'smtps'] as const)(
  'without our CA it leaves after the handshake on %s',
  async (way) => {
    await using sandbox = await startTestSandbox();
    const { code, said } = await send(sandbox, way, { trust: false });
    expect(code).toBe(29);
    expect(said).toContain('certificate verification failed');
    await expectDistrust(
      sandbox,
      way,
      /^The TLSv1\.3 handshake completed, but the client left before any SMTP command; /,
      null,
    );
  },
);
