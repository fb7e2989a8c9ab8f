// mailscope explain: from the error that a program printed to what it means and what to do.
import { expect, test } from 'vitest';
import { run } from './command.ts';
import { useCommand } from './use-command.ts';

const own = useCommand();
const call = (args: string[], input?: string) =>
  run(own.command, ['explain', ...args], input === undefined ? {} : { input }).ended;

test('an error is explained with cause, remedy and the settings of its client, without a running Mailscope', async () => {
  const { code, out, err } = await call([
    "Error: self-signed certificate\n    at TLSSocket.onConnectSecure (node:_tls_wrap:1674:34) { code: 'ESOCKET' }",
  ]);
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(
    /^The client does not accept the certificate {2}\(tls\.certificate-rejected, \d\d % sure\)\n/,
  );
  expect(out).toContain('   Why, the likeliest first:\n     - ');
  expect(out).toContain('NODE_EXTRA_CA_CERTS=$PWD/mailscope-ca.pem');
  expect(out).not.toContain('EMAIL_USE_TLS');
});

test('standard input is read, --client chooses the settings, and --json tells all', async () => {
  const log = `${'x\n'.repeat(30_000)}smtplib.SMTPNotSupportedError: STARTTLS extension not supported by server.\n`;
  const [read, chosen, json] = await Promise.all([
    call([], log),
    call(['-', '--client', 'go'], log),
    call(['--json', '452 4.2.2 The mailbox is full, 452 4.2.2 <ann@x.test>: Mailbox full']),
  ]);
  expect(read.out).toMatch(/^The client wants STARTTLS where it is not offered/);
  expect(read.out).toContain('smtplib.SMTP(');
  expect(chosen.out).toContain('smtp.Dial("localhost:1025")');
  expect(chosen.out).not.toContain('smtplib.SMTP(');
  const { items } = JSON.parse(json.out) as { items: { rule: { id: string }; preset: string }[] };
  expect(items[0]).toMatchObject({
    rule: { id: 'server.recipient-refused' },
    preset: 'generic/mailbox-full',
  });
});

test('what is not known ends with code 1, and what is wrong with the call with 2', async () => {
  const [unknown, client, excess, escapes] = await Promise.all([
    call(['all is well']),
    call(['x', '--client', 'pigeon']),
    call(['connect', 'ECONNREFUSED']),
    call(['Error: getaddrinfo ENOTFOUND a\x1b[31mb']),
  ]);
  expect(unknown).toMatchObject({ code: 1, out: '', err: expect.stringContaining('Nothing is known') });
  expect(client).toMatchObject({ code: 2, err: expect.stringMatching(/pigeon[^]*nodemailer/) });
  expect(excess).toMatchObject({ code: 2, err: expect.stringContaining('Put it in quotes') });
  expect(escapes.out).not.toContain('\x1b');
});
