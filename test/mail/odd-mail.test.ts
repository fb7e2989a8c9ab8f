// What real mail has and no RFC allows. Each came up when a corpus was read by two parsers (test/corpus).
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Part } from '../../shared/message.ts';
import { parseAddresses } from '../../server/mail/addresses.ts';
import { decodeText } from '../../server/mail/charset.ts';
import { parseDate } from '../../server/mail/date.ts';
import { decodePart } from '../../server/mail/decode-part.ts';
import { decodeWords } from '../../server/mail/encoded-words.ts';
import { parseParameters } from '../../server/mail/parameters.ts';
import { parseMessage } from '../../server/mail/parse.ts';
import { scanHeader } from '../../server/mail/scan-header.ts';
import { scanStructure } from '../../server/mail/structure.ts';

const bytes = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');
const bodyOf = (raw: Buffer, part: Part = scanStructure(raw).root): string =>
  decodePart(raw, part).toString('latin1');
const encoded = (encoding: string, ...body: string[]): string =>
  bodyOf(bytes(`Content-Transfer-Encoding: ${encoding}`, '', ...body));
const named = (text: string): string | undefined => parseParameters(text).params.get('filename');

describe('a header', () => {
  test('without an empty line behind it ends where no field follows', () => {
    const raw = bytes('Subject: a', 'From: b@x.test', 'this is text, not a field', 'and more', '', 'end');
    const { root, headers, problems } = scanStructure(raw);
    expect(headers.map(({ name }) => name)).toEqual(['Subject', 'From']);
    expect(bodyOf(raw, root)).toBe('this is text, not a field\r\nand more\r\n\r\nend');
    expect(problems).toEqual(['The empty line between header and body is missing.']);
  });

  test('without an empty line behind it ends at its own boundary', () => {
    const raw = bytes(
      'Content-Type: multipart/mixed; boundary="b"',
      'This is a multi-part message.',
      '--b',
      'Content-Type: text/html',
      'no empty line here either',
      '--b--',
    );
    const { root } = scanStructure(raw);
    expect(root.children.map(({ contentType }) => contentType)).toEqual(['text/html']);
    expect(bodyOf(raw, root.children[0])).toBe('no empty line here either');
  });

  test('goes on behind a line that is no field, as long as fields follow', async () => {
    const raw = bytes('Subject: a', 'broken', 'From: b@x.test', '', 'text');
    expect(await parseMessage(raw)).toMatchObject({ subject: 'a', from: [{ address: 'b@x.test' }] });
    expect(scanStructure(raw).problems).toEqual(['1 line of the header cannot be read as a field.']);
  });

  test.each([' From: odd@x.test', '\t', '>From ann Mon Jan  2 15:04:05 2006'])(
    'may begin behind the line %j',
    async (line) => {
      const raw = bytes(line, 'Subject: a', 'From: b@x.test', '', 'text');
      const expected = { subject: 'a', from: [{ name: '', address: 'b@x.test' }] };
      expect(await parseMessage(raw)).toMatchObject({ ...expected, text: 'text' });
      expect(scanHeader(raw)).toMatchObject(expected);
    },
  );

  test('ends at an empty line that has a carriage return too many', async () => {
    const raw = Buffer.from('Subject: a\r\r\nTo: b@x.test\r\r\n\r\r\ntext');
    expect(await parseMessage(raw)).toMatchObject({ subject: 'a', text: 'text' });
  });

  test('with bytes of no charset is read in that of the text', async () => {
    const subject = '\xd3\xca\xbc\xfe\xb4\xab\xca\xe4';
    const plain = bytes(`Subject: ${subject}`, 'Content-Type: text/plain; charset=GB2312', '', 'x');
    expect((await parseMessage(plain)).subject).toBe('邮件传输');
    expect(scanHeader(plain).subject).toBe('邮件传输');
    const inPart = bytes(
      `Subject: ${subject}`,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=gbk',
      '',
      'x',
      '--b--',
    );
    const { subject: shown, headers } = await parseMessage(inPart);
    expect([shown, headers[0]?.value]).toEqual(['邮件传输', '邮件传输']);
  });
});

describe('base64', () => {
  test('ends at its padding where something else follows: the footer of a mailing list', () => {
    expect(encoded('base64', 'aGVsbG8=', '', '_______________', 'List: http://x.test/')).toBe('hello');
    expect(encoded('base64', 'aGVsbG8h', '-- ', '').slice(0, 6)).toBe('hello!');
  });

  test('goes on behind padding where more of it follows', () => {
    expect(encoded('base64', 'aGVsbG8=', 'IHlvdQ==', 'IHRoZXJl', '')).toBe('hello you there');
  });

  test('does not know the digits of URLs', () => {
    expect(encoded('base64', 'aGV-sbG_8h')).toBe('hello!');
  });
});

describe('other encodings', () => {
  test('uuencode is decoded where a part says that it is that', () => {
    const lines = ['begin 644 cat.txt', '#0V%T', '`', 'end'];
    expect(encoded('x-uuencode', ...lines)).toBe('Cat');
    expect(encoded('UUENCODE', ...lines)).toBe('Cat');
    expect(encoded('x-uuencode', 'no such thing')).toBe('no such thing');
  });

  test('may be named in quotes', () => {
    expect(encoded('"base64"', 'aGVsbG8=')).toBe('hello');
  });
});

