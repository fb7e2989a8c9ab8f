// Rare charsets, words, texts and dates are read as the RFCs say, or as their sender meant them.
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../server/mail/charset.ts';
import { parseDate } from '../../server/mail/date.ts';
import { decodeWords } from '../../server/mail/encoded-words.ts';
import { parseMessage } from '../../server/mail/parse.ts';
import { scanHeader } from '../../server/mail/scan-header.ts';
import { cpuNow } from '../support/cpu-time.ts';

const bytes = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');

test.each([
  ['iso-8859-16', [0xfe, 0x61, 0x72, 0xe3], 'țară'],
  ['cp437', [0x84, 0x94, 0x81], 'äöü'],
  ['cp850', [0x84, 0x94, 0x81], 'äöü'],
  ['cp858', [0x84, 0xd5], 'ä€'],
  ['windows-949', [0xc7, 0xd1, 0x8c, 0x63], '한똠'],
  ['cp949', [0xc7, 0xd1, 0x8c, 0x63], '한똠'],
  ['euc-kr', [0xc7, 0xd1, 0x8c, 0x63], '한똠'],
  ['big5-hkscs', [0xa4, 0xa4, 0x8d, 0x7e], '中嚱'],
  ['big5', [0xa4, 0xa4, 0xa4, 0xe5], '中文'],
  ['csISO2022JP', [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42], '日'],
  ['cp50220', [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42], '日'],
  ['latin9', [0x64, 0xe9, 0x6a, 0xe0, 0x20, 0xbd, 0x20, 0xa4], 'déjà œ €'],
  ['x-mac-ce', [0x97, 0xb8, 0x8d], 'ółć'],
  ['x-mac-ukrainian', [0xb6, 0xa1], 'ґ°'],
  ['unicode', [0x1f, 0x04, 0x40, 0x04], 'Пр'],
  ['utf-32le', [0x34, 0xf6, 0x01, 0, 0x78, 0, 0, 0], '😴x'],
])('%s is the same in a header, a file name and a text', async (charset, letters, expected) => {
  const base64 = Buffer.from(letters).toString('base64');
  const percent = letters.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const raw = bytes(
    `Subject: =?${charset}?b?${base64}?=`,
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    `Content-Type: text/plain; charset=${charset}`,
    'Content-Transfer-Encoding: base64',
    '',
    base64,
    '--b',
    `Content-Disposition: attachment; filename*=${charset}''${percent}`,
    '',
    '--b--',
  );
  const { subject, text, attachments } = await parseMessage(raw);
  expect([subject, text, attachments[0]?.filename]).toEqual([expected, expected, expected]);
});

test.each(['hex', 'base64', 'constructor', 'x-none-1'])('%s is no charset', (charset) => {
  expect(decodeText(Buffer.from('Größe'), charset)).toBe('Größe');
});

describe('a text', () => {
  const textOf = async (header: string[], body: string): Promise<string | null> =>
    (await parseMessage(bytes(...header, '', body))).text;

  test.each(['x-uuencode', 'uuencode', 'X-UUE'])('in %s is shown decoded', async (encoding) => {
    const body = 'begin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n';
    const header = ['Content-Type: text/plain; charset=utf-8', `Content-Transfer-Encoding: ${encoding}`];
    expect(await textOf(header, body)).toBe('abc');
    expect((await parseMessage(bytes(...header, '', body))).structure?.size).toBe(3);
    expect(await textOf(header, 'as it is\r\n')).toBe('as it is\n');
  });

  const flowed = 'Content-Type: text/plain; charset=utf-8; format=flowed';
  test.each([
    ['last words \r\n-- \r\nAnn\r\nShop\r\n', 'last words\n-- \nAnn\nShop'],
    ['last words\r\n-- \r\nAnn\r\nShop\r\n', 'last words\n-- \nAnn\nShop'],
    ['> quoted \r\n> -- \r\n> Ann\r\n', '> quoted\n> -- \n> Ann'],
    ['one \r\ntwo\r\n', 'one two'],
    ['one \r\n--  no sign\r\n', 'one --  no sign'],
    ['end \r\n-- ', 'end\n-- '],
  ])('that flows keeps the line above a signature: %j', async (sent, shown) => {
    expect(await textOf([flowed], sent)).toBe(shown);
    const base64 = Buffer.from(sent).toString('base64');
    expect(await textOf([flowed, 'Content-Transfer-Encoding: base64'], base64)).toBe(shown);
    const quoted = sent.replace(/ (?=\r\n|$)/g, '=20');
    expect(await textOf([flowed, 'Content-Transfer-Encoding: quoted-printable'], quoted)).toBe(shown);
  });

  test.each([
    ['one \r\n\r\ntwo\r\n', 'one\ntwo'],
    ['one  \r\n\r\n\r\ntwo \r\nthree\r\n', 'one\n\ntwo three'],
    ['> one \r\n>\r\n> two\r\n', '> one\n> two'],
    ['> one \r\n> \r\n> two\r\n', '> one\n> two'],
    ['>> one \r\n>\r\n> two\r\n', '>> one \n>\n> two'],
    ['one\r\n\r\ntwo\r\n', 'one\n\ntwo'],
    ['one\r\n \r\ntwo\r\n', 'one\n\ntwo'],
    ['-- \r\n\r\nAnn\r\n', '-- \n\nAnn'],
    ['end \r\n', 'end '],
  ])('that flows ends a paragraph at an empty line (RFC 3676 4.1): %j', async (sent, shown) => {
    expect(await textOf([flowed], sent)).toBe(shown);
  });

  test('that flows has the blanks of DelSp removed, but for the line above a signature', async () => {
    expect(await textOf([`${flowed}; delsp=yes`], 'long \r\nword \r\n-- \r\nAnn\r\n')).toBe(
      'longword\n-- \nAnn',
    );
  });
});

