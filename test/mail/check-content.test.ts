// What is wrong with the lines, the text and the HTML of a message: each rule with a mail that has the problem, and one
// that looks alike.
import { expect, test } from 'vitest';
import { rules } from '../../shared/diagnose/catalogue.ts';
import {
  type CheckCase,
  expectCase,
  findingsOf,
  mailWith,
  utf8,
  worseThanNotice,
} from '../support/checked-mail.ts';
import { cpuNow } from '../support/cpu-time.ts';
import { mailFixtureNames, readMailFixture } from '../support/mail-fixture.ts';

const html = (body: string, more: string[] = []): Buffer =>
  mailWith(
    { 'Content-Type': 'multipart/related; boundary=b' },
    [
      '--b\r\nContent-Type: multipart/alternative; boundary=c\r\n',
      '--c\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello.\r\n',
      `--c\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${body}\r\n--c--`,
      ...more,
      '--b--\r\n',
    ].join('\r\n'),
  );
const text = (body: string): Buffer => mailWith({ 'Content-Transfer-Encoding': '8bit' }, body);

const cases: CheckCase[] = [
  {
    rule: 'content.bare-lf',
    mail: 'a line that ends with LF among others',
    bad: text('one\ntwo\r\n'),
    at: '\n',
    vars: { count: 1, where: 'body' },
    near: 'a file whose lines all end with LF',
    good: Buffer.from(text('one\r\ntwo\r\n').toString().replaceAll('\r', '')),
  },
  {
    rule: 'content.bare-cr',
    mail: 'line endings that were changed twice',
    bad: text('one\r\r\ntwo\r\n'),
    at: '\r',
    vars: { count: 1, where: 'body' },
    near: 'CR LF',
    good: text('one\r\n\r\ntwo\r\n'),
  },
  {
    rule: 'content.smuggling',
    mail: 'a dot between LF and CR LF',
    bad: text('one\n.\r\nMAIL FROM:<a@x.test>\r\n'),
    at: '.',
    near: 'a dot on a line of its own, as it is without its double',
    good: text('one\r\n.\r\ntwo\r\n'),
  },
  {
    rule: 'content.nul',
    mail: 'a NUL in the text',
    bad: text('one\0two\r\n'),
    at: '\0',
    vars: { count: 1 },
    near: 'other control characters',
    good: text('one\ttwo\x0c\r\n'),
  },
  {
    rule: 'content.line-too-long',
    mail: 'a line of 999 bytes',
    bad: text(`${'a'.repeat(999)}\r\n`),
    at: 'a'.repeat(999),
    vars: { count: 1, length: 999, where: 'body' },
    near: 'one of 998',
    good: text(`${'a'.repeat(998)}\r\n`),
  },
  {
    rule: 'content.unrendered-template',
    mail: 'a text with {{ name }}',
    bad: text('Hello {{ user.name }},\r\n'),
    at: '{{ user.name }}',
    vars: { where: 'The text', found: '{{ user.name }}' },
    near: 'braces of a program',
    good: text('if (a) { b = {}; }} and {{\r\n100 % sure, 50% off\r\n'),
  },
  {
    rule: 'content.missing-value',
    mail: 'a greeting of undefined',
    bad: text('Hello undefined,\r\nthanks.\r\n'),
    at: 'Hello undefined',
    vars: { where: 'The text' },
    near: 'a text about undefined values',
    good: text(
      'Hello Bob,\r\nthe value is undefined, null or none of these.\r\nHello none of you expected.\r\n',
    ),
  },
  {
    rule: 'content.mojibake',
    mail: 'letters that were encoded twice',
    bad: text(utf8('GrÃ¼ÃŸe\r\n')),
    at: utf8('Ã¼'),
    vars: { where: 'The text', found: 'Ã¼', meant: 'ü' },
    near: 'words of languages that have these letters',
    good: text(utf8('MANHÃ, São João, â vous, €5\r\n')),
  },
  {
    rule: 'content.lost-characters',
    mail: 'U+FFFD that came with the text',
    bad: text(utf8('Gr\ufffde\r\n')),
    at: utf8('\ufffd'),
    near: 'a text with all its letters',
    good: text(utf8('Grüße\r\n')),
  },
  {
    rule: 'content.escaped-line-breaks',
    mail: 'a text with \\n as letters',
    bad: text('Hello,\\n\\nbye'),
    at: '\\n',
    vars: { count: 2 },
    near: 'a text about them with line breaks of its own',
    good: text('Write \\n\\n\r\nfor two line breaks.\r\n'),
  },
  {
    rule: 'content.broken-cid',
    mail: 'an image that is not in the mail',
    bad: html('<img src="cid:logo">'),
    at: 'cid:logo',
    vars: { cid: 'logo' },
    near: 'one that is',
    good: html('<img src="cid:a%40x">', ['--b\r\nContent-Type: image/png\r\nContent-ID: <a@x>\r\n\r\nabc']),
  },
  {
    rule: 'content.relative-url',
    mail: 'a link without a host',
    bad: html('<a href="/orders/1">Order</a>'),
    at: '/orders/1',
    vars: { url: '/orders/1' },
    near: 'whole links, anchors and mail addresses',
    good: html(
      '<a href="https://example.com/a">A</a> <a href="#b">B</a> <a href="mailto:c@example.com">C</a>',
    ),
  },
  {
    rule: 'content.local-url',
    mail: 'a link to localhost',
    bad: html('<a href="http://localhost:3000/confirm">Confirm</a>'),
    at: 'http://localhost:3000/confirm',
    vars: { url: 'http://localhost:3000/confirm' },
    near: 'a host that begins so',
    good: html('<a href="https://localhost.example.com/">A</a> <a href="https://10.example.com/">B</a>'),
  },
  {
    rule: 'content.active-html',
    mail: 'a script in the HTML',
    bad: html('<script>alert(1)</script><p>Hi</p>'),
    at: '<script',
    vars: { what: '<script>' },
    near: 'data for Gmail',
    good: html('<script type="application/ld+json">{}</script><p>Hi</p>'),
  },
  {
    rule: 'content.html-clipped',
    mail: 'HTML of 110 KB',
    bad: html('<p>0123456789</p>\r\n'.repeat(6500)),
    at: `${'<p>0123456789</p>\r\n'.repeat(6500)}`,
    near: 'HTML of 90 KB',
    good: html('<p>0123456789</p>\r\n'.repeat(5000)),
  },
  {
    rule: 'content.large',
    mail: 'a message of 26 MB',
    bad: text('0123456789012345678901234567890123456789012345678901234567890123\r\n'.repeat(400_000)),
    at: text('0123456789012345678901234567890123456789012345678901234567890123\r\n'.repeat(400_000)).toString(
      'latin1',
      25 * 1024 * 1024,
    ),
    near: 'a small one',
    good: text('Hi\r\n'),
  },
];

