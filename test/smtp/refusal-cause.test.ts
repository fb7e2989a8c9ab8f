// What a session says that it was refused: the command that caused the rest; of a login that the client cancelled, that.
import { expect, test } from 'vitest';
import { failuresOf } from '../../shared/session-failures.ts';
import { findRefusal } from '../../shared/refusal.ts';
import type { Session } from '../../shared/session.ts';
import { explainFailure } from '../../web/parts/connect/explain-failure.ts';
import { whatHappened } from '../../web/parts/session/what-happened.ts';
import { startTestSandbox } from '../support/sandbox.ts';

async function sessionAfter(commands: readonly string[], options = {}): Promise<Session> {
  await using sandbox = await startTestSandbox(options);
  await using wire = await sandbox.wire('listen' in options ? 3 : 0);
  for (const command of [...commands, 'QUIT']) await wire.say(command);
  await wire.closed();
  wire.end();
  return await sandbox.closedSession();
}

const mail = ['MAIL FROM:<a@b.test>', 'RCPT TO:<c@d.test>', 'DATA'];
const tlsRequired = { listen: ['smtp://127.0.0.1:0?tls=required'] };

test.each([
  ['HELO', 501, ['HELO', ...mail], {}],
  ['EHLO', 501, ['EHLO', 'HELO', ...mail], {}],
  ['LHLO', 500, ['LHLO x.test', ...mail], {}],
  ['EHLO', 501, ['EHLO a\0b', 'RCPT TO:<c@d.test>'], {}],
  ['STARTTLS', 501, ['EHLO x.test', 'STARTTLS now', ...mail], tlsRequired],
] as const)(
  'a %s that was answered %i is named, not what was refused for want of it: %j',
  async (command, code, commands, options) => {
    const session = await sessionAfter(commands, options);
    expect(session).toMatchObject({ outcome: 'refused', refusal: { command, code } });
    expect(whatHappened(session)).toMatch(
      new RegExp(`^${command} was refused with ${code}( \\S+)?; left with QUIT$`),
    );
  },
);

test('the mail says by which command it was caused, with its reply and line, and each failure once', async () => {
  const session = await sessionAfter(['HELO', ...mail]);
  const [transaction] = session.transactions;
  const cause = { command: 'HELO', reply: { code: 501, enhanced: null }, line: 1 };
  expect(transaction).toMatchObject({ cause, from: { reply: { code: 503 } } });
  expect([...failuresOf(session)].map(({ line, text }) => [line, text.slice(0, 21)])).toEqual([
    [1, 'HELO was refused: 501'],
    [3, 'Transaction 1: <a@b.t'],
  ]);
  expect(explainFailure(session, [])).toMatchObject({ title: 'HELO was refused with 501' });
});

test.each([
  ['without any greeting', mail],
  ['after a greeting that was accepted later', ['HELO', 'HELO x.test', 'MAIL FROM:<bad']],
  ['where only a second greeting was refused', ['EHLO x.test', 'HELO', mail[0]!, mail[0]!]],
])('MAIL itself is named %s', async (_, commands) => {
  const session = await sessionAfter(commands);
  expect(session.refusal).toMatchObject({ command: 'MAIL FROM' });
  for (const transaction of session.transactions) expect(transaction).not.toHaveProperty('cause');
});

test('a session of an older record, which has no causes, reads as before', async () => {
  const session = await sessionAfter(['HELO', ...mail]);
  for (const transaction of session.transactions) delete transaction.cause;
  session.refusal = { command: 'MAIL FROM', code: 503, enhanced: '5.5.1' };
  expect(whatHappened(session)).toBe('MAIL FROM was refused with 503 5.5.1; left with QUIT');
  expect(findRefusal(session.transactions)).toMatchObject({
    command: 'MAIL FROM',
    reply: { code: 503 },
    line: 3,
  });
});

test('a login for want of a greeting is told by the greeting', async () => {
  const session = await sessionAfter(['EHLO', 'AUTH PLAIN AGEAYg==']);
  expect(session).toMatchObject({
    outcome: 'auth-failed',
    refusal: { command: 'EHLO', code: 501 },
    auth: [{ code: 503, cause: { command: 'EHLO', line: 1 } }],
  });
  expect(whatHappened(session)).toMatch(/^EHLO was refused with 501/);
});

const hello = 'EHLO x.test';

test.each([
  ['LOGIN', [hello, 'AUTH LOGIN', '*']],
  ['LOGIN as ann', [hello, 'AUTH LOGIN', Buffer.from('ann').toString('base64'), '*']],
  ['PLAIN', [hello, 'AUTH PLAIN', '*']],
])('a login by %s that the client cancelled is called so, and not refused', async (login, commands) => {
  const session = await sessionAfter(commands);
  expect(session).toMatchObject({
    outcome: 'auth-failed',
    refusal: { command: 'AUTH', code: 501, cancelled: true },
  });
  expect(whatHappened(session)).toBe(`Login by ${login} was cancelled by the client; left with QUIT`);
  expect(explainFailure(session, []).title).toBe('The client cancelled the login');
});

test('a refused token that the client acknowledges with * is a refused one', async () => {
  const token = Buffer.from('user=ann\x01auth=Bearer wrong\x01\x01').toString('base64');
  const session = await sessionAfter([hello, `AUTH XOAUTH2 ${token}`, '*'], {
    ...{ authMechanisms: ['XOAUTH2'], user: ['ann:right'] },
  });
  expect(session.auth.map(({ steps }) => steps.at(-1)?.what)).toEqual(['cancelled']);
  expect(session.refusal).not.toHaveProperty('cancelled');
  expect(whatHappened(session)).toMatch(/^Login by XOAUTH2 as ann was refused with /);
});
