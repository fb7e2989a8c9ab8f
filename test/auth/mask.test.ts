import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskAuthLine, maskLoose, maskResponse, maskUnknown } from '../../server/smtp/auth/mask.ts';
import { mechanisms } from '../../server/smtp/auth/mechanisms.ts';
import { secretFacts } from '../../server/smtp/auth/secret.ts';
import { saslMechanisms } from '../../shared/explain/sasl-mechanisms.ts';
import { cpuNow } from '../support/cpu-time.ts';

const text = ({ bytes }: { bytes: Buffer }): string => bytes.toString('latin1');
const line = (value: string): string => text(maskAuthLine(Buffer.from(value, 'latin1')));
const response = (value: string): string => text(maskResponse(Buffer.from(value, 'latin1')));
const loose = (value: string, inAuth = false): string =>
  text(maskLoose(Buffer.from(value, 'latin1'), inAuth));

test.each([
  ['AUTH PLAIN AGpvZQBwdw==\r\n', 'AUTH PLAIN ************\r\n'],
  ['auth  plain \t AGpv\n', 'auth  plain \t ****\n'],
  ['AUTH PLAIN AGpv', 'AUTH PLAIN ****'],
  ['AUTH PLAIN a b \r\n', 'AUTH PLAIN ****\r\n'],
  ['AUTH=PLAIN AGpv\r\n', 'AUTH=PLAIN ****\r\n'],
  [' AUTH PLAIN AGpv\r\n', ' AUTH PLAIN ****\r\n'],
  ['AUTH PLAIN \xff\xfe\0\r\r\n', 'AUTH PLAIN ****\r\n'],
  ['AUTH AGpvZQBwdw==\r\n', 'AUTH ************\r\n'],
  ['AUTH PLAIN\rAGpv\r\n', 'AUTH **********\r\n'],
  ['AUTH pencil\r\n', 'AUTH ******\r\n'],
  ['AUTH NTLM TlRM\r\n', 'AUTH NTLM ****\r\n'],
  ['AUTH HUNTER2 TlRM\r\n', 'AUTH ************\r\n'],
  ['AUTH PLAIN2 TlRM\r\n', 'AUTH ***********\r\n'],
])('an initial response is overwritten: %j', (sent, shown) => expect(line(sent)).toBe(shown));

test.each([
  'AUTH\r\n',
  'AUTH LOGIN\r\n',
  'AUTH LOGIN \r\n',
  'auth scram-sha-256-plus\r\n',
  'AUTH EXTERNAL =\r\n',
  'AUTH PLAIN *\r\n',
  'AUT',
  'AUTH',
  '',
  '\r\n',
  'MAIL FROM:<a@b> AUTH=<>\r\n',
  'AUTHOR x y\r\n',
  'EHLO auth plain x\r\n',
])('nothing else is overwritten: %j', (sent) => {
  const bytes = Buffer.from(sent, 'latin1');
  expect(maskAuthLine(bytes)).toEqual({ bytes, masked: false });
});

test('every mechanism that is explained or offered is one that is shown, in any case', () => {
  const names = [...new Set([...Object.keys(saslMechanisms), ...Object.keys(mechanisms)])];
  expect(names.length).toBeGreaterThan(10);
  for (const name of names.flatMap((each) => [each, each.toLowerCase()]))
    expect(line(`AUTH ${name} AGpv\r\n`)).toBe(`AUTH ${name} ****\r\n`);
});

test.each([
  ['cGVuY2ls\r\n', '********\r\n'],
  ['cGVu\n', '****\n'],
  ['cGVu', '****'],
  ['*\r\n', '*\r\n'],
  ['\r\n', '\r\n'],
  ['', ''],
  ['**\r\n', '**\r\n'],
  ['=\r\n', '*\r\n'],
  ['a b\0\r\r\n', '*****\r\n'.slice(0, 5) + '\r\n'],
])('a response is overwritten: %j', (sent, shown) => expect(response(sent)).toBe(shown));

test.each([
  [
    'AUTH LOGIN\r\nam9l\r\ncGVuY2ls\r\nMAIL FROM:<a@b>\r\nabcd\r\n',
    'AUTH LOGIN\r\n****\r\n********\r\nMAIL FROM:<a@b>\r\nabcd\r\n',
  ],
  ['AUTH PLAIN AGpv\r\nQUIT\r\n', 'AUTH PLAIN ****\r\nQUIT\r\n'],
  ['EHLO a\r\nxx aUtH login c2Vj\ncGVu', 'EHLO a\r\nxx aUtH login ****\n****'],
  ['AUTH LOGIN\r\nmy secret word\r\n*\r\nRSET\r\n', 'AUTH LOGIN\r\n**************\r\n*\r\nRSET\r\n'],
  ['AUTH LOGIN\r\nDATA1234\r\n', 'AUTH LOGIN\r\n********\r\n'],
  ['Author said: AUTHentic\r\nabcd\r\n', 'Author said: AUTHentic\r\nabcd\r\n'],
  ['AUTH PLAIN AGpv\rAUTH PLAIN AGpv', 'AUTH PLAIN ********************'],
])('free bytes: %j', (sent, shown) => expect(loose(sent)).toBe(shown));