describe('parameters', () => {
  test('are found where the semicolon or the value is missing', () => {
    expect(parseParameters('application/pdf name="a b.pdf"')).toEqual({
      value: 'application/pdf',
      params: new Map([['name', 'a b.pdf']]),
    });
    expect(parseParameters('text/plain charset=utf-8 format=flowed').params.get('charset')).toBe('utf-8');
    expect(named('filename=a.txt')).toBe('a.txt');
  });

  test('keep the parentheses of file names, and lose comments', () => {
    expect(named('attachment; filename=report(1).pdf')).toBe('report(1).pdf');
    expect(named('attachment; filename=report (1).pdf; size=3')).toBe('report (1).pdf');
    expect(parseParameters('text/plain (a; b); charset=x (c)').params.get('charset')).toBe('x');
  });

  test('keep the backslashes of paths', () => {
    expect(named(String.raw`attachment; filename="C:\TEMP\a.txt"`)).toBe(String.raw`C:\TEMP\a.txt`);
    expect(named(String.raw`attachment; filename="say \"a\""`)).toBe('say "a"');
  });

  test('are decoded where an encoded word is cut into segments', () => {
    expect(named('attachment; filename*0="=?utf-8?q?J=C3"; filename*1="=B6rg?="')).toBe('Jörg');
  });
});

describe('words and charsets', () => {
  test('an encoded word may hold question marks', () => {
    expect(decodeWords('=?utf-8?Q?really??= =?utf-8?Q?_what?_no?=')).toBe('really? what? no');
    expect(decodeWords('=?utf-8?B?YQ==?==?utf-8?B?Yg==?=')).toBe('ab');
  });

  test.each([
    ['utf-7', 'Gr+APwA3w-e +- a', 'Grüße + a'],
    ['iso-2022-kr', '\x1b$)CHi \x0eGQ19\x0f!', 'Hi 한국!'],
    ['hz-gb-2312', 'a ~{VPND~} ~~ b', 'a 中文 ~ b'],
    ['ks_c_5601', '\xc7\xd1', '한'],
    ['win-1251', '\xcf\xf0', 'Пр'],
    ['ISO8859-5', '\xbf\xe0', 'Пр'],
    ['cp50220', '\x1b$BF|K\\\x1b(B', '日本'],
  ])('%s is known', (charset, text, expected) => {
    expect(decodeText(Buffer.from(text, 'latin1'), charset)).toBe(expected);
  });

  test('a text in one of them is shown in it', async () => {
    const raw = bytes('Content-Type: text/plain; charset=HZ-GB-2312', '', '~{VPND~}');
    expect((await parseMessage(raw)).text).toBe('中文');
  });

  test('an escape right behind another does no harm', () => {
    expect(decodeWords('=?ISO-2022-JP?B?GyRCRnwbKEI=?= =?ISO-2022-JP?B?GyRCS1wbKEI=?=')).toBe('日本');
  });

  test('a folded Subject is one line', async () => {
    const raw = bytes('Subject: a', '\tb', '', '');
    expect([(await parseMessage(raw)).subject, scanHeader(raw).subject]).toEqual(['a b', 'a b']);
  });
});

describe('addresses and dates', () => {
  test('mailboxes without a comma between them are two', () => {
    expect(parseAddresses('Ann Lee <a@x.test> Bob <b@x.test>', 9)).toEqual([
      { name: 'Ann Lee', address: 'a@x.test' },
      { name: 'Bob', address: 'b@x.test' },
    ]);
  });

  test('an mbox date behind an address is no group', async () => {
    const raw = bytes('From: ann@x.test  Wed Oct  9 10:55:17 2002', '', '');
    expect((await parseMessage(raw)).from).toEqual([{ name: '', address: 'ann@x.test' }]);
  });

  test.each([
    ['Wednesday, April 03, 2002 5:56 AM', '2002-04-03T05:56:00.000Z'],
    ['April 3rd, 2002 12:06 pm -0500', '2002-04-03T17:06:00.000Z'],
    ['Mon Jan  2 15:04:05 MST 2006', '2006-01-02T22:04:05.000Z'],
    ['Mon, 2 Jan 2006 15:04:05 GMT+0100', '2006-01-02T14:04:05.000Z'],
    ['Mon., 2 Jan. 2006 15.04.05 +0000', '2006-01-02T15:04:05.000Z'],
    ['Mon Jan 02 2006 15:04:05 GMT+0200 (Central European Summer Time)', '2006-01-02T13:04:05.000Z'],
    ['Mon, Jan 02 06 15:04:05', '2006-01-02T15:04:05.000Z'],
    ['Jan 2 2006 15:04:05 +0200', '2006-01-02T13:04:05.000Z'],
    ['Mon, 2 Jan 2006, 15:04:05 +0200', '2006-01-02T13:04:05.000Z'],
    ['Mo, 2 Jan 2006 15:04:05 +0200', '2006-01-02T13:04:05.000Z'],
    ['dom., 2 Jan 2006 15:04:05 +0200', '2006-01-02T13:04:05.000Z'],
    ['пн, 2 Jan 2006 15:04:05 +0200', '2006-01-02T13:04:05.000Z'],
    ['2006-01-02 15:04:05 +0200', '2006-01-02T13:04:05.000Z'],
    ['2006-01-02 15:04:05 UTC', '2006-01-02T15:04:05.000Z'],
    ['2006-01-02T15:04:05.123456+02:00', '2006-01-02T13:04:05.123Z'],
  ])('%s can be read', (text, expected) => {
    expect(parseDate(text)).toBe(expected);
  });
});

test('what an attachment is hashed by is what a reader saves', async () => {
  const raw = bytes(
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: application/octet-stream; name=a(1).bin',
    'Content-Transfer-Encoding: base64',
    '',
    'aGVsbG8=',
    '--b-->',
    'what a virus scanner wrote',
  );
  const sha256 = createHash('sha256').update('hello').digest('hex');
  expect((await parseMessage(raw)).attachments).toMatchObject([{ filename: 'a(1).bin', sha256 }]);
});
