// AUTH exchanges that go wrong: clear codes, and no secret on record.
import { describe, expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

describe('AUTH that goes wrong', () => {
  test('wrong base64, a cancelled exchange and an unknown mechanism have their codes, and no secret is kept', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await wire.hello();
    expect(await wire.say('AUTH PLAIN joe:hunter2-secret')).toMatch(/^501 5\.5\.2 /);
    expect(await wire.say('AUTH LOGIN')).toMatch(/^334 /);
    expect(await wire.say('*')).toMatch(/^501 5\.7\.0 /);
    expect(await wire.say('AUTH GSSAPI hunter2-secret')).toMatch(/^504 5\.5\.4 .*PLAIN, LOGIN/);
    expect(await wire.say('hunter2-secret')).toMatch(/^500 /);
    wire.send('AUTH LOGIN\r\nam9l\r\n');
    await wire.reply();
    await wire.reply();
    wire.send('hunter2-sec');
    wire.end();
    const session = await sandbox.closedSession();
    expect(session.outcome).toBe('auth-failed');
    expect(session.refusal).toEqual({ command: 'AUTH', code: 504, enhanced: null });
    expect(session.auth.map(({ mechanism, ok, code }) => [mechanism, ok, code])).toEqual([
      ['PLAIN', false, 501],
      ['LOGIN', false, 501],
      ['GSSAPI', false, 504],
      ['LOGIN', false, null],
    ]);
    const everything = JSON.stringify([session, await sandbox.lines(session.id)]);
    expect(everything).not.toContain('hunter2');
    expect(everything).not.toContain(Buffer.from('hunter2').toString('base64').slice(0, 8));
  });
});

test.each([
  ['gssapi', 'GSSAPI'],
  ['PLAIN', 'PLAIN'],
  ['HUNTER2', ''],
  ['GEZDGNBVGY3TQOJQ', ''],
  ['X-WHAT', ''],
])('of AUTH %s the mechanism is told as %j, whether the line is too long or not', async (word, told) => {
  await using sandbox = await startTestSandbox({ authMechanisms: 'CRAM-MD5' });
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const rest of ['AGpv', 'x'.repeat(20_000)]) await wire.say(`AUTH ${word} ${rest}`);
  wire.end();
  const session = await sandbox.closedSession();
  expect(session.auth.map(({ mechanism, code }) => [mechanism, code])).toEqual([
    [told, 504],
    [told, 500],
  ]);
  expect(JSON.stringify([session, await sandbox.lines(session.id)]).includes(word)).toBe(told !== '');
});

describe('an AUTH line that is too long', () => {
  const secret = Buffer.from(`\0joe\0${'correct horse battery '.repeat(700)}`).toString('base64');
  for (const [how, say] of [
    ['with the command', [`AUTH PLAIN ${secret}`]],
    ['after the challenge', ['AUTH PLAIN', secret]],
  ] as const) {
    test(`${how} is refused, ends the exchange, and none of it is kept`, async () => {
      await using sandbox = await startTestSandbox();
      await using wire = await sandbox.wire();
      await wire.hello();
      let answer = '';
      for (const line of say) answer = await wire.say(line);
      expect(answer).toMatch(/^500 5\.5\.6 .*too long/);
      expect(await wire.say('MAIL FROM:<a@b.test>')).toMatch(/^250 /);
      wire.end();
      const session = await sandbox.closedSession();
      expect(session.auth).toMatchObject([
        { mechanism: 'PLAIN', ok: false, code: 500, secret: null, user: null },
      ]);
      expect(session).toMatchObject({
        ...{ outcome: 'auth-failed', mechanism: 'PLAIN' },
        refusal: { command: 'AUTH', code: 500 },
      });
      const lines = await sandbox.lines(session.id);
      expect(lines.find(({ n }) => n === session.auth[0]!.line)).toMatchObject({ from: 'client' });
      const everything = JSON.stringify([session, lines]);
      for (const at of [200, 8000, 16_000]) expect(everything).not.toContain(secret.slice(at, at + 24));
    });
  }

  test.each(['AUTH', 'AUTH=PLAIN', 'auth HUNTER2', 'AUTH SCRAM-SHA-256'])(
    'is a failed login behind %j, and names no mechanism that may be a secret',
    async (start) => {
      await using sandbox = await startTestSandbox();
      await using wire = await sandbox.wire();
      await wire.hello();
      expect(await wire.say(`${start} ${secret}`)).toMatch(/^500 5\.5\.6 /);
      wire.end();
      const session = await sandbox.closedSession();
      const [attempt] = session.auth;
      expect([session.outcome, attempt?.code]).toEqual(['auth-failed', 500]);
      expect(attempt?.mechanism).toBe(/PLAIN|SCRAM-SHA-256/.exec(start)?.[0] ?? '');
      expect(JSON.stringify([session, await sandbox.lines(session.id)])).not.toContain('HUNTER2');
    },
  );
});
