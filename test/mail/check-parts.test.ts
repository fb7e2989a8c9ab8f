// What is wrong with how a message is put together and encoded: each rule with a mail that has the problem, and one that
// looks alike.
import { expect, test } from 'vitest';
import { type CheckCase, expectCase, findingsOf, mailWith, utf8 } from '../support/checked-mail.ts';

const textType = 'Content-Type: text/plain; charset=utf-8';
const htmlType = 'Content-Type: text/html; charset=utf-8';

/** Parts between boundaries, each as its header and its body. */
const multipart = (type: string, parts: [header: string, body: string][], end = '--b--\r\n'): Buffer =>
  mailWith(
    { 'Content-Type': `multipart/${type}; boundary=b` },
    parts.map(([header, body]) => `--b\r\n${header}\r\n\r\n${body}\r\n`).join('') + end,
  );
const text: [string, string] = [textType, 'Hello.'];
const html: [string, string] = [htmlType, '<p>Hello.</p>'];
const file = (disposition: string, type = 'application/pdf'): [string, string] => [
  `Content-Type: ${type}\r\nContent-Disposition: ${disposition}\r\nContent-Transfer-Encoding: base64`,
  'QUJD',
];
const encoded = (encoding: string, body: string): Buffer =>
  mailWith({ 'Content-Transfer-Encoding': encoding }, body);

