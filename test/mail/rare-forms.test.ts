// What the RFCs allow and few programs send is read as the RFCs say.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Part } from '../../shared/message.ts';
import { parseAddresses } from '../../server/mail/addresses.ts';
import { findHeaders } from '../../server/mail/find-headers.ts';
import { parseParameters } from '../../server/mail/parameters.ts';
import { parseMessage } from '../../server/mail/parse.ts';
import { scanEnvelope } from '../../server/mail/scan-envelope.ts';
import { scanHeader } from '../../server/mail/scan-header.ts';
import { scanStructure } from '../../server/mail/structure.ts';
import { cpuNow } from '../support/cpu-time.ts';
import { heavyNest } from '../support/hostile-mail.ts';

const bytes = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');

describe('a header', () => {
  test.each(['From : a@x.test', 'From  \t: a@x.test'])('may begin with the field %j', async (field) => {
    const raw = bytes(field, 'To: b@x.test', 'Subject: c', '', 'text');
    const read = { from: [{ name: '', address: 'a@x.test' }], subject: 'c' };
    expect(await parseMessage(raw)).toMatchObject({ ...read, text: 'text', problem: null });
    expect(scanHeader(raw)).toMatchObject(read);
    expect(scanEnvelope(raw)).toEqual({ from: 'a@x.test', to: ['b@x.test'] });
    expect(findHeaders(raw, new Set(['from'])).get('from')).toEqual(['a@x.test']);
  });

  test('begins behind the line of an mbox file', async () => {
    const raw = bytes('From ann@x.test Mon Jan  2 15:04:05 2006', 'From: a@x.test', '', 'text');
    const read = { from: [{ name: '', address: 'a@x.test' }] };
    expect(await parseMessage(raw)).toMatchObject(read);
    expect(scanHeader(raw)).toMatchObject(read);
    expect(scanEnvelope(raw).from).toBe('a@x.test');
    expect(findHeaders(raw, new Set(['from'])).get('from')).toEqual(['a@x.test']);
  });
});

describe('forwarded mail', () => {
  const pdf = Buffer.alloc(20_000, 'p');
  const inner = [
    'Content-Type: multipart/mixed; boundary=z',
    '',
    '--z',
    '',
    'hi',
    '--z',
    'Content-Type: application/pdf; name=a.pdf',
    'Content-Transfer-Encoding: base64',
    '',
    pdf.toString('base64'),
    '--z--',
  ];
  const forward = (depth: number): string[] =>
    Array.from({ length: depth }).reduce<string[]>(
      (lines, _, level) => [
        `Content-Type: multipart/mixed; boundary=b${level}`,
        '',
        `--b${level}`,
        '',
        'see below',
        `--b${level}`,
        'Content-Type: message/rfc822',
        '',
        ...lines,
        `--b${level}`,
        'Content-Type: text/csv',
        '',
        'a;b',
        `--b${level}--`,
      ],
      inner,
    );
  const leaves = (part: Part): Part[] => [
    ...(part.contentType.startsWith('multipart/') ? [] : [part]),
    ...part.children.flatMap(leaves),
  ];

  test.each([1, 2, 3, 6])('%i times has size and hash of every part', async (depth) => {
    const { structure } = await parseMessage(bytes(...forward(depth)));
    const found = leaves(structure!);
    expect(found).toHaveLength(3 * depth + 2);
    expect(found.filter(({ size, sha256 }) => size === null || sha256 === null)).toEqual([]);
    const file = found.find(({ filename }) => filename === 'a.pdf');
    expect(file).toMatchObject({ size: pdf.length, sha256: createHash('sha256').update(pdf).digest('hex') });
  });

  test('that is nested without sense lacks them only where they would cost too much', async () => {
    const { structure } = await parseMessage(heavyNest(200_000));
    const nested = leaves(structure!);
    expect(nested.length).toBeGreaterThan(80);
    const measured = nested.filter(({ size }) => size !== null).length;
    expect(measured).toBeGreaterThan(5);
    expect(measured).toBeLessThan(20);
    expect(nested.at(-1)).toMatchObject({ contentType: 'text/plain', size: 200_000 });
  });
});

