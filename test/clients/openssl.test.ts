// openssl s_client, with which people look at a mail server by hand.
import { describe, expect } from 'vitest';
import { oneOf } from '../support/share.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';
import { expectCaptured, expectDistrust, listener, temporaryFile, type Way } from './captured.ts';
import { bigLetter, letter, recipients, sender } from './messages.ts';
import { runProgram, type ProgramEnd } from './run-program.ts';

const { test } = needs('openssl');
const secret = 'openssl-S3cret-4711';
const end = 'quit by client';
/** All of its input comes at once. */
const finds = ['mail.illegal-pipelining'];
const ways = ['submission', 'smtps'] as const;

/** What somebody would type, all at once; `auth` are the lines of a login. */
function dialogue(message: Buffer, auth: string[] = []): Buffer {
  const commands = [
    'EHLO client.test',
    ...auth,
    `MAIL FROM:<${sender}>`,
    ...recipients.map((to) => `RCPT TO:<${to}>`),
    'DATA',
  ];
  const stuffed = Buffer.from(message.toString('latin1').replace(/^\./gm, '..'), 'latin1');
  return Buffer.concat([Buffer.from(`${commands.join('\r\n')}\r\n`), stuffed, Buffer.from('.\r\nQUIT\r\n')]);
}

interface Settings {
  host?: string;
  /** Beside the CA: what to check. */
  args?: string[];
  trust?: boolean;
  input?: Buffer;
}

async function talk(sandbox: TestSandbox, way: Way, settings: Settings = {}): Promise<ProgramEnd> {
  const {
    host = '127.0.0.1',
    args = ['-verify_ip', '127.0.0.1'],
    trust = true,
    input = dialogue(letter),
  } = settings;
  await using ca = await temporaryFile('ca.pem', sandbox.caPem);
  return await runProgram(
    'openssl',
    [
      // Quiet: it goes on after the end of its input, and Q and R are no commands.
      ...[
        's_client',
        '-quiet',
        '-verify_return_error',
        '-connect',
        `${host}:${sandbox.ports[listener[way]]}`,
      ],
      ...(way === 'submission' ? ['-starttls', 'smtp'] : []),
      ...(trust ? ['-CAfile', ca.path] : []),
      ...args,
    ],
    input,
  );
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe.concurrent.each(oneOf(ways, 1))('openssl s_client on the %s port', (way) => {
  test('its messages are stored as they were typed', async () => {
    await using sandbox = await startTestSandbox();
    const { code, said } = await talk(sandbox, way);
    expect(code).toBe(0);
    const { session } = await expectCaptured(sandbox, { way, sent: letter, end, finds });
    expect(said).toContain(`250 2.0.0 Ok: queued as ${session.messageIds[0]}`);
    // All of it was sent without waiting for replies.
    expect(session.anomalyList.map(({ kind }) => kind)).toContain('illegal-pipelining');

    // Over 1 MB, with dots.
    expect((await talk(sandbox, way, { input: dialogue(bigLetter) })).code).toBe(0);
    await expectCaptured(sandbox, { way, number: 2, sent: bigLetter, end, finds });
  });

  test('logins by hand are understood, and the password is kept nowhere', async () => {
    const logins = [
      { mechanism: 'PLAIN', lines: [`AUTH PLAIN ${base64(`\0ann\0${secret}`)}`] },
      { mechanism: 'LOGIN', lines: ['AUTH LOGIN', base64('ann'), base64(secret)] },
      {
        mechanism: 'XOAUTH2',
        lines: [`auth xoauth2 ${base64(`user=ann\x01auth=Bearer ${secret}\x01\x01`)}`],
      },
    ];
    await using sandbox = await startTestSandbox({ authMechanisms: ['PLAIN', 'LOGIN', 'XOAUTH2'] });
    for (const [n, { mechanism, lines }] of logins.entries()) {
      const { code } = await talk(sandbox, way, { input: dialogue(letter, lines) });
      expect(code, mechanism).toBe(0);
      const login = { mechanism, user: 'ann', secret, length: secret.length };
      await expectCaptured(sandbox, { way, number: n + 1, sent: letter, end, login, finds });
    }
  });

  test('it verifies our certificate for localhost', async () => {
    await using sandbox = await startTestSandbox();
    const args = ['-verify_hostname', 'localhost', '-servername', 'localhost'];
    expect((await talk(sandbox, way, { host: 'localhost', args })).code).toBe(0);
    await expectCaptured(sandbox, { way, sent: letter, end, sni: 'localhost', finds });
  });

  test('without our CA it refuses the certificate with unknown_ca', async () => {
    await using sandbox = await startTestSandbox();
    const { code, said } = await talk(sandbox, way, { trust: false });
    expect(code).toBe(1);
    expect(said).toContain('self-signed certificate in certificate chain');
    await expectDistrust(
      sandbox,
      way,
      /^The client refused our certificate with the alert unknown_ca, because /,
      'unknown_ca',
    );
  });

  test('for another name it refuses the certificate with bad_certificate', async () => {
    await using sandbox = await startTestSandbox();
    const args = ['-verify_hostname', 'other.test', '-servername', 'other.test'];
    expect((await talk(sandbox, way, { args })).code).toBe(1);
    await expectDistrust(
      sandbox,
      way,
      /^The client refused our certificate with the alert bad_certificate; .*the client asked for other\.test: connect by one of these names, or start Mailscope with --cert-name other\.test\.$/,
      'bad_certificate',
    );
  });
});
