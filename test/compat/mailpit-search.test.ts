// https://mailpit.axllent.org/docs/usage/search-filters/
import { expect, test } from 'vitest';
import { parseMailpitSearch } from '../../server/compat/mailpit/search.ts';
import { parseWallTime } from '../../server/compat/mailpit/wall-time.ts';
import { sendMail, startWithMail } from './support.ts';

const found: [search: string, subjects: string[]][] = [
  ['4711', ['parts']],
  ['ÜSSE', []],
  ['text', ['plain', 'both']],
  ['just text', ['plain']],
  ['"text, line"', ['plain']],
  ["it's", []],
  ['"line one"', ['plain']],
  ['ine on', ['plain']],
  ['-text', ['parts']],
  ['!text', ['parts']],
  ['code -4711', []],
  ['subject:"order 4711"', ['parts']],
  ['subject:rder', ['parts']],
  ['from:ann', ['parts']],
  ['from:"Ann Sender"', ['parts']],
  ['from:bounce@', []],
  ['bounce@', ['parts']],
  ['-bounce@', ['plain', 'both']],
  ['to:carol', ['parts']],
  ['to:dave', []],
  ['cc:dave', ['parts']],
  ['bcc:hidden', ['parts']],
  ['reply-to:help', ['parts']],
  ['addressed:dave', ['parts']],
  ['addressed:bob', ['parts', 'plain', 'both']],
  ['message-id:one@', ['parts']],
  ['report.pdf', ['parts']],
  ['has:attachment', ['parts']],
  ['has:attachments', ['parts']],
  ['!has:attachment', ['plain', 'both']],
  ['has:inline', ['parts']],
  ['-has:inlines', ['plain', 'both']],
  ['has:inline text', []],
  ['is:unread', ['parts', 'plain', 'both']],
  ['is:read', []],
  ['!is:tagged', ['parts', 'plain', 'both']],
  ['larger:1k', ['parts']],
  ['smaller:1kb', ['plain', 'both']],
  ['larger:0.5mb', []],
  ['after:2020-01-01', ['parts', 'plain', 'both']],
  ['before:2020-01-01', []],
  ['-before:2020-01-01', ['parts', 'plain', 'both']],
  ['after:soon', ['parts', 'plain', 'both']],
  ['TO:CAROL', ['parts']],
  ['to:bob -from:ann', ['plain']],
  ['--', ['parts', 'plain', 'both']],
  ['constructor', ['both']],
  ['"Constructor"', ['both']],
  ['-constructor', ['parts', 'plain']],
  ['__proto__', ['both']],
  ['toString', []],
];

test('each term finds what it finds in Mailpit', async () => {
  await using sandbox = await startWithMail();
  await sendMail(
    sandbox,
    'From: x@y.test\r\nSubject: both\r\n\r\nsome text here, constructor and __proto__\r\n',
  );
  const names: Record<string, string> = { 'Grüße order 4711': 'parts', 'plain text': 'plain', both: 'both' };
  for (const [search, wanted] of found) {
    const query = encodeURIComponent(search);
    const { messages, messages_count } = await sandbox.get<{
      messages: { Subject: string }[];
      messages_count: number;
    }>(`/api/v1/search?query=${query}`);
    expect([search, messages.map(({ Subject }) => names[Subject]).reverse()]).toEqual([search, wanted]);
    expect(messages_count).toBe(wanted.length);
  }
});

test('what a 250 was given for is found at once, page by page', async () => {
  await using sandbox = await startWithMail();
  for (let n = 0; n < 12; n += 1)
    await sendMail(sandbox, `Subject: number ${n}\r\n\r\nthe word zebra${n} stands in the text\r\n`);
  const search = (query: string): Promise<{ messages: { Subject: string }[]; messages_count: number }> =>
    sandbox.get(`/api/v1/search?${query}`);
  expect((await search('query=zebra11')).messages_count).toBe(1);
  const page = await search('query=zebra&start=3&limit=2');
  expect(page).toMatchObject({ messages_count: 12, start: 3 });
  expect(page.messages.map(({ Subject }) => Subject)).toEqual(['number 8', 'number 7']);
});

test('times are read in the zone that is asked for', () => {
  expect(parseWallTime('2025-04-30', 'America/Chicago')).toBe('2025-04-30T05:00:00.000Z');
  expect(parseWallTime('2025-01-30 14:30', 'Pacific/Auckland')).toBe('2025-01-30T01:30:00.000Z');
  expect(parseWallTime('2025/1/30 14:30:15', 'UTC')).toBe('2025-01-30T14:30:15.000Z');
  expect(parseWallTime('2025-01-30T14:30:00+02:00', 'Asia/Tokyo')).toBe('2025-01-30T12:30:00.000Z');
  expect(parseWallTime('30 Jan 2025 10:00 UTC', null)).toBe('2025-01-30T10:00:00.000Z');
  expect(parseWallTime('2025-01-30', 'Nowhere/At_All')).toMatch(/^2025-01-(29|30)T/);
  for (const none of ['', 'soon', '9999999-01-01', '2025-13-45x', 'x'.repeat(5000)])
    expect(parseWallTime(none, null)).toBeUndefined();
});

test('a search is refused when it is empty or longer than anyone writes', async () => {
  await using sandbox = await startWithMail();
  for (const query of ['', '%20%20', 'x'.repeat(5000), Array(100).fill('x').join('%20')]) {
    const { status, type, text } = await sandbox.ask(`GET /api/v1/search?query=${query}`);
    expect([status, type]).toEqual([400, 'text/plain']);
    expect(text).toMatch(/^Error: /);
  }
  const deleted = await sandbox.ask('DELETE /api/v1/search?query=');
  expect([deleted.status, (await sandbox.client.readStatus()).messages]).toEqual([400, 2]);
});

test('any text is a search or is refused', () => {
  for (const text of [
    '"',
    "'",
    '-',
    '!',
    ':',
    'to:',
    '-to:',
    'tag:""',
    '""""',
    '\0',
    '"a\'b" c\'',
    'constructor:x',
    '__proto__:1',
    '𝒳',
  ])
    expect(parseMailpitSearch(text, 'constructor').ok).toBe(true);
});
