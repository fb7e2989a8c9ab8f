import { describe, expect, test } from 'vitest';
import { mechanisms, secretStep } from '../../server/smtp/auth/mechanisms.ts';
import { anyLogin, base64, converse, onlyJoe } from './conversation.ts';

const accepted = { code: 235, enhanced: '2.7.0', text: 'Authentication successful' };
const wrong = { code: 535, enhanced: '5.7.8', text: 'Authentication credentials invalid' };
const gone = { code: 501, enhanced: '5.7.0', text: 'Authentication cancelled' };

describe('lines that real clients send log in', () => {
  test("Python's smtplib, AUTH PLAIN with an initial response", async () => {
    const { verdict, challenges } = await converse('PLAIN', 'AGpvZQBwZW5jaWw=');
    expect(challenges).toEqual([]);
    expect(verdict).toMatchObject({
      ok: true,
      user: 'joe',
      authorizationId: null,
      reply: accepted,
      credential: 'pencil',
    });
  });

  test("Python's smtplib, AUTH LOGIN with the user name as initial response", async () => {
    const { verdict, challenges } = await converse('LOGIN', 'am9l', ['cGVuY2ls']);
    expect(challenges).toEqual(['Password:']);
    expect(verdict).toMatchObject({ ok: true, user: 'joe', reply: accepted });
  });

  test('nodemailer, AUTH LOGIN with two prompts', async () => {
    const { verdict, challenges, steps } = await converse('LOGIN', null, ['am9l', 'cGVuY2ls']);
    expect(challenges).toEqual(['Username:', 'Password:']);
    expect(verdict).toMatchObject({ ok: true, user: 'joe' });
    expect(steps.map(({ from, what }) => `${from} ${what}`)).toEqual([
      'server challenge',
      'client user name',
      'server challenge',
      'client password',
    ]);
    expect(steps[1]?.decoded).toEqual({ user: 'joe' });
  });

  test('nodemailer, AUTH PLAIN', async () => {
    const { verdict } = await converse('PLAIN', base64('\0jürgen\0schlüssel'));
    expect(verdict).toMatchObject({ ok: true, user: 'jürgen', secret: { charset: 'utf-8', length: 10 } });
  });

  test('AUTH PLAIN without an initial response, and with a user to act as', async () => {
    const { verdict, steps } = await converse('PLAIN', null, [base64('joe\0joe\0pencil')]);
    expect(verdict).toMatchObject({ ok: true, user: 'joe', authorizationId: 'joe' });
    expect(steps.at(-1)).toEqual({
      from: 'client',
      what: 'response',
      decoded: { 'authorization id': 'joe', user: 'joe' },
      problem: null,
    });
  });
});

describe('wrong credentials get 535 and the record says why', () => {
  test.each([
    ['\0joe\0pencil2', 'The password is wrong.'],
    ['\0joe\0', 'The password is empty.'],
    ['\0joe\0pencil ', 'white space around it'],
    ['\0joe\0pencil\n', 'white space around it'],
    [`\0joe\0${base64('pencil')}`, 'base64 twice'],
    ['\0ann\0pencil', 'There is no user "ann".'],
    ['\0\0pencil', 'The user name is empty.'],
    ['joe\0\0pencil', 'stands in the place of the authorization id'],
    ['ann\0joe\0pencil', 'joe may not act as ann'],
  ])('%j', async (message, reason) => {
    const { verdict } = await converse('PLAIN', base64(message));
    expect(verdict).toMatchObject({ ok: false, reply: wrong });
    expect(verdict.reason).toContain(reason);
    expect(verdict.reason).not.toContain('pencil');
  });

  test('a password in Latin-1', async () => {
    const { verdict } = await converse(
      'PLAIN',
      base64(Buffer.from('\0j\xc3\xbcrgen\0schl\xfcssel', 'latin1')),
    );
    expect(verdict).toMatchObject({
      ok: false,
      secret: { charset: 'binary' },
      credential: expect.stringMatching(/^base64:/),
    });
    expect(verdict.reason).toContain('Latin-1');
  });
});

test('where any login is accepted, so is any, and the facts of the password are kept', async () => {
  const { verdict } = await converse('PLAIN', base64('\0who\0ever '), [], anyLogin);
  expect(verdict).toMatchObject({
    ok: true,
    user: 'who',
    secret: { length: 5, charset: 'ascii', trailingWhitespace: true },
  });
  const binary = await converse('PLAIN', base64(Buffer.from([0, 0x6a, 0, 0xff, 0xfe])), [], anyLogin);
  expect(binary.verdict).toMatchObject({ ok: true, user: 'j', secret: { charset: 'binary' } });
  expect((await converse('LOGIN', null, ['am9l', ''], anyLogin)).verdict).toMatchObject({
    ok: true,
    secret: { charset: 'empty' },
  });
});