describe('addresses', () => {
  const read = (text: string): string[] =>
    parseAddresses(text, 20).map(({ name, address }) => `${name}|${address}`);

  test.each([
    ['Pete <pete(his account)@silly.test(his host)>', 'Pete|pete@silly.test'],
    ["Chris Jones <c@(Chris's host.)public.example>", 'Chris Jones|c@public.example'],
    ['Ann <ann@(a > b)x.test>', 'Ann|ann@x.test'],
    [String.raw`Ann <ann(a (nested \) one)@x.test)@x.test>`, 'Ann|ann@x.test'],
    ['<"a(b)c"@x.test>', '|"a(b)c"@x.test'],
    ['<ann(open@x.test>', '|ann(open@x.test'],
  ])('lose the comments in them: %s', (text, expected) => {
    expect(read(text)).toEqual([expected]);
  });

  test('of RFC 5322, appendix A.5, are read without what is said in comments', () => {
    expect(read(String.raw`Pete(A nice \) chap) <pete(his account)@silly.test(his host)>`)).toEqual([
      'Pete|pete@silly.test',
    ]);
    const group = [
      'A Group(Some people)',
      "     :Chris Jones <c@(Chris's host.)public.example>,",
      '         joe@example.org,',
      '  John <jdoe@one.test> (my dear friend); (the end of the group)',
    ];
    expect(read(group.join(''))).toEqual([
      'Chris Jones|c@public.example',
      '|joe@example.org',
      'John|jdoe@one.test',
    ]);
    expect(read('a@x.test, (nobody)')).toEqual(['|a@x.test']);
    expect(read('(Only a comment)')).toEqual(['Only a comment|']);
  });

  test('may have blanks around their dots (RFC 5322, appendix A.6.1)', () => {
    expect(read('Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example')).toEqual([
      'Mary Smith|mary@example.net',
      '|jdoe@test.example',
    ]);
    expect(read('john . q . public@x . test')).toEqual(['|john.q.public@x.test']);
    expect(read('Ann ann@x.test.')).toEqual(['Ann|ann@x.test.']);
    expect(read('Ann Q. Lee ann@x.test')).toEqual(['Ann Q. Lee|ann@x.test']);
    expect(read('ann@x.test Wed Oct 9')).toEqual(['|ann@x.test']);
  });

  test.each([
    ['<a@b.test>>', '|a@b.test'],
    ['a@b.test>', '|a@b.test'],
    ['<<a@b.test>>', '|a@b.test'],
    ['Ann <a@b.test>>, b@b.test>', 'Ann|a@b.test', '|b@b.test'],
    ['one > two <a@b.test>', 'one > two|a@b.test'],
  ])('an angle bracket too many behind one is no part of it: %s', (text, ...expected) => {
    expect(read(text)).toEqual(expected);
  });

  test('a Message-ID is read without comments and blanks', async () => {
    const idOf = async (value: string) =>
      (await parseMessage(bytes(`Message-ID: ${value}`, '', ''))).messageId;
    expect(await idOf('<1234   @   local(blah)  .machine .example>')).toBe('<1234@local.machine.example>');
    expect(await idOf('(by us) <a@x.test> (really)')).toBe('<a@x.test>');
    expect(await idOf('<"a(b)"@x.test>')).toBe('<"a(b)"@x.test>');
    expect(await idOf('(only this)')).toBe('(onlythis)');
  });
});

