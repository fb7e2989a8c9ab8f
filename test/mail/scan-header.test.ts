import { describe, expect, test } from 'vitest';
import { parseAddresses } from '../../server/mail/addresses.ts';
import { parseDate } from '../../server/mail/date.ts';
import { scanHeader } from '../../server/mail/scan-header.ts';
import { hostileMail } from '../support/hostile-mail.ts';
import { readMailFixture } from '../support/mail-fixture.ts';
import { cpuNow } from '../support/cpu-time.ts';

const scan = (...lines: string[]) => scanHeader(Buffer.from([...lines, '', 'body'].join('\r\n'), 'latin1'));

describe('the list row of a message', () => {
  test('says from whom, to whom, what about and when', () => {
    expect(scanHeader(readMailFixture('plain.eml'))).toEqual({
      from: [{ name: 'Example Shop', address: 'shop@example.com' }],
      to: [
        { name: 'Ann Lee', address: 'ann@example.org' },
        { name: '', address: 'bob@example.org' },
        { name: 'Miller, Carl', address: 'carl@example.net' },
      ],
      subject: 'Your order 1234',
      date: '2006-01-02T22:04:05.000Z',
    });
  });

  test('shows encoded words in their charset, also when a character is cut in two', () => {
    expect(scan('Subject: =?utf-8?B?4oI=?= =?UTF-8?B?rA==?= =?iso-8859-1*fr?q?caf=E9_?=now').subject).toBe(
      '€café now',
    );
    expect(scan('Subject: =?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=').subject).toBe('日本');
    expect(scan('Subject: =?no-such?q?abc?= =?broken').subject).toBe('abc =?broken');
  });

  test('shows 8-bit headers as UTF-8 where they are that, else as windows-1252', () => {
    const row = scanHeader(readMailFixture('eight-bit-headers.eml'));
    expect(row.from[0]?.name).toBe('Jörg Müller');
    expect(row.to[0]?.name).toBe('André');
    expect(row.subject).toBe('Grüße aus Köln');
    expect(scan('Subject: \x93quoted\x94 \x80').subject).toBe('“quoted” €');
  });

  test('unfolds fields and reads them whatever their case, with bare line feeds, too', () => {
    expect(scan('SUBJECT : a', '\tb', ' c').subject).toBe('a b c');
    expect(scanHeader(Buffer.from('subject: x\nTO: a@b.c,\n d@e.f\n\nSubject: not a header')).subject).toBe(
      'x',
    );
  });

  test('keeps the first 20 of To and Cc', () => {
    const many = Array.from({ length: 30 }, (_, i) => `a${i}@x.test`).join(', ');
    expect(
      scan(`Cc: ${many}`, 'To: first@x.test')
        .to.map((to) => to.address)
        .slice(0, 2),
    ).toEqual(['first@x.test', 'a0@x.test']);
    expect(scan(`To: ${many}`, `Cc: ${many}`).to).toHaveLength(20);
  });

  test('is empty for a message without a header', () => {
    const empty = { from: [], to: [], subject: '', date: null };
    expect(scanHeader(readMailFixture('no-header.eml'))).toEqual(empty);
    expect(scanHeader(Buffer.alloc(0))).toEqual(empty);
  });

  test('holds no NUL and no half characters', () => {
    expect(scan('Subject: a\0b =?utf-16be?B?2AA=?=').subject).not.toMatch(/\0|[\ud800-\udfff]/);
  });

  test.each(Object.keys(hostileMail))('is made in no time for hostile mail: %s', (name) => {
    const { size, make } = hostileMail[name]!;
    const head = make(size).subarray(0, 256 * 1024);
    const started = cpuNow();
    scanHeader(head);
    expect(cpuNow() - started).toBeLessThan(250);
  });
});

describe('addresses', () => {
  const cases: [string, [string, string][]][] = [
    ['a@b.c', [['', 'a@b.c']]],
    [
      'Ann Lee <a@b.c>, "Lee, Bob" <b@b.c>',
      [
        ['Ann Lee', 'a@b.c'],
        ['Lee, Bob', 'b@b.c'],
      ],
    ],
    [
      'friends: a@b.c, "x y" <x@y.z>; z@z.z',
      [
        ['', 'a@b.c'],
        ['x y', 'x@y.z'],
        ['', 'z@z.z'],
      ],
    ],
    ['undisclosed-recipients:;', []],
    ['a@b.c (Ann (the first) Lee)', [['Ann (the first) Lee', 'a@b.c']]],
    [
      '"a b"@c.d, "ab"@c.d',
      [
        ['', '"a b"@c.d'],
        ['', 'ab@c.d'],
      ],
    ],
    ['=?utf-8?Q?Doe,_John?= <x@y.z>', [['Doe, John', 'x@y.z']]],
    ['<@relay1,@relay2:a@b.c>', [['', 'a@b.c']]],
    ['a@[IPv6:2001:db8::1]', [['', 'a@[IPv6:2001:db8::1]']]],
    ['"A \\"q\\" B" <a@b.c>', [['A "q" B', 'a@b.c']]],
    ['"x@evil.test y"@internal.test', [['', '"x@evil.test y"@internal.test']]],
    ['=?utf-8?q?a=40evil.test?=', [['a@evil.test', '']]],
    ['root', [['root', '']]],
    [',, a@b.c,,', [['', 'a@b.c']]],
  ];
  test.each(cases)('%s', (text, expected) => {
    expect(parseAddresses(text, 100).map(({ name, address }) => [name, address])).toEqual(expected);
  });
});

describe('dates', () => {
  const cases: [string, string | null][] = [
    ['Mon, 2 Jan 2006 15:04:05 -0700 (MST)', '2006-01-02T22:04:05.000Z'],
    ['2 Jan 06 15:04 EST', '2006-01-02T20:04:00.000Z'],
    ['Fri, 21 Nov 1997 09(comment):   55  :  06 -0600', '1997-11-21T15:55:06.000Z'],
    ['Mon Jan  2 15:04:05 2006', '2006-01-02T15:04:05.000Z'],
    ['2024-01-02T03:04:05+01:00', '2024-01-02T02:04:05.000Z'],
    ['Thu, 31 Feb 2020 00:00:00 +0000', null],
    ['31 Dec 9999 23:59:59 -1200', null],
    ['yesterday', null],
    ['', null],
  ];
  test.each(cases)('%s', (text, expected) => {
    expect(parseDate(text)).toBe(expected);
  });
});