describe('what is not base64 is refused with 501 and what is wrong with it', () => {
  test.each([
    ['AGpvZQBwZW5jaWw', 'missing padding'],
    ['AGpvZQBwZW5jaWw==', 'wrong padding'],
    ['AGpv=QBwZW5jaWw=', 'padding at position 5'],
    ['AGpvZQBwZW5ja!w=', 'illegal character at position 14; it looks like clear text'],
    ['AGpvZQBwZW5-_ww=', 'position 12; it looks like base64url'],
    ['AGpvZQBwZW5jaWw= ', 'blank at the end'],
    ['AGpv ZQBwZW5jaWw=', 'blank at position 5'],
    ['AGpvZQBwZW5jaWx=', 'unused bits'],
    ['AGpvZQBwZW5jaWw=\r', 'control character at position 17'],
    ['AAAAA', 'impossible length'],
    ['joe/pencil', 'looks like clear text'],
    ['joe:pencil', 'illegal character at position 4; it looks like clear text'],
  ])('%j', async (initial, text) => {
    const { verdict, steps } = await converse('PLAIN', initial);
    expect(verdict).toMatchObject({ ok: false, user: null, reply: { code: 501, enhanced: '5.5.2' } });
    expect(verdict.reply.text).toContain('Invalid base64 in the initial response');
    expect(verdict.reply.text).toContain(text);
    expect(steps.at(-1)?.problem).toContain(text);
  });

  test('clear text to LOGIN, the user name known already', async () => {
    const { verdict } = await converse('LOGIN', null, [base64('joe'), 'hunter2']);
    expect(verdict).toMatchObject({ ok: false, user: 'joe', reply: { code: 501 } });
    expect(verdict.reply.text).toBe(
      'Invalid base64 in the password: missing padding; it looks like clear text',
    );
    expect((await converse('LOGIN', null, ['joe1'])).verdict.reason).toContain('perhaps clear text was sent');
  });
});

describe('PLAIN that is not three fields is refused', () => {
  test.each([
    ['joe', 'no NUL'],
    ['joe\0pencil', 'one NUL'],
    ['\0joe\0pen\0cil', 'more than two NUL'],
    ['', 'no NUL'],
  ])('%j', async (message, text) => {
    const { verdict } = await converse('PLAIN', message === '' ? '=' : base64(message));
    expect(verdict).toMatchObject({ ok: false, reply: { code: 501, enhanced: '5.5.2' } });
    expect(verdict.reason).toContain(text);
  });
});

describe('a user name that would do harm in a log is refused', () => {
  const codes = [...Array(32).keys(), ...Array.from({ length: 33 }, (_, i) => 0x7f + i), 0x2028, 0x2029];
  test.each(['PLAIN', 'LOGIN'])('%s', async (mechanism) => {
    for (const code of codes) {
      if (code === 0 && mechanism === 'PLAIN') continue;
      const user = `jo${String.fromCodePoint(code)}e`;
      const initial = mechanism === 'PLAIN' ? base64(`\0${user}\0x`) : base64(user);
      const { verdict, steps } = await converse(mechanism, initial, [], anyLogin);
      expect(verdict).toMatchObject({ ok: false, user: null, reply: { code: 501 } });
      expect(JSON.stringify([verdict, steps])).not.toContain('jo');
    }
  });
  test('also as authorization id, or too long, or not UTF-8', async () => {
    for (const message of ['a\rb\0joe\0x', `\0${'a'.repeat(256)}\0x`, Buffer.from('\0\xff\0x', 'latin1')]) {
      expect((await converse('PLAIN', base64(message), [], anyLogin)).verdict.reply.code).toBe(501);
    }
  });
});

describe('a client may give up at each step', () => {
  const attempts: [string, string | null, string[]][] = [
    ['PLAIN', '*', []],
    ['PLAIN', null, ['*']],
    ['LOGIN', '*', []],
    ['LOGIN', null, ['*']],
    ['LOGIN', null, [base64('joe'), '*']],
    ['CRAM-MD5', null, ['*']],
    ['XOAUTH2', null, ['*']],
    ['XOAUTH2', base64('user=joe\x01auth=Bearer x\x01\x01'), ['*']],
    ['OAUTHBEARER', base64('n,a=joe,\x01auth=Bearer x\x01\x01'), ['*']],
    ['SCRAM-SHA-256', null, ['*']],
    ['SCRAM-SHA-256', base64('n,,n=joe,r=abc'), ['*']],
  ];
  test.each(attempts)('%s %s %j with "*"', async (mechanism, initial, lines) => {
    const { verdict, steps } = await converse(mechanism, initial, lines, onlyJoe);
    expect(verdict).toMatchObject({ ok: false, reply: gone });
    expect(steps.at(-1)).toMatchObject({ from: 'client', what: 'cancelled' });
  });
  test.each(attempts.filter(([, , lines]) => lines.length > 0))(
    '%s %s %j by leaving',
    async (mechanism, initial, lines) => {
      const { verdict } = await converse(
        mechanism,
        initial,
        lines.map((line) => (line === '*' ? null : line)),
      );
      expect(verdict).toMatchObject({ ok: false });
      expect(verdict.reason).toContain('The client left');
    },
  );
});

test('only user names and the first message of SCRAM are shown in a transcript', () => {
  const shown = [
    'PLAIN',
    'LOGIN',
    'CRAM-MD5',
    'XOAUTH2',
    'OAUTHBEARER',
    'SCRAM-SHA-256',
    'NTLM',
    'login',
  ].flatMap((name) =>
    [0, 1, 2].filter((index) => !secretStep(name, index)).map((index) => `${name} ${index}`),
  );
  expect(shown).toEqual(['LOGIN 0', 'SCRAM-SHA-256 0', 'login 0']);
  expect(secretStep('LOGIN', 0, base64('joe'))).toBe(false);
  expect(secretStep('LOGIN', 0, base64('\0joe\0pencil'))).toBe(true);
  expect(secretStep('SCRAM-SHA-256', 0, base64('n,,n=joe,r=abc'))).toBe(false);
  expect(secretStep('SCRAM-SHA-256', 0, base64('\0joe\0pencil'))).toBe(true);
});

test('a mechanism is found by its name alone', () => {
  expect(Object.keys(mechanisms).sort()).toEqual([
    'CRAM-MD5',
    'LOGIN',
    'OAUTHBEARER',
    'PLAIN',
    'SCRAM-SHA-256',
    'XOAUTH2',
  ]);
  expect(mechanisms['constructor']).toBeUndefined();
});