const cases: CheckCase[] = [
  {
    rule: 'mime.no-boundary',
    mail: 'a multipart without a boundary',
    bad: mailWith({ 'Content-Type': 'multipart/mixed' }, '--b\r\n\r\nHi\r\n--b--\r\n'),
    at: 'Content-Type: multipart/mixed',
    vars: { type: 'multipart/mixed' },
    near: 'one with it',
    good: multipart('mixed', [text]),
  },
  {
    rule: 'mime.boundary-not-found',
    mail: 'a multipart whose boundary is another one',
    bad: mailWith({ 'Content-Type': 'multipart/mixed; boundary=b' }, '--c\r\n\r\nHi\r\n--c--\r\n'),
    at: 'Content-Type: multipart/mixed; boundary=b',
    vars: { boundary: 'b' },
    near: 'one with a preamble and an epilogue',
    good: mailWith(
      { 'Content-Type': 'multipart/mixed; boundary="b"' },
      'For old readers.\r\n--b\r\n\r\nHi\r\n--b--\r\nThat is all.\r\n',
    ),
  },
  {
    rule: 'mime.boundary-unclosed',
    mail: 'a multipart that was cut off',
    bad: multipart('mixed', [text, html], ''),
    at: '\n',
    vars: { boundary: 'b' },
    near: 'one whose last line has no line ending',
    good: multipart('mixed', [text, html], '--b--'),
  },
  {
    rule: 'mime.boundary-long',
    mail: 'a boundary of 71 characters',
    bad: mailWith(
      { 'Content-Type': `multipart/mixed; boundary=${'b'.repeat(71)}` },
      `--${'b'.repeat(71)}\r\n\r\nHi\r\n--${'b'.repeat(71)}--\r\n`,
    ),
    at: `Content-Type: multipart/mixed; boundary=${'b'.repeat(71)}`,
    vars: { length: 71 },
    near: 'one of 70',
    good: mailWith(
      { 'Content-Type': `multipart/mixed; boundary=${'b'.repeat(70)}` },
      `--${'b'.repeat(70)}\r\n\r\nHi\r\n--${'b'.repeat(70)}--\r\n`,
    ),
  },
  {
    rule: 'mime.encoded-multipart',
    mail: 'a multipart in quoted-printable',
    bad: mailWith(
      { 'Content-Type': 'multipart/mixed; boundary=b', 'Content-Transfer-Encoding': 'quoted-printable' },
      '--b\r\n\r\nHi\r\n--b--\r\n',
    ),
    at: 'Content-Transfer-Encoding: quoted-printable',
    vars: { type: 'multipart/mixed', encoding: 'quoted-printable' },
    near: 'one in 8bit',
    good: mailWith(
      { 'Content-Type': 'multipart/mixed; boundary=b', 'Content-Transfer-Encoding': '8bit' },
      '--b\r\n\r\nHi\r\n--b--\r\n',
    ),
  },
  {
    rule: 'mime.unknown-encoding',
    mail: 'a charset where the encoding belongs',
    bad: encoded('utf-8', 'Hi'),
    at: 'Content-Transfer-Encoding: utf-8',
    vars: { encoding: 'utf-8' },
    near: 'an encoding in capital letters',
    good: encoded('BASE64', 'SGk='),
  },
  {
    rule: 'mime.base64-broken',
    mail: 'a text that is not encoded, though it says so',
    bad: encoded('base64', 'SGVs\r\nHello, Bob!\r\n'),
    at: ', Bob!\r',
    vars: { part: '1' },
    near: 'base64 that is padded on each line',
    good: encoded('base64', 'SGk=\r\nSGk=\r\n'),
  },
  {
    rule: 'mime.quoted-printable-broken',
    mail: 'a link with "=" in quoted-printable',
    bad: encoded('quoted-printable', 'https://example.com/?id=xy\r\n'),
    at: '=xy',
    vars: { part: '1', found: 'xy' },
    near: 'small digits, soft breaks and one at the end',
    good: encoded('quoted-printable', 'a=3db=\r\nc= \t\r\nd='),
  },
  {
    rule: 'mime.encoded-line-long',
    mail: 'base64 in one line of 80',
    bad: encoded('base64', `${'QUJD'.repeat(20)}\r\n`),
    at: 'QUJD'.repeat(20),
    vars: { length: 80, encoding: 'base64' },
    near: 'lines of 76',
    good: encoded('base64', `${'QUJD'.repeat(19)}\r\n${'QUJD'.repeat(19)}`),
  },
  {
    rule: 'mime.8bit-undeclared',
    mail: 'UTF-8 without an encoding',
    bad: mailWith({}, utf8('Grüße\r\n')),
    at: utf8('üß'),
    vars: { part: '1', encoding: '7bit' },
    near: 'UTF-8 under 8bit',
    good: encoded('8bit', utf8('Grüße\r\n')),
  },
  {
    rule: 'mime.8bit-in-quoted-printable',
    mail: 'UTF-8 that is said to be quoted-printable',
    bad: encoded('quoted-printable', utf8('Grüße\r\n')),
    at: utf8('üß'),
    vars: { part: '1' },
    near: 'UTF-8 under 7bit, which is another fault',
    good: mailWith({}, utf8('Grüße\r\n')),
  },
  {
    rule: 'mime.charset-missing',
    mail: 'letters without a charset',
    bad: mailWith(
      { 'Content-Type': 'text/plain', 'Content-Transfer-Encoding': 'quoted-printable' },
      'Gr=C3=BC=C3=9Fe',
    ),
    at: 'Gr=C3=BC=C3=9Fe',
    vars: { part: '1', sample: 'Grüße' },
    near: 'HTML that says it itself',
    good: mailWith(
      { 'Content-Type': 'text/html', 'Content-Transfer-Encoding': '8bit' },
      utf8('<meta charset="utf-8"><p>Grüße</p>'),
    ),
  },
  {
    rule: 'mime.charset-wrong',
    mail: 'UTF-8 that is labelled iso-8859-1',
    bad: mailWith(
      { 'Content-Type': 'text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding': '8bit' },
      utf8('Grüße'),
    ),
    at: 'Content-Type: text/plain; charset=iso-8859-1',
    vars: { part: '1', charset: 'iso-8859-1', actual: 'UTF-8' },
    near: 'iso-8859-1 that is it',
    good: mailWith(
      { 'Content-Type': 'text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding': '8bit' },
      'Gr\xfc\xdfe',
    ),
  },
  {
    rule: 'mime.charset-unknown',
    mail: 'the name of a locale as charset',
    bad: mailWith({ 'Content-Type': 'text/plain; charset=en_US' }),
    at: 'Content-Type: text/plain; charset=en_US',
    vars: { charset: 'en_us' },
    near: 'a charset by its old name',
    good: mailWith({ 'Content-Type': 'text/plain; charset="cp-1252"' }),
  },
  {
    rule: 'mime.no-version',
    mail: 'a mail with Content-Type and without MIME-Version',
    bad: mailWith({ 'MIME-Version': null }),
    at: { missing: 'MIME-Version' },
    vars: { name: 'Content-Type' },
    near: 'plain old mail without both',
    good: mailWith({ 'MIME-Version': null, 'Content-Type': null }),
  },
  {
    rule: 'mime.filename-encoding',
    mail: 'an encoded word as the name of a file',
    bad: multipart('mixed', [text, file('attachment; filename="=?utf-8?Q?r=C3=A9sum=C3=A9.pdf?="')]),
    at: 'Content-Disposition: attachment; filename="=?utf-8?Q?r=C3=A9sum=C3=A9.pdf?="',
    vars: { part: '2' },
    near: 'one with the form of RFC 2231 beside it',
    good: multipart('mixed', [
      text,
      file(
        'attachment; filename="=?utf-8?Q?r=C3=A9sum=C3=A9.pdf?=";\r\n filename*=utf-8\'\'r%C3%A9sum%C3%A9.pdf',
      ),
    ]),
  },
  {
    rule: 'mime.alternative-order',
    mail: 'plain text behind the HTML',
    bad: multipart('alternative', [html, text]),
    at: textType,
    vars: { text: '2', html: '1' },
    near: 'the other order',
    good: multipart('alternative', [text, html]),
  },
  {
    rule: 'mime.no-text',
    mail: 'a mail of HTML only',
    bad: mailWith({ 'Content-Type': 'text/html; charset=utf-8' }, '<p>Hello.</p>'),
    at: htmlType,
    near: 'a text with a page as a file',
    good: multipart('mixed', [text, file('attachment; filename=a.html', 'text/html')]),
  },
  {
    rule: 'mime.html-as-text',
    mail: 'HTML under text/plain',
    bad: mailWith({}, '<!DOCTYPE html>\r\n<html><p>Hello</p></html>\r\n'),
    at: '<!DOCTYPE html>\r\n<html><p>Hello</p></html>\r\n',
    vars: { part: '1' },
    near: 'a text that speaks of HTML, or begins with an address in angle brackets',
    good: mailWith({}, '<bob@example.com> wrote:\r\nUse <p>Hello</p> here.\r\n'),
  },
  {
    rule: 'mime.single-alternative',
    mail: 'a multipart/alternative of one part',
    bad: multipart('alternative', [html]),
    at: 'Content-Type: multipart/alternative; boundary=b',
    vars: { part: '0', count: 1 },
    near: 'a multipart/mixed of one part',
    good: multipart('mixed', [text]),
  },
  {
    rule: 'mime.attachment-without-name',
    mail: 'an attachment without a name',
    bad: multipart('mixed', [text, file('attachment')]),
    at: 'Content-Disposition: attachment',
    vars: { part: '2', type: 'application/pdf' },
    near: 'one that has it in Content-Type',
    good: multipart('mixed', [text, file('attachment', 'application/pdf; name=a.pdf')]),
  },
  {
    rule: 'content.attachment-blocked',
    mail: 'a program as attachment',
    bad: multipart('mixed', [text, file('attachment; filename="setup.EXE"')]),
    at: 'Content-Disposition: attachment; filename="setup.EXE"',
    vars: { part: '2', filename: 'setup.EXE', extension: 'exe' },
    near: 'a document with such letters in its name',
    good: multipart('mixed', [text, file('attachment; filename="setup.exe.pdf"')]),
  },
  {
    rule: 'content.empty',
    mail: 'a mail without a body',
    bad: mailWith({}, '\r\n'),
    at: '\r\n',
    near: 'a mail with an attachment only',
    good: multipart('mixed', [file('attachment; filename=a.pdf')]),
  },
];