test.each(cases)('$rule is found in $mail, but not in $near', (one) => expectCase(one));

test('placeholders and missing values are found in Subject, addresses and links', async () => {
  const found = async (raw: Buffer): Promise<unknown[]> =>
    (await findingsOf(raw)).filter(({ rule }) => /template|value/.test(rule)).map(({ vars }) => vars);
  expect(await found(mailWith({ Subject: 'Order ${order.id}' }))).toEqual([
    { where: 'Subject', found: '${order.id}' },
  ]);
  expect(await found(mailWith({ Subject: 'Welcome, undefined' }))).toMatchObject([{ where: 'Subject' }]);
  expect(await found(mailWith({ To: '[object Object] <bob@example.com>' }))).toMatchObject([{ where: 'To' }]);
  expect(await found(html('<a href="https://example.com/users/undefined/edit">Edit</a>'))).toMatchObject([
    { where: 'A link', found: '/undefined' },
  ]);
});

test('lines of a program in a text are no more than a notice, and worded as a possibility', async () => {
  const [found] = await findingsOf(text('#!/bin/sh\r\necho "${HOME}"\r\n'));
  expect(found).toMatchObject({ rule: 'content.unrendered-template', severity: 'notice', confidence: 0.5 });
});

test('mail made of the beginnings of what is looked for takes no longer than its size', async () => {
  const beginnings = [
    '{{a',
    '<%a',
    '${a',
    '=?utf-8?Q?',
    '<a href="',
    'src=',
    'dear ',
    'â€',
    'a@b,',
    '"',
    '(',
    'cc:',
  ];
  const check = async (size: number): Promise<number> => {
    const start = cpuNow();
    for (const beginning of beginnings) {
      const many = beginning.repeat(size / beginning.length);
      await findingsOf(mailWith({ Subject: many, To: many }, many));
      await findingsOf(mailWith({ 'Content-Type': 'text/html; charset=utf-8' }, many));
    }
    return cpuNow() - start;
  };
  await check(1000);
  const small = await check(5000);
  // Ten times as much would take a hundred times as long.
  expect(await check(50_000)).toBeLessThan(40 * small + 300);
});

test('of the fixtures only those that are truly broken have findings over notice', async () => {
  const broken = [];
  for (const name of mailFixtureNames)
    if (worseThanNotice(await findingsOf(readMailFixture(name))).length > 0) broken.push(name);
  expect(broken).toEqual(['broken-boundary.eml', 'charsets.eml', 'eight-bit-headers.eml', 'no-header.eml']);
});

test('each rule about messages has a case here or in check-header and check-parts', async () => {
  const { readFile } = await import('node:fs/promises');
  const texts = await Promise.all(
    ['check-header', 'check-parts', 'check-content'].map((name) =>
      readFile(new URL(`${name}.test.ts`, import.meta.url), 'utf8'),
    ),
  );
  const told = new Set([...texts.join('').matchAll(/^ {4}rule: '([^']+)'/gm)].map(([, id]) => id));
  const ids = rules.filter(({ scope }) => scope === 'message').map(({ id }) => id);
  expect(ids.filter((id) => !told.has(id))).toEqual([]);
});