describe('a date', () => {
  test.each([
    ['Fri , 21 Nov 1997 09:55:06 -0600', '1997-11-21T15:55:06.000Z'],
    ['Fri, 21 Nov 1997 09(comment):   55  :  06 -0600', '1997-11-21T15:55:06.000Z'],
    [String.raw`Fri, 21 Nov 1997 (a\)b) 09:55:06 -0600`, '1997-11-21T15:55:06.000Z'],
    ['Fri, 21 Nov 1997 (a (b (c)) d) 09:55:06 -0600', '1997-11-21T15:55:06.000Z'],
    [
      `(${'long '.repeat(100)}) Fri, 21 Nov 1997 09:55:06 (${'x'.repeat(300)}) -0600`,
      '1997-11-21T15:55:06.000Z',
    ],
    [
      'Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n               -0330 (Newfoundland Time)',
      '1969-02-14T03:02:00.000Z',
    ],
    ['Mon, 21 Aug 95 13:30:57 -600', '1995-08-21T19:30:57.000Z'],
    ['Mon, 21 Aug 95 13:30:57 +530', '1995-08-21T08:00:57.000Z'],
    ['Mon, 21 Aug 95 13:30:57 +5:30', '1995-08-21T08:00:57.000Z'],
    ['Mon, 21 Aug 95 13:30:57 -06:00', '1995-08-21T19:30:57.000Z'],
    ['Mon, 21 Aug 95 13:30:57 -0600', '1995-08-21T19:30:57.000Z'],
    ['Thu May 21 05:33:29 1998 -0700', '1998-05-21T12:33:29.000Z'],
    ['Thu May 21 05:33:29 1998 EDT', '1998-05-21T09:33:29.000Z'],
    ['Thu May 21 05:33:29 EDT 1998', '1998-05-21T09:33:29.000Z'],
    ['Thu May 21 05:33:29 1998', '1998-05-21T05:33:29.000Z'],
    ['Mon, 21 Aug 95 13:30:57', '1995-08-21T13:30:57.000Z'],
  ])('%j is read', (text, expected) => {
    expect(parseDate(text)).toBe(expected);
  });

  test.each([
    '(Fri, 21 Nov 1997 09:55:06 -0600)',
    'Fri, 21 (open Nov 1997 09:55:06 -0600',
    '('.repeat(100_000),
  ])('of which nothing is left is none: %#', (text) => {
    expect(parseDate(text)).toBe(null);
  });
});