test('lines after a refused AUTH are overwritten up to the next command', () => {
  expect(loose('am9l\r\ncGVuY2ls\r\nquit\r\nam9l', true)).toBe('****\r\n********\r\nquit\r\nam9l');
  expect(maskLoose(Buffer.from('AUTH LOGIN\r\nam'))).toMatchObject({ masked: true, inAuth: true });
  expect(maskLoose(Buffer.from('AUTH LOGIN\r\nQUIT\r\n'))).toMatchObject({ masked: false, inAuth: false });
});

test.each([
  ['AUHT PLAIN AGpv\r\n', 'AUHT PLAIN ****\r\n'],
  ['AUTHPLAIN AGpv\r\n', 'AUTHPLAIN ****\r\n'],
  ['AUTH\xa0PLAIN AGpv\r\n', 'AUTH\xa0PLAIN ****\r\n'],
  ['PLAIN AGpv\r\n', 'PLAIN ****\r\n'],
  ['PASS pencil\r\n', 'PASS ******\r\n'],
  ['APOP joe c4c9\r\n', 'APOP ********\r\n'],
  ['a1 LOGIN joe "pen cil"\r\n', 'a1 LOGIN *************\r\n'],
  ['a1 AUTHENTICATE PLAIN AGpv\r\n', 'a1 AUTHENTICATE PLAIN ****\r\n'],
  ['a1 AUTHENTICATE HUNTER2 AGpv\r\n', 'a1 AUTHENTICATE ************\r\n'],
  ['AGpvZQBteS1zZWNyZXQ=\r\n', '********************\r\n'],
])('a login that is no command of SMTP is overwritten: %j', (sent, shown) => {
  const masked = maskUnknown(Buffer.from(sent, 'latin1'), false);
  expect(text(masked)).toBe(shown);
  expect(masked).toMatchObject({ masked: true, inAuth: true });
});

test('what follows a login that is no command of SMTP is overwritten too', () => {
  for (const sent of ['AUHT LOGIN\r\n', 'a1 AUTHENTICATE PLAIN\r\n', 'pass\r\n'])
    expect(maskUnknown(Buffer.from(sent), false)).toMatchObject({ masked: false, inAuth: true });
});

test.each([
  'GET / HTTP/1.1\r\n',
  'XYZZY one two\r\n',
  'STAT\r\n',
  'USER joe\r\n',
  'a1 CAPABILITY\r\n',
  'PASSWORD?\r\n',
  'yyyyyyyyyyyyyyyyyyyyyyyy\r\n',
  '',
])('another unknown line is left: %j', (sent) => {
  const bytes = Buffer.from(sent, 'latin1');
  expect(maskUnknown(bytes, false)).toEqual({ bytes, masked: false, inAuth: false });
});

test('the bytes given are never changed', () => {
  const bytes = Buffer.from('AUTH PLAIN AGpv\r\n');
  maskAuthLine(bytes);
  maskResponse(bytes);
  maskLoose(bytes);
  maskUnknown(bytes, true);
  expect(bytes.toString()).toBe('AUTH PLAIN AGpv\r\n');
});

