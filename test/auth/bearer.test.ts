import { describe, expect, test } from 'vitest';
import { tokenFacts, tokenSubject } from '../../server/smtp/auth/bearer-token.ts';
import { anyLogin, base64, converse } from './conversation.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object, header: object = { alg: 'RS256', typ: 'JWT' }): string =>
  `${encode(header)}.${encode(claims)}.c2lnbmF0dXJl`;
const past = jwt({
  iss: 'https://login.example',
  aud: ['mail', 'calendar'],
  exp: 1_000_000_000,
  scope: 'smtp.send',
  email: 'joe',
});
const future = jwt({ exp: 33_000_000_000, sub: 's-1' });

const accounts = { any: false, password: (user: string) => (user === 'joe' ? 'right-token' : undefined) };
const xoauth2 = (user: string, token: string): string =>
  base64(`user=${user}\x01auth=Bearer ${token}\x01\x01`);
const oauthbearer = (user: string, token: string): string =>
  base64(`n,a=${user},\x01host=mail.example\x01port=587\x01auth=Bearer ${token}\x01\x01`);

describe.each([
  ['XOAUTH2', xoauth2, { status: '401', schemes: 'bearer', scope: 'https://mail.google.com/' }, ''],
  ['OAUTHBEARER', oauthbearer, { status: 'invalid_token', schemes: 'bearer' }, 'AQ=='],
])('%s', (mechanism, message, failure, acknowledgement) => {
  test('the right token logs in', async () => {
    const { verdict } = await converse(mechanism, message('joe', 'right-token'), [], accounts);
    expect(verdict).toMatchObject({
      ok: true,
      user: 'joe',
      credential: 'right-token',
      secret: { length: 11 },
    });
  });

  test('a wrong token gets the error first, and 535 after the acknowledgement', async () => {
    const { verdict, challenges, unsent } = await converse(
      mechanism,
      message('joe', 'bad'),
      [acknowledgement],
      accounts,
    );
    expect(challenges.map((text): unknown => JSON.parse(text))).toEqual([failure]);
    expect(unsent).toBe(0);
    expect(verdict).toMatchObject({ ok: false, user: 'joe', reply: { code: 535, enhanced: '5.7.8' } });
    expect(verdict.reason).toBe('The token is wrong.');
  });

  test('without an initial response it takes one round more', async () => {
    const { verdict, challenges } = await converse(mechanism, null, [message('ann', 'x')], anyLogin);
    expect(challenges).toEqual(['']);
    expect(verdict).toMatchObject({ ok: true, user: 'ann' });
  });

  test('what a token says of itself is shown, the token is not', async () => {
    const { verdict, steps } = await converse(mechanism, message('joe', past), [], anyLogin);
    expect(verdict).toMatchObject({
      ok: true,
      reason: expect.stringContaining('expired at 2001-09-09T01:46:40.000Z'),
    });
    expect(steps[0]?.decoded).toMatchObject({
      user: 'joe',
      token: 'JWT',
      alg: 'RS256',
      iss: 'https://login.example',
      aud: 'mail calendar',
      scope: 'smtp.send',
      expired: 'yes',
    });
    for (const part of past.split('.')) expect(JSON.stringify([steps, verdict.reason])).not.toContain(part);
  });

  test.each(['no blank', 'Basic abc', 'Bearer ', 'Bearer a b', 'Bearer a\u00e9'])(
    'auth=%j is malformed',
    async (value) => {
      const text = Buffer.from(message('joe', 'T'), 'base64').toString().replace('Bearer T', value);
      const { verdict, steps } = await converse(mechanism, base64(text), [], anyLogin);
      expect(verdict).toMatchObject({ ok: false, user: 'joe', reply: { code: 501, enhanced: '5.5.2' } });
      expect(steps.at(-1)?.problem).toBeTruthy();
    },
  );

  test('a user name with a line break is refused', async () => {
    const { verdict } = await converse(mechanism, message('jo\r\ne', 'x'), [], anyLogin);
    expect(verdict).toMatchObject({ ok: false, user: null, reply: { code: 501 } });
  });
});

