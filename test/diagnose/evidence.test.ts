// Evidence is exact: the page jumps to the very line. And handshakes that only real clients make.
import { connect } from 'node:tls';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { detectInSession } from '../../shared/diagnose/session/detect.ts';
import { noteFindings } from '../../server/smtp/record/findings.ts';
import type { Session } from '../../shared/session.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { namesOf, plainLogin } from './talk.ts';

test('the lines of the evidence are those of the commands that it is about', async () => {
  await using sandbox = await startTestSandbox({ user: ['joe:right'] });
  await using wire = await sandbox.wire();
  await wire.reply();
  await wire.say('EHLO my_host');
  await wire.say(plainLogin('joe', 'other-4711'));
  await wire.say('MAIL FROM:<root@web1>');
  for (const to of ['bob@example.test', '@', 'carl@example.test', 'bob@example.test'])
    await wire.say(`RCPT TO:<${to}>`);
  await wire.say('DATA');
  await wire.say('Subject: a\r\n\r\nb\r\n.');
  await wire.quit();
  const session = await sandbox.closedSession();
  const lines = await sandbox.lines(session.id);
  const shown = session.findingList!.map(({ rule, evidence }) => [
    rule,
    ...evidence.map((one) => (one.kind === 'line' ? lines[one.n]!.text.replace(/ \*+$/, ' ***') : one.kind)),
  ]);
  expect(shown).toEqual([
    ['auth.failed', 'AUTH PLAIN ***'],
    ['rcpt.refused-syntax', 'RCPT TO:<@>'],
    ['rcpt.partly-refused', 'RCPT TO:<@>'],
    ['ehlo.bad-characters', 'EHLO my_host'],
    ['mail.unqualified-sender', 'MAIL FROM:<root@web1>'],
    ['rcpt.duplicate', 'RCPT TO:<bob@example.test>', 'RCPT TO:<bob@example.test>'],
  ]);
  expect(session.findings).toEqual({ count: 6, worst: 'blocker' });
  const [listed] = (await sandbox.client.listSessions({ query: { query: 'has:finding' } })).items;
  expect(listed?.findings).toEqual(session.findings);
  expect(JSON.stringify(session)).not.toContain('other-4711');
});

test.each([
  [
    'offers nothing newer than TLS 1.1',
    { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' },
    'tls.version-too-old',
  ],
  ['offers only suites for RSA', { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' }, 'tls.nothing-in-common'],
  ['does not know our CA', { rejectUnauthorized: true }, 'tls.certificate-rejected'],
  ['wants another name', { rejectUnauthorized: true, servername: 'mail.other.test' }, 'tls.certificate-name'],
] as const)('a client that %s is told why', async (_name, options, rule) => {
  await using sandbox = await startTestSandbox();
  const socket = connect({
    port: sandbox.ports[2]!,
    host: '127.0.0.1',
    servername: 'localhost',
    rejectUnauthorized: false,
    ...options,
    ...('ciphers' in options || 'minVersion' in options
      ? { ciphers: `${'ciphers' in options ? options.ciphers : 'DEFAULT'}:@SECLEVEL=0` }
      : {}),
  });
  await once(socket, 'error');
  socket.destroy();
  const { findingList } = await sandbox.closedSession();
  expect(namesOf(findingList)).toEqual([rule]);
});

test('a certificate that has expired is named as the reason', async () => {
  await using sandbox = await startTestSandbox();
  const socket = connect({ port: sandbox.ports[2]!, host: '127.0.0.1', servername: 'localhost' });
  await once(socket, 'error');
  const session = await sandbox.closedSession();
  // As if it had been opened in a hundred years.
  const late: Session = { ...session, openedAtUs: session.openedAtUs + 100 * 365 * 86_400e6 };
  const [found] = detectInSession(late);
  expect(found).toMatchObject({ rule: 'tls.certificate-expired', severity: 'blocker' });
  expect(found!.vars.reason).toMatch(/^expired on \d{4}-\d\d-\d\d$/);
});

test('a client from another network that shows its password without TLS is warned of, one on this machine not', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say(plainLogin('joe', 'secret'));
  await wire.mail();
  await wire.quit();
  const session = await sandbox.closedSession();
  const from = (address: string): string[] =>
    detectInSession({ ...session, peer: { ...session.peer, address } }).map(
      ({ rule, severity }) => `${rule} ${severity}`,
    );
  expect(from('127.0.0.1')).toEqual([]);
  expect(from('172.18.0.5')).toEqual(['auth.cleartext notice']);
  expect(from('203.0.113.5')).toEqual(['auth.cleartext warning']);
  expect(from('2001:db8::5')).toEqual(['auth.cleartext warning']);
});

test('a mail whose reply nobody was there for may come again', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail();
  await wire.quit();
  const session = await sandbox.closedSession();
  const at = (line: number): string[] =>
    namesOf(
      detectInSession({
        ...session,
        anomalyList: [{ kind: 'reply-not-delivered', line, atUs: 0, count: 1, text: '' }],
      }),
    );
  expect(at(session.transactions[0]!.lastLine!)).toEqual(['data.reply-not-read']);
  // That of QUIT.
  expect(at(session.lines - 1)).toEqual([]);
});

test('vars of strangers are cut, and have no control characters', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.reply();
  // It turns the direction of what follows.
  await wire.say(Buffer.from(`EHLO ${'a_b\u202e'.repeat(70)}`).toString('latin1'));
  await wire.mail();
  await wire.quit();
  const [found] = (await sandbox.closedSession()).findingList!;
  expect(found!.rule).toBe('ehlo.bad-characters');
  expect(String(found!.vars.name)).toHaveLength(200);
  expect(String(found!.vars.name)).not.toContain('\u202e');
});

test('of a million recipients that are wrong no more is told, nor looked at, than a person reads', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<ann@example.test>');
  await wire.say('RCPT TO:<@>');
  await wire.quit();
  const session = await sandbox.closedSession();
  const [mail] = session.transactions;
  let looked = 0;
  const recipients = Array.from({ length: 10_000 }, (_, n) => ({
    ...mail!.recipients[0]!,
    get address() {
      looked++;
      return `${n},`.repeat(100);
    },
  }));
  const transactions = Array.from({ length: 100 }, () => ({ ...mail!, recipients, recipientCount: 10_000 }));
  const found = detectInSession({ ...session, transactions });
  expect(namesOf(found)).toEqual(['rcpt.refused-syntax', 'rcpt.many']);
  expect(found[0]!.evidence).toHaveLength(5);
  expect(looked).toBeLessThan(1000);
});

test('a session that no rule can read ends as any other, without findings', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello('my_host');
  await wire.quit();
  const { findingList: _, findings: __, ...session } = await sandbox.closedSession();
  const broken: Session = { ...session, ehlo: [null as never] };
  expect(() => detectInSession(broken)).toThrow();
  noteFindings(broken, {});
  expect(broken).not.toHaveProperty('findingList');
});