describe('parameters', () => {
  const boundaryOf = (text: string): string | undefined => parseParameters(text).params.get('boundary');
  const named = (text: string): string | undefined => parseParameters(text).params.get('filename');

  test.each([
    ['"=?utf-8?q?abc?="', '=?utf-8?q?abc?='],
    [String.raw`"a\bc"`, 'abc'],
    ['"a(b)c"', 'a(b)c'],
    ['a(b)c', 'a(b)c'],
  ])('a multipart with the boundary %s is opened', async (written, boundary) => {
    const raw = bytes(
      `Content-Type: multipart/mixed; boundary=${written}`,
      '',
      `--${boundary}`,
      '',
      'text',
      `--${boundary}`,
      'Content-Type: text/html',
      '',
      '<p>x</p>',
      `--${boundary}--`,
    );
    expect(await parseMessage(raw)).toMatchObject({ text: 'text', html: '<p>x</p>', problem: null });
    expect(boundaryOf(`multipart/mixed; boundary=${written}`)).toBe(boundary);
  });

  test('encoded words and backslashes are of file names', () => {
    expect(named('attachment; filename="=?utf-8?q?J=C3=B6rg?="')).toBe('Jörg');
    expect(named(String.raw`attachment; filename="C:\TEMP\a.txt"`)).toBe(String.raw`C:\TEMP\a.txt`);
    expect(named(`attachment; filename*0="=?utf-8?q?J=C3"; filename*1="=B6rg?="`)).toBe('Jörg');
    expect(boundaryOf('a/b; boundary*0="=?utf-8?q?"; boundary*1="abc?="')).toBe('=?utf-8?q?abc?=');
  });

  test.each([
    ['text/plain(plain);charset=(c)"utf-8"', 'text/plain', 'utf-8'],
    ['text/plain;charset=utf-8(c)', 'text/plain', 'utf-8'],
    ['text/plain (a) (b; c); (d) charset (e) = (f) utf-8', 'text/plain', 'utf-8'],
    ['text/plain charset=utf-8 (c)', 'text/plain', 'utf-8'],
    ['text/plain(open; charset=utf-8', 'text/plain(open', 'utf-8'],
  ])('comments are left out of %s', (text, value, charset) => {
    const read = parseParameters(text);
    expect([read.value, read.params.get('charset')]).toEqual([value, charset]);
  });

  test.each([
    ['attachment; filename=report(1).pdf', 'report(1).pdf'],
    ['attachment; filename=(1).pdf', '(1).pdf'],
    ["attachment; filename*=utf-8''report(1).pdf", 'report(1).pdf'],
    ["attachment; filename*0*=utf-8''a(1); filename*1*=(2).pdf", 'a(1)(2).pdf'],
    ['attachment filename=report(1).pdf', 'report(1).pdf'],
    ['filename=report(1).pdf', 'report(1).pdf'],
  ])('the file name of %s keeps its parentheses', (text, expected) => {
    expect(named(text)).toBe(expected);
  });

  test.each([
    ['<logo@x.test> (the logo)', 'logo@x.test'],
    ['(the logo) <logo@x.test>', 'logo@x.test'],
    ['<logo(1).png@x.test>', 'logo(1).png@x.test'],
    ['logo@x.test (c)', 'logo@x.test'],
  ])('the Content-ID of %s', (written, contentId) => {
    expect(scanStructure(bytes(`Content-ID: ${written}`, '', '')).root.contentId).toBe(contentId);
  });
});

test.each([
  '<(',
  '(<',
  '<a(',
  `<${'('.repeat(999)}`,
  '>',
  ' .',
  'a . ',
  'a(',
  '(a)',
  '(a) ',
  '(\\',
  '="(',
  ';a=(',
  'a(;',
])('repeated without end, %j is read in no time', (piece) => {
  const text = piece.repeat(400_000 / piece.length);
  for (const read of [
    () => parseAddresses(text, 10_000),
    () => parseAddresses(`a@x.test ${text}`, 10_000),
    () => parseParameters(text),
    () => parseParameters(`text/plain; charset=x${text}`),
    () => scanStructure(bytes(`Content-ID: ${text}`, '', '')),
  ]) {
    const started = cpuNow();
    read();
    expect(cpuNow() - started).toBeLessThan(1000);
  }
});
