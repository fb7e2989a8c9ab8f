import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { cramMd5Digest } from '../../server/smtp/auth/cram-md5.ts';
import {
  isScramProof,
  saslPrep,
  scramKeys,
  scramServerSignature,
} from '../../server/smtp/auth/scram-keys.ts';
import { anyLogin, base64, converse } from './conversation.ts';

const rejected = { code: 535, enhanced: '5.7.8' };

describe('CRAM-MD5', () => {
  const answer = (user: string, password: string) => (challenge: string) =>
    base64(`${user} ${createHmac('md5', password).update(challenge).digest('hex')}`);

  test('the example of RFC 2195', () => {
    const challenge = '<1896.697170952@postoffice.reston.mci.net>';
    expect(cramMd5Digest('tanstaaftanstaaf', challenge)).toBe('b913a602c7eda7a495b4e6e7334d3890');
  });

  test("the answer of Python's smtplib and of nodemailer", () => {
    const digest = cramMd5Digest('pencil', '<1.2@mailscope.invalid>');
    expect(base64(`joe ${digest}`)).toBe('am9lIDAyNjQ3N2U5ZGM1NTI3NTNlOGY1NzkzZjM5NGNlMDM5');
  });

  test('the right password logs in, and is not to be seen', async () => {
    const { verdict, challenges } = await converse('CRAM-MD5', null, [answer('joe', 'pencil')]);
    expect(challenges[0]).toMatch(/^<[0-9a-f]{32}@[a-z.]+>$/);
    expect(verdict).toMatchObject({ ok: true, user: 'joe', secret: null });
  });

  test.each([
    ['joe', 'wrong', 'another password'],
    ['ann', 'pencil', 'no user "ann"'],
    ['ann', '', 'no user "ann"'],
    ['', 'pencil', 'user name is empty'],
  ])('user %j with password %j is refused', async (user, password, reason) => {
    const { verdict } = await converse('CRAM-MD5', null, [answer(user, password)]);
    expect(verdict).toMatchObject({ ok: false, reply: rejected, user });
    expect(verdict.reason).toContain(reason);
  });

  test('where any login is accepted, the digest is not checked', async () => {
    const { verdict } = await converse('CRAM-MD5', null, [answer('who ever', 'x')], anyLogin);
    expect(verdict).toMatchObject({
      ok: true,
      user: 'who ever',
      reason: expect.stringContaining('not checked'),
    });
  });

  test('the server speaks first, so an initial response is refused', async () => {
    const { verdict } = await converse('CRAM-MD5', base64('joe x'));
    expect(verdict.reply).toMatchObject({ code: 501, enhanced: '5.7.0' });
  });

  test.each(['joe', 'joe 0123', `joe ${'g'.repeat(32)}`, `jo\re ${'0'.repeat(32)}`])(
    '%j is malformed',
    async (text) => {
      const { verdict } = await converse('CRAM-MD5', null, [base64(text)], anyLogin);
      expect(verdict).toMatchObject({ ok: false, reply: { code: 501, enhanced: '5.5.2' } });
    },
  );
});

