// What is read at once is what the parse will say, or nothing.
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseMessage } from '../../server/mail/parse.ts';
import { quickBytes, readQuickText } from '../../server/mail/quick-text.ts';
import { bodyText } from '../../shared/search/message-texts.ts';
import { padWords } from '../../shared/search/fold.ts';
import { readMailFixture } from '../support/mail-fixture.ts';

const words = ({ text, html }: { text: string | null; html: string | null }): string =>
  padWords(bodyText(text, html));
const fixtures = readdirSync(new URL('../fixtures/mail', import.meta.url)).filter((name) =>
  name.endsWith('.eml'),
);

test.each(fixtures)('%s', async (name) => {
  const raw = readMailFixture(name);
  const quick = readQuickText(raw);
  if (quick === undefined) return;
  const derived = await parseMessage(raw);
  expect(words(quick)).toBe(words(derived));
  expect([quick.text === null, quick.html === null]).toEqual([derived.text === null, derived.html === null]);
});

const part = (header: string, body: string): string => `Content-Type: ${header}\r\n\r\n${body}\r\n`;
const alternative = (...parts: string[]): string =>
  `Content-Type: multipart/alternative; boundary=b\r\n\r\n${parts.map((each) => `--b\r\n${each}`).join('')}--b--\r\n`;

describe('the usual kinds are read', () => {
  test.each<[string, string]>([
    ['plain text', 'Subject: x\r\n\r\nYour code is 123456\r\n'],
    ['UTF-8', part('text/plain; charset=utf-8', 'Grüße, 今日')],
    [
      'quoted-printable',
      `Content-Transfer-Encoding: quoted-printable\r\n${part('text/plain; charset=UTF-8', 'Gr=C3=BC=C3=9Fe, long=\r\n line')}`,
    ],
    [
      'base64',
      `Content-Transfer-Encoding: base64\r\n${part('text/html; charset=utf-8', Buffer.from('<p>Grüße &amp; <b>K</b>üsse').toString('base64'))}`,
    ],
    [
      'text with HTML',
      alternative(
        part('text/plain; charset=utf-8', 'Hallo *Welt*'),
        part('text/html; charset=utf-8', '<h1>Hallo</h1>Welt'),
      ),
    ],
    [
      'with an attachment',
      alternative(part('text/plain', 'see there'), part('application/pdf; name=a.pdf', '%PDF')),
    ],
  ])('%s', async (_name, mail) => {
    const raw = Buffer.from(mail);
    const quick = readQuickText(raw);
    expect(quick).toBeDefined();
    expect(words(quick!)).toBe(words(await parseMessage(raw)));
    expect(words(quick!)).not.toBe('  ');
  });
});

test.each([
  ['another charset', part('text/plain; charset=iso-8859-1', 'Gr\xfc\xdfe')],
  ['bytes that are not what the charset says', part('text/plain; charset=utf-8', 'Gr\xfc\xdfe')],
  ['no charset and not ASCII', 'Subject: x\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n'],
  ['flowed text', part('text/plain; format=flowed', 'a \r\nb')],
  ['several texts', alternative(part('text/plain', 'a'), part('text/plain', 'b'))],
  ['an unknown encoding', `Content-Transfer-Encoding: x-uue\r\n${part('text/plain', 'begin')}`],
  ['a large message', `Subject: x\r\n\r\n${'x'.repeat(quickBytes)}`],
])('left to the parser: %s', (_name, mail) => {
  expect(readQuickText(Buffer.from(mail, 'latin1'))).toBeUndefined();
});