test.each(cases)('$rule is found in $mail, but not in $near', (one) => expectCase(one));

test('nothing is found in a mail with text, HTML, an image and a file', async () => {
  const related = [
    '--c\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello <img src="cid:logo@example.com"></p>\r\n',
    '--c\r\nContent-Type: image/png\r\nContent-ID: <logo@example.com>\r\n',
    'Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--c--\r\n',
  ].join('');
  const inner: [string, string] = ['Content-Type: multipart/related; boundary=c', related];
  expect(await findingsOf(multipart('alternative', [text, inner]))).toEqual([]);
  expect(await findingsOf(multipart('mixed', [text, file('attachment; filename=a.pdf')]))).toEqual([]);
});

test('a charset that is not known is a notice where the text is ASCII', async () => {
  const severityOf = async (charset: string, body: string): Promise<unknown> => {
    const type = { 'Content-Type': `text/plain; charset=${charset}`, 'Content-Transfer-Encoding': '8bit' };
    return (await findingsOf(mailWith(type, body))).map(({ rule, severity }) => `${rule} ${severity}`);
  };
  expect(await severityOf('unknown-8bit', 'Hello')).toEqual(['mime.charset-unknown notice']);
  expect(await severityOf('euc-tw', '\xc4\xe3')).toEqual(['mime.charset-unknown warning']);
  expect(await severityOf('csASCII', 'Hello')).toEqual([]);
});