describe('SCRAM-SHA-256', () => {
  const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  const mac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();

  /** The client's side, written from RFC 5802 §3. */
  function client(user: string, password: string, gs2 = 'n,,', change = (text: string) => text) {
    const bare = `n=${user},r=rOprNGfwEbeRWgbNEkqO`;
    let expected = '';
    return {
      first: base64(gs2 + bare),
      final: (serverFirst: string): string => {
        const [, nonce = '', salt = '', count = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst) ?? [];
        const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(count), 32, 'sha256');
        const without = change(`c=${base64(gs2)},r=${nonce}`);
        const message = `${bare},${serverFirst},${without}`;
        const key = mac(salted, 'Client Key');
        const signature = mac(sha(key), message);
        expected = `v=${mac(mac(salted, 'Server Key'), message).toString('base64')}`;
        return base64(
          `${without},p=${Buffer.from(key.map((byte, i) => byte ^ (signature[i] ?? 0))).toString('base64')}`,
        );
      },
      /** The empty line of a client that believes the server. */
      end: (serverFinal: string): string => (serverFinal === expected ? '' : '*'),
    };
  }

  test('the example of RFC 7677', async () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
    const message = Buffer.from(
      `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=${nonce}`,
    );
    const keys = await scramKeys('pencil', salt, 4096);
    expect(
      isScramProof(keys, message, Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64')),
    ).toBe(true);
    expect(isScramProof(keys, message, Buffer.alloc(32))).toBe(false);
    expect(isScramProof(keys, message, Buffer.alloc(0))).toBe(false);
    expect(scramServerSignature(keys, message).toString('base64')).toBe(
      '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    );
  });

  test.each([
    ['joe', 'pencil', 'n,,', 'joe'],
    ['joe', 'pencil', 'y,,', 'joe'],
    ['joe', 'pencil', 'n,a=joe,', 'joe'],
    ['jürgen', 'schlüssel', 'n,,', 'jürgen'],
  ])('%s with %s and header %s logs in, and each side knows the other', async (name, password, gs2, user) => {
    const { first, final, end } = client(name, password, gs2);
    const { verdict, steps } = await converse('SCRAM-SHA-256', first, [final, end]);
    expect(verdict).toMatchObject({ ok: true, user, secret: null, credential: null });
    expect(steps.map(({ what }) => what)).toEqual([
      'client-first-message',
      'server-first-message',
      'client-final-message',
      'server-final-message',
      'acknowledgement',
    ]);
  });

  test('without an initial response it takes one round more', async () => {
    const { first, final, end } = client('user', 'pencil');
    const { verdict, challenges } = await converse('SCRAM-SHA-256', null, [first, final, end]);
    expect(challenges[0]).toBe('');
    expect(verdict.ok).toBe(true);
  });

  test('a password is prepared as RFC 4013 says, one that is not is right as well', async () => {
    expect(saslPrep('I\u00adX')).toBe('IX');
    expect(saslPrep('\u00aa')).toBe('a');
    expect(saslPrep('\u2168')).toBe('IX');
    for (const password of ['\u2168', 'IX']) {
      const { first, final, end } = client('x', password);
      const { verdict } = await converse('SCRAM-SHA-256', first, [final, end], {
        any: false,
        password: () => '\u2168',
      });
      expect(verdict.ok).toBe(true);
    }
  });

  test.each([
    ['joe', 'wrong', false, 'another password'],
    ['ann', 'pencil', false, 'There is no user "ann".'],
    ['ann', 'pencil', true, 'SCRAM needs a password that the server knows'],
  ])('%s with %s (any login: %s) is refused', async (user, password, any, reason) => {
    const { first, final } = client(user, password);
    const { verdict } = await converse('SCRAM-SHA-256', first, [final], {
      any,
      password: (name) => (name === 'joe' ? 'pencil' : undefined),
    });
    expect(verdict).toMatchObject({ ok: false, user, reply: rejected });
    expect(verdict.reason).toContain(reason);
  });

  test.each([
    ['another nonce', (text: string) => text.replace(/r=.*/, 'r=other'), 'nonce'],
    ['a nonce that only begins alike', (text: string) => `${text}x`, 'nonce'],
    ['another channel binding', (text: string) => text.replace('c=biws', 'c=eSws'), 'channel binding'],
  ])('%s is refused', async (_title, change, reason) => {
    const { first, final } = client('joe', 'pencil', 'n,,', change);
    const { verdict } = await converse('SCRAM-SHA-256', first, [final]);
    expect(verdict).toMatchObject({ ok: false, reply: rejected, reason: expect.stringContaining(reason) });
  });

  test.each([
    'joe',
    'n,,n=joe',
    'n,,r=x,n=joe',
    'n,,m=x,n=joe,r=a',
    'x,,n=joe,r=a',
    'n,,n=,r=a',
    'n,,n=j=oe,r=a',
    'n,,n=joe,r=',
    'n,,n=jo\re,r=a',
    'n,,n=joe,r=\x07',
    '\0joe\0pencil',
  ])('first message %j is malformed', async (text) => {
    const { verdict, steps } = await converse('SCRAM-SHA-256', base64(text));
    expect(verdict.reply).toMatchObject({ code: 501, enhanced: '5.5.2' });
    expect(JSON.stringify(steps)).not.toContain('pencil');
  });

  test('names with a comma and an equals sign, and channel binding that is not offered', async () => {
    const { first, final } = client('a=2Cb=3Dc', 'x');
    expect((await converse('SCRAM-SHA-256', first, [final])).verdict.user).toBe('a,b=c');
    const { verdict } = await converse('SCRAM-SHA-256', base64('p=tls-exporter,,n=joe,r=a'));
    expect(verdict).toMatchObject({
      reply: rejected,
      reason: 'Channel binding was asked for, but is not offered.',
    });
  });

  test('a final message without proof is malformed, as is an answer to the last', async () => {
    expect(
      (await converse('SCRAM-SHA-256', client('joe', 'x').first, [base64('c=biws,r=x')])).verdict.reply.code,
    ).toBe(501);
    const { first, final } = client('joe', 'pencil');
    expect((await converse('SCRAM-SHA-256', first, [final, base64('x')])).verdict.reply.code).toBe(501);
    const distrust = client('joe', 'pencil');
    const { verdict } = await converse('SCRAM-SHA-256', distrust.first, [distrust.final, '*']);
    expect(verdict).toMatchObject({
      ok: false,
      user: 'joe',
      reply: { code: 501, text: 'Authentication cancelled' },
    });
  });
});