describe('encoded words', () => {
  test('keep letters that should have been encoded', () => {
    expect(decodeWords('=?utf-8?q?äöü_=C3=A4_😴_x?=')).toBe('äöü ä 😴 x');
    expect(decodeWords('=?iso-8859-1?q?ä=F6_x?=')).toBe('äö x');
    expect(decodeWords('=?iso-8859-1?q?=E4?= =?iso-8859-1?q?ö_€?= =?iso-8859-1?q?=FC?=')).toBe('äö €ü');
  });

  test('in a message with bytes of eight bits are as the bytes say', async () => {
    const raw = Buffer.from(
      'Subject: =?utf-8?q?äöü?=\r\nFrom: =?utf-8?q?J=C3=B6rg_Müller?= <a@x.test>\r\n\r\nx',
    );
    const read = { subject: 'äöü', from: [{ name: 'Jörg Müller', address: 'a@x.test' }] };
    expect(await parseMessage(raw)).toMatchObject(read);
    expect(scanHeader(raw)).toMatchObject(read);
  });
});

describe('charsets of seven bits', () => {
  test.each([
    ['utf-7', 'Hi Mom -+Jjo--! +2D3cqA- +- +-a + +AOQ +AOQAMg a', 'Hi Mom -☺-! 💨 + +a + ä ä2 a'],
    ['iso-2022-kr', '\x1b$)C\x0eGQ19\x0f ok\n\x0eGQ\n19\x0eGQ\x0f', '한국 ok\n한\n19한'],
    ['iso-2022-kr', '\x0eGQ1\x0fx\x0eGQ1\ny', '한\ufffdx한\ufffd\ny'],
    ['hz-gb-2312', '~{VPND~}~~~\na~\r\nb ~{VPND\r\nc~x ~}', '中文~ab 中文\r\nc~x ~}'],
    ['hz-gb-2312', '~{V~}x ~{VPN~}', '\ufffdx 中\ufffd'],
    // A tilde may be the second byte of a letter.
    ['hz-gb-2312', '~{0~VP~}', '剥中'],
  ])('%s: %j', (charset, text, expected) => {
    expect(decodeText(Buffer.from(text, 'latin1'), charset)).toBe(expected);
  });

  test.each([
    ['utf-7', '+AOQA9g- a', 'äö a'],
    ['iso-2022-kr', '\x0eGQ\x0f a', '한 a'],
    ['hz-gb-2312', '~{VP~} a', '中 a'],
  ])(
    '%s of 14 MB, where each letter is shifted by itself, is decoded within a second',
    async (charset, unit, letters) => {
      const body = Buffer.from(unit.repeat(14_000_000 / unit.length));
      const started = cpuNow();
      const decoded = decodeText(body, charset);
      expect(cpuNow() - started).toBeLessThan(800);
      expect(decoded === letters.repeat(decoded.length / letters.length)).toBe(true);
      const raw = Buffer.concat([bytes(`Content-Type: text/plain; charset=${charset}`, '', ''), body]);
      const { text, problem } = await parseMessage(raw);
      expect(text === decoded.slice(0, 2 * 1024 * 1024)).toBe(true);
      expect(problem).toContain('longer than 2 MiB');
    },
  );
});

describe('UTF-8 that says no charset', () => {
  const whole = Buffer.from('Größe: übermäßig ');
  const cut = Buffer.concat([whole, Buffer.from('ü').subarray(0, 1)]);
  test('is still UTF-8 where a program cut it within a character', async () => {
    expect(decodeText(cut, null)).toBe('Größe: übermäßig \ufffd');
    const raw = Buffer.concat([bytes('Subject: '), cut, bytes('', 'From: a@b.test', '', ''), cut]);
    expect(scanHeader(raw).subject).toBe('Größe: übermäßig \ufffd');
    const message = await parseMessage(raw);
    expect([message.subject, message.text]).toEqual(['Größe: übermäßig \ufffd', 'Größe: übermäßig \ufffd']);
  });
  test('is so also beside a text in another charset', async () => {
    const header = bytes('', 'Content-Type: text/plain; charset=koi8-r', '', 'x');
    const raw = Buffer.concat([bytes('Subject: '), cut, header]);
    expect((await parseMessage(raw)).subject).toBe('Größe: übermäßig \ufffd');
  });
  test.each([
    ['windows-1252', 'Gr\xf6\xdfe: \xfcberm\xe4\xdfig', 'Größe: übermäßig'],
    ['windows-1252, with what could be UTF-8', 'caf\xc3\xa9 \xfc \xe4', 'cafÃ© ü ä'],
    ['gb2312', '\xd6\xd0\xce\xc4\xb2\xe2\xca\xd4', 'ÖÐÎÄ²âÊÔ'],
  ])('is not taken for it: %s', (_what, text, expected) => {
    expect(decodeText(Buffer.from(text, 'latin1'), null)).toBe(expected);
  });
});
