import { describe, expect, test } from 'vitest';
import { formatSearch } from '../../shared/search/format-search.ts';
import { parseSearch, searchLimits } from '../../shared/search/parse-search.ts';
import { and, not, or, type Query, type SearchScope } from '../../shared/search/query.ts';
import { parseTime } from '../../shared/search/times.ts';
import { createRandom } from './random.ts';
import { randomJunk, randomQuery } from './random-queries.ts';
import { cpuNow } from '../support/cpu-time.ts';

const word = (text: string): Query => ({ type: 'word', text });
const phrase = (text: string): Query => ({ type: 'phrase', text });
const field = (name: string, value: string, header: string | null = null): Query => ({
  type: 'field',
  field: name,
  header,
  value,
});

function parse(text: string, scope: SearchScope = 'messages'): Query | null {
  const parsed = parseSearch(text, scope);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.errors.map(({ message }) => message).join(' ')}`);
  return parsed.query;
}

describe('what is understood', () => {
  const table: [string, Query | null, string][] = [
    ['', null, ''],
    [' \n\t ', null, ''],
    ['reset', word('reset'), 'reset'],
    ['reset password', and([word('reset'), word('password')]), 'reset password'],
    ['reset AND password', and([word('reset'), word('password')]), 'reset password'],
    ['a OR b c', or([word('a'), and([word('b'), word('c')])]), 'a OR b c'],
    ['(a OR b) c', and([or([word('a'), word('b')]), word('c')]), '(a OR b) c'],
    ['a (b (c))', and([word('a'), word('b'), word('c')]), 'a b c'],
    ['-a', not(word('a')), '-a'],
    ['NOT a b', and([not(word('a')), word('b')]), '-a b'],
    ['NOT (a b)', not(and([word('a'), word('b')])), '-(a b)'],
    ['a -(b OR -c)', and([word('a'), not(or([word('b'), not(word('c'))]))]), 'a -(b OR -c)'],
    ['--a', word('a'), 'a'],
    ['NOT -a', word('a'), 'a'],
    ['and or not', and([word('and'), word('or'), word('not')]), 'and or not'],
    ['well-known', word('well-known'), 'well-known'],
    ['ann@example.com', word('ann@example.com'), 'ann@example.com'],
    ['12:30', word('12:30'), '12:30'],
    ['"reset your  password"', phrase('reset your  password'), '"reset your  password"'],
    ['"say \\"hi\\" \\\\ \\n"', phrase('say "hi" \\ \\n'), '"say \\"hi\\" \\\\ \\\\n"'],
    ['foo"bar"', and([word('foo'), phrase('bar')]), 'foo "bar"'],
    ['from:ann', field('from', 'ann'), 'from:ann'],
    ['FROM:Ann', field('from', 'Ann'), 'from:Ann'],
    ['-from:ann', not(field('from', 'ann')), '-from:ann'],
    ['subject:"order 4711"', field('subject', 'order 4711'), 'subject:"order 4711"'],
    ['subject:a:b', field('subject', 'a:b'), 'subject:a:b'],
    ['subject:"a)b"', field('subject', 'a)b'), 'subject:"a)b"'],
    ['(from:ann)', field('from', 'ann'), 'from:ann'],
    ['header.X-Mailer:php', field('header', 'php', 'X-Mailer'), 'header.X-Mailer:php'],
    ['header.X-Mailer:""', field('header', '', 'X-Mailer'), 'header.X-Mailer:""'],
    [
      'has:Attachment is:UNREAD',
      and([field('has', 'attachment'), field('is', 'unread')]),
      'has:attachment is:unread',
    ],
    [
      'after:2h before:2026-01-31',
      and([field('after', '2h'), field('before', '2026-01-31')]),
      'after:2h before:2026-01-31',
    ],
    ['after:"2026-01-31 14:30"', field('after', '2026-01-31 14:30'), 'after:"2026-01-31 14:30"'],
    ['larger:1.5MiB code:55', and([field('larger', '1.5MiB'), field('code', '55')]), 'larger:1.5MiB code:55'],
    ['body:\ud800x', field('body', '\ufffdx'), 'body:\ufffdx'],
  ];
  test.each(table)('%j', (text, query, canonical) => {
    expect(parse(text)).toEqual(query);
    expect(formatSearch(parse(text))).toBe(canonical);
    expect(parse(canonical)).toEqual(query);
  });

  test('sessions have operators of their own', () => {
    expect(parse('outcome:TLS-failed peer:10. listener:smtps is:open', 'sessions')).toEqual(
      and([
        ...[field('outcome', 'tls-failed'), field('peer', '10.')],
        ...[field('listener', 'smtps'), field('is', 'open')],
      ]),
    );
  });

  test('a canonical text is read as the same query, whatever the query is', () => {
    const random = createRandom(7);
    for (let n = 0; n < 3000; n += 1) {
      const scope = random.pick(['messages', 'sessions'] as const);
      const text = random.chance(0.7) ? randomQuery(random, scope, ['s_1']) : randomJunk(random);
      const parsed = parseSearch(text, scope);
      if (!parsed.ok) continue;
      const canonical = formatSearch(parsed.query);
      if (canonical.length > searchLimits.length) continue;
      expect(parse(canonical, scope), text).toEqual(parsed.query);
      expect(formatSearch(parse(canonical, scope))).toBe(canonical);
    }
  });
});

describe('what is refused, and where', () => {
  const table: [string, number, number, RegExp, RegExp, SearchScope?][] = [
    ['from:', 0, 5, /has no value/, /from:ann/],
    ['a from: ann', 2, 7, /has no value/, /right behind the colon/],
    ['from:""', 0, 5, /has no value/, /from:ann/],
    ['from:(a OR b)', 0, 5, /has no value/, /from:ann/],
    ['form:ann', 0, 5, /no operator form:/, /Is it from:\? .*"form:ann"/],
    ['a https://x.test', 2, 8, /no operator https:/, /"https:\/\/x.test"/],
    ['outcome:refused', 0, 8, /search in sessions/, /quotes/],
    ['subject:x', 0, 8, /search in messages/, /quotes/, 'sessions'],
    ['from.x:ann', 0, 7, /no operator/, /from:/],
    ['header:x', 0, 7, /name of the field/, /header\.X-Mailer:php/],
    ['header.:x', 0, 8, /name of the field/, /header\.X-Mailer:php/],
    ['header.X:', 0, 9, /has no value/, /"" for any value/],
    ['has:legs', 4, 8, /does not know/, /attachment, html/],
    ['after:soon', 6, 10, /no time/, /2026-01-31/],
    ['after:2026-02-30', 6, 16, /no time/, /2026-01-31/],
    ['after:25:00', 6, 11, /no time/, /2h/],
    ['larger:big', 7, 10, /no size/, /1MB/],
    ['code:600', 5, 8, /no reply code/, /digits/],
    ['code:5500', 5, 9, /no reply code/, /digits/],
    ['a (', 2, 3, /bracket is not closed/, /Add a "\)"/],
    ['a "b', 2, 3, /quote is not closed/, /second "/],
    ['subject:"b', 8, 9, /quote is not closed/, /second "/],
    ['(a', 0, 1, /not closed/, /Add a "\)"/],
    ['a)', 1, 2, /not opened/, /Take it away/],
    [')', 0, 1, /not opened/, /Take it away/],
    ['a ( )', 2, 5, /nothing between/, /quotes/],
    ['OR a', 0, 2, /before OR/, /small or in quotes/],
    ['a OR', 2, 4, /follow OR/, /small or in quotes/],
    ['a OR OR b', 2, 4, /follow OR/, /quotes/],
    ['a AND', 2, 5, /follow AND/, /quotes/],
    ['(a OR)', 3, 5, /follow OR/, /quotes/],
    ['NOT', 0, 3, /follow NOT/, /quotes/],
    ['a -', 2, 3, /no letter/, /subject:/],
    ['***', 0, 3, /no letter/, /body:/],
    ['"!!"', 0, 4, /no letter/, /subject:/],
    ['a'.repeat(4097), 4096, 4097, /longer than 4096/, /Leave/],
    ['('.repeat(33) + 'a' + ')'.repeat(33), 32, 33, /nested more than 32/, /away/],
    ['a '.repeat(65), 128, 129, /more than 64/, /Leave/],
  ];
  test.each(table)('%j', (text, start, end, message, hint, scope = 'messages') => {
    const parsed = parseSearch(text, scope);
    expect(parsed).toMatchObject({ ok: false });
    if (parsed.ok) return;
    expect(parsed.errors[0]).toEqual({
      ...{ start, end },
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  test('several wrong values are told together', () => {
    const parsed = parseSearch('has:x after:y ok larger:z', 'messages');
    expect(parsed.ok ? [] : parsed.errors.map(({ start, end }) => [start, end])).toEqual([
      [4, 5],
      [12, 13],
      [24, 25],
    ]);
  });

  test('hostile input of any size is answered at once', () => {
    const started = cpuNow();
    for (const text of [
      '('.repeat(4096),
      '-'.repeat(4095) + 'a',
      'a OR '.repeat(800),
      '"'.repeat(4096),
      'from:'.repeat(800),
    ])
      parseSearch(text, 'messages');
    parseSearch('x'.repeat(5_000_000), 'messages');
    expect(cpuNow() - started).toBeLessThan(500);
  });
});

test('times are UTC unless they say otherwise', () => {
  const now = Date.UTC(2026, 0, 31, 14, 30) * 1000;
  const table: [string, string | undefined][] = [
    ['2026-01-30', '2026-01-30T00:00:00.000Z'],
    ['2026-01-30T12:34', '2026-01-30T12:34:00.000Z'],
    ['2026-01-30t12:34:56.789z', '2026-01-30T12:34:56.789Z'],
    ['2026-01-30T12:34:56+01:30', '2026-01-30T11:04:56.000Z'],
    ['12:00', '2026-01-31T12:00:00.000Z'],
    ['today', '2026-01-31T00:00:00.000Z'],
    ['Yesterday', '2026-01-30T00:00:00.000Z'],
    ['2h', '2026-01-31T12:30:00.000Z'],
    ['7d', '2026-01-24T14:30:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2025-02-29', undefined],
    ['2026-13-01', undefined],
    ['2026-01-30T24:00', undefined],
    ['0050-01-01', '0050-01-01T00:00:00.000Z'],
    ['2', undefined],
    ['', undefined],
  ];
  for (const [text, iso] of table) {
    const us = parseTime(text, now);
    expect(us === undefined ? us : new Date(us / 1000).toISOString(), text).toBe(iso);
  }
});
