// What clients really print when they fail leads to the rule, and the session shows the same where it came to one.
import { execFile } from 'node:child_process';
import { inspect } from 'node:util';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explainError } from '../../shared/diagnose/explain-error.ts';
import { holdRefusingPort, type RefusingPort } from '../support/refusing-port.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

let sandbox: TestSandbox;
let refusing: RefusingPort;
beforeAll(async () => {
  [sandbox, refusing] = await Promise.all([startTestSandbox(), holdRefusingPort()]);
});
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]();
  await refusing[Symbol.asyncDispose]();
});

const gone = 'bounce+550-5.1.1+no-such-user@x.test';
const whereTo = (what: Failure): number =>
  what === 'refused' ? refusing.port : what === 'untrusted' ? sandbox.ports[1]! : sandbox.ports[0]!;

/** The rule that the error leads to. */
const failures = {
  refused: 'network.refused',
  'TLS on the plain port': 'tls.implicit-on-plain',
  'no STARTTLS': 'tls.starttls-not-offered',
  untrusted: 'tls.certificate-rejected',
  'no such user': 'server.recipient-refused',
} as const;
type Failure = keyof typeof failures;
const all = Object.keys(failures) as Failure[];

const output = (program: string, args: string[]): Promise<string> =>
  new Promise((done) => {
    execFile(program, args, { timeout: 30_000 }, (_, out, err) => done(out + err)).stdin?.end(
      'Subject: x\r\n\r\nx\r\n',
    );
  });

function expectRule(text: string, what: Failure, client: string): void {
  const [first] = explainError(text);
  expect(first?.rule.id, text).toBe(failures[what]);
  expect(first?.client, text).toBe(client);
  if (what === 'refused')
    expect(first?.rule.explanation).toMatch(
      new RegExp(`at (?:(?:127\\.0\\.0\\.1|localhost):${refusing.port}|that address)`),
    );
}

const python: Record<Failure, string> = {
  refused: 'smtplib.SMTP("127.0.0.1", PORT)',
  'TLS on the plain port': 'smtplib.SMTP_SSL("127.0.0.1", PORT)',
  'no STARTTLS': 'smtplib.SMTP("127.0.0.1", PORT).starttls()',
  untrusted: 'smtplib.SMTP("127.0.0.1", PORT).starttls(context=ssl.create_default_context())',
  'no such user': `smtplib.SMTP("127.0.0.1", PORT).sendmail("a@x.test", ["${gone}"], "x")`,
};
needs('python3').test('smtplib', async () => {
  // All in one: to start it takes longer than the rest.
  const code = all.map((what) => {
    const call = python[what].replace('PORT', String(whereTo(what)));
    return `try: ${call}\nexcept Exception: traceback.print_exc()\nprint("----", file=sys.stderr)\n`;
  });
  const text = await output('python3', ['-c', `import smtplib, ssl, sys, traceback\n${code.join('')}`]);
  const printed = text.split('----\n');
  for (const [index, what] of all.entries()) expectRule(printed[index]!, what, 'Python smtplib');
});

needs('curl').test.each(all)('curl: %s', async (what) => {
  const isTls = what === 'TLS on the plain port';
  const args = ['-sS', '-T', '-', '--mail-from', 'a@x.test'];
  if (what === 'no STARTTLS' || what === 'untrusted') args.push('--ssl-reqd');
  args.push('--mail-rcpt', what === 'no such user' ? gone : 'b@x.test');
  const text = await output('curl', [...args, `smtp${isTls ? 's' : ''}://127.0.0.1:${whereTo(what)}`]);
  expectRule(text, what, 'curl');
});

needs('msmtp').test.each(all)('msmtp: %s', async (what) => {
  const args = ['--host=127.0.0.1', `--port=${whereTo(what)}`, '--from=a@x.test'];
  if (what !== 'refused' && what !== 'no such user') args.push('--tls=on');
  if (what === 'TLS on the plain port') args.push('--tls-starttls=off');
  const to = what === 'no such user' ? gone : 'b@x.test';
  expectRule(await output('msmtp', ['--file=/dev/null', ...args, to]), what, 'msmtp');
});

needs('swaks').test.each(all)('swaks: %s', async (what) => {
  const args = ['--server', '127.0.0.1', '--port', String(whereTo(what)), '--helo', 'client.test'];
  if (what === 'TLS on the plain port') args.push('--tls-on-connect');
  if (what === 'no STARTTLS' || what === 'untrusted') args.push('--tls', '--tls-verify');
  args.push('--to', what === 'no such user' ? gone : 'b@x.test');
  expectRule(await output('swaks', args), what, 'swaks');
});

test.each(all)('nodemailer: %s', async (what) => {
  const transport = createTransport({
    ...{ host: '127.0.0.1', port: whereTo(what) },
    secure: what === 'TLS on the plain port',
    requireTLS: what === 'no STARTTLS',
    name: 'client.test',
  });
  const to = what === 'no such user' ? gone : 'b@x.test';
  const error = await transport.sendMail({ from: 'a@x.test', to, text: 'x' }).then(
    () => new Error('It was sent.'),
    (reason: Error & { code: string }) => reason,
  );
  // As console.error prints it.
  expectRule(inspect(error), what, 'nodemailer');
});

test('what the client printed is what the session shows', async () => {
  const { items } = await sandbox.client.listSessions({ query: { query: 'has:finding', limit: 200 } });
  const sessions = await Promise.all(items.map(({ id }) => sandbox.client.readSession({ params: { id } })));
  const found = new Set(sessions.flatMap(({ findingList = [] }) => findingList.map(({ rule }) => rule)));
  for (const rule of ['tls.implicit-on-plain', 'tls.starttls-not-offered', 'tls.certificate-rejected'])
    expect([...found]).toContain(rule);
});