describe('no form of the secret is left, and the length is kept', () => {
  const secrets = fc.uuid().map((id) => `Sup3r-SECRET-${id}`);
  /** What may stand around the secret when it is encoded: it moves the base64 by 0, 1 or 2 bytes. */
  const around = fc.constantFrom('', 'a', 'ab', '\0joe\0', 'joe ', 'user=joe\x01auth=Bearer ', 'é');
  const encodings = [
    (plain: Buffer) => plain.toString('base64'),
    (plain: Buffer) => plain.toString('base64url'),
    (plain: Buffer) => plain.toString('hex'),
    (plain: Buffer) => plain.toString('latin1'),
    (plain: Buffer) => Buffer.from(plain.toString('base64')).toString('base64'),
  ];
  const written = (secret: string) =>
    fc
      .tuple(around, fc.constantFrom(...encodings), around)
      .map(([before, encode, after]) => encode(Buffer.from(before + secret + after)));

  /** Forms to look for: raw, hex, and the middle of the base64 at each offset. */
  const forms = (secret: string): string[] => [
    secret,
    Buffer.from(secret).toString('hex'),
    ...[0, 1, 2].map((offset) =>
      Buffer.from('x'.repeat(offset) + secret)
        .toString('base64')
        .slice(offset === 0 ? 0 : 4, -4),
    ),
  ];
  const check = (secret: string, sent: string, mask: (bytes: Buffer) => { bytes: Buffer }): void => {
    const bytes = Buffer.from(sent, 'latin1');
    const shown = mask(bytes).bytes;
    expect(shown).toHaveLength(bytes.length);
    for (const form of forms(secret)) expect(shown.toString('latin1')).not.toContain(form);
  };
  const ending = fc.constantFrom('\r\n', '\n', '');
  const mechanism = fc.constantFrom(
    'PLAIN',
    'plain',
    'LOGIN',
    'CRAM-MD5',
    'XOAUTH2',
    'OAUTHBEARER',
    'NTLM',
    'X-WHAT',
    'unheard-of',
  );
  const blanks = fc.constantFrom(' ', '  ', '\t', ' \t ');

  test('in a command', () => {
    const attempt = secrets.chain((secret) =>
      fc.tuple(fc.constant(secret), written(secret), mechanism, blanks, ending),
    );
    fc.assert(
      fc.property(attempt, ([secret, sent, name, blank, end]) => {
        check(secret, `AUTH${blank}${name}${blank}${sent}${end}`, maskAuthLine);
        check(secret, `AUTH ${sent}${end}`, maskAuthLine);
        check(secret, `${sent}${end}`, maskResponse);
      }),
      { numRuns: 1000 },
    );
  });

  test('in free bytes, base64 split over lines and cut anywhere', () => {
    const junk = fc.array(
      fc.constantFrom(
        'EHLO a\r\n',
        'MAIL FROM:<a@b>\r\n',
        '\x16\x03\x01\0',
        'AUTH LOGIN\r\n',
        'QUIT\n',
        'AUTH ',
      ),
      { maxLength: 4 },
    );
    const attempt = secrets.chain((secret) =>
      fc.tuple(
        fc.constant(secret),
        written(secret),
        mechanism,
        ending,
        junk,
        fc.boolean(),
        fc.integer({ min: 4, max: 90 }),
      ),
    );
    fc.assert(
      fc.property(attempt, ([secret, sent, name, end, before, onLine, split]) => {
        const folded = sent.replace(/^[A-Za-z0-9+/=]+$/, (all) =>
          all.replace(new RegExp(`(.{${split}})`, 'g'), '$1\r\n'),
        );
        const auth = onLine ? `AUTH ${name} ${folded}${end}` : `AUTH ${name}\r\n${folded}${end}`;
        const all = before.join('') + auth;
        check(secret, all, maskLoose);
        const cut = Math.floor(all.length * 0.9);
        check(secret, all.slice(0, cut), maskLoose);
        check(secret, folded, (bytes) => maskLoose(bytes, true));
      }),
      { numRuns: 1000 },
    );
  });
});

test.each(['AUTH ', 'a', 'AUTH PLAIN x\r\n', '\r', ' ', 'MAIL FROM', 'RCPT TO ', 'AUTH\n'])(
  'a megabyte of %j is done quickly',
  (piece) => {
    const bytes = Buffer.from(piece.repeat(1_000_000 / piece.length));
    const start = cpuNow();
    maskLoose(bytes, true);
    maskAuthLine(bytes);
    expect(cpuNow() - start).toBeLessThan(1500);
  },
);

test.each([
  ['', { length: 0, charset: 'empty', trailingWhitespace: false, looksLikeBase64: false }],
  ['pencil', { length: 6, charset: 'ascii', trailingWhitespace: false, looksLikeBase64: false }],
  ['password', { length: 8, charset: 'ascii', looksLikeBase64: false }],
  ['also', { length: 4, looksLikeBase64: false }],
  ['cGVuY2ls', { length: 8, looksLikeBase64: true }],
  ['pencil ', { trailingWhitespace: true }],
  ['pencil\r\n', { trailingWhitespace: true }],
  ['pencil\u00a0', { charset: 'utf-8', length: 8, trailingWhitespace: true }],
  [Buffer.from('\xff ', 'latin1'), { charset: 'binary', length: 2, trailingWhitespace: true }],
])('facts of the secret %j', (secret, facts) => {
  expect(secretFacts(Buffer.from(secret as string))).toMatchObject(facts);
});