test('the XOAUTH2 line of nodemailer logs in, a refusal is acknowledged with an empty line', async () => {
  const sent = 'dXNlcj1qb2UBYXV0aD1CZWFyZXIgdG9rAQE=';
  expect((await converse('XOAUTH2', sent, [], anyLogin)).verdict).toMatchObject({
    ok: true,
    user: 'joe',
    credential: 'tok',
  });
  expect((await converse('XOAUTH2', sent, [''], accounts)).verdict.reply.code).toBe(535);
});

describe('malformed messages are refused', () => {
  test.each([
    'hello',
    'user=joe\x01\x01',
    'auth=Bearer x\x01\x01',
    'user=joe\x01auth=Bearer x\x01',
    'user=a\x01user=b\x01auth=Bearer x\x01\x01',
    '',
  ])('XOAUTH2 %j', async (text) => {
    const { verdict } = await converse('XOAUTH2', base64(text) || '=', [], anyLogin);
    expect(verdict.reply).toMatchObject({ code: 501, enhanced: '5.5.2' });
  });
  test.each([
    'user=joe\x01auth=Bearer x\x01\x01',
    'n,a=joe\x01auth=Bearer x\x01\x01',
    'p=x,,\x01auth=Bearer x\x01\x01',
    'n,a=j=oe,\x01auth=Bearer x\x01\x01',
    'n,,\x01\x01',
  ])('OAUTHBEARER %j', async (text) => {
    const { verdict } = await converse('OAUTHBEARER', base64(text), [], anyLogin);
    expect(verdict.reply).toMatchObject({ code: 501, enhanced: '5.5.2' });
  });
});

test('OAUTHBEARER without a name takes it from the token', async () => {
  const login = async (token: string) =>
    (await converse('OAUTHBEARER', base64(`n,,\x01auth=Bearer ${token}\x01\x01`), [], anyLogin)).verdict;
  expect(await login(past)).toMatchObject({ ok: true, user: 'joe', authorizationId: null });
  expect(await login(future)).toMatchObject({ ok: true, user: 's-1' });
  expect(await login('opaque')).toMatchObject({ ok: true, user: 'unknown' });
  expect(await login(jwt({ email: 'a\r\nb' }))).toMatchObject({ ok: true, user: 'unknown' });
});

describe('facts of tokens', () => {
  test('an opaque token has none', () => {
    for (const token of [
      'ya29.a0Af',
      'a.b.c',
      `${encode({})}.${encode([])}.x`,
      '',
      '..',
      'a.b.c.d.e',
      `${encode({})}.eyJ9.x`,
    ]) {
      expect(tokenFacts(token)).toEqual({ token: 'opaque' });
    }
  });
  test('expiry is judged by the clock', () => {
    expect(tokenFacts(jwt({ exp: 100 }), 99_999)).toMatchObject({
      expired: 'no',
      exp: '1970-01-01T00:01:40.000Z',
    });
    expect(tokenFacts(jwt({ exp: 100 }), 100_000)).toMatchObject({ expired: 'yes' });
    expect(tokenFacts(jwt({ exp: 1e300 }))).toMatchObject({ expired: 'no', exp: '1e+300' });
    expect(tokenFacts(jwt({ exp: 'soon' }))).toEqual({ token: 'JWT', alg: 'RS256' });
  });
  test('claims are bounded and without control characters', () => {
    const facts = tokenFacts(jwt({ iss: 'a\r\nb\u2028'.repeat(500), scp: ['x', 'y', { z: 1 }], aud: {} }));
    expect(facts).toMatchObject({ scope: 'x y' });
    expect(facts.iss).toHaveLength(300);
    expect(facts.iss).not.toMatch(/[\r\n\u2028]/);
    expect(tokenFacts(jwt(JSON.parse('{"__proto__":{"iss":"x"}}') as object))).not.toHaveProperty('iss');
    expect(tokenSubject('x')).toBeUndefined();
  });
});
