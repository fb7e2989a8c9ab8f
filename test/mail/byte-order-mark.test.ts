// A byte order mark at the head of a text is neither shown nor searched, and stays in the bytes.
import { expect, test } from 'vitest';
import { decodePartText } from '../../server/mail/decode-part.ts';
import { parseMessage } from '../../server/mail/parse.ts';
import { readQuickText } from '../../server/mail/quick-text.ts';
import { startTestSandbox } from '../support/sandbox.ts';

const mark = '\xef\xbb\xbf';
const message = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');
const body = `${mark}hello \xc3\xa9t\xc3\xa9\r\n`;
const base64 = Buffer.from(body, 'latin1').toString('base64');
const quoted = '=\r\n=EF=\r\n=BB=BFhello =C3=A9t=C3=A9\r\n';

test.each([
  ['text/plain; charset=utf-8', '8bit', body],
  ['text/plain; charset=UTF8', 'base64', base64],
  ['text/plain; charset=utf-8', 'quoted-printable', quoted],
  ['text/plain; charset=utf-8; format=flowed', '8bit', body],
  ['text/plain; charset=us-ascii', '8bit', body],
  ['text/plain', 'base64', base64],
  ['text/plain; charset=x-none', '8bit', body],
  ['text/plain; charset=utf-16', 'base64', Buffer.from('\ufeffhello été\r\n', 'utf16le').toString('base64')],
  ['text/html; charset=utf-8', '8bit', body],
  ['text/html; charset=utf-8', 'base64', base64],
])('of %s in %s', async (type, encoding, sent) => {
  const raw = message(`Content-Type: ${type}`, `Content-Transfer-Encoding: ${encoding}`, '', sent);
  const { text, html, snippet, structure } = await parseMessage(raw);
  expect((type.startsWith('text/html') ? html : text)?.trimEnd()).toBe('hello été');
  expect(snippet).toBe('hello été');
  expect(decodePartText(raw, structure!, 1000, 1000).trimEnd()).toBe('hello été');
  const quick = readQuickText(raw);
  if (quick) expect([quick.text, quick.html]).toEqual([text, html]);
});

test('of each of several texts, and no other U+FEFF', async () => {
  const part = (text: string): string[] => ['--b', 'Content-Type: text/plain; charset=utf-8', '', text];
  const raw = message(
    'Content-Type: multipart/mixed; boundary=b',
    '',
    ...[...part(`${mark}one`), ...part(`${mark}two ${mark}`), ...part(`three\r\n${mark}four`), '--b--', ''],
  );
  const { text } = await parseMessage(raw);
  expect(text?.split('\n')).toEqual(['one', 'two \ufeff', 'three', '\ufefffour']);
});

test('in another charset its bytes are letters', async () => {
  const raw = message('Content-Type: text/plain; charset=iso-8859-1', '', `${mark}hello`);
  expect((await parseMessage(raw)).text?.trimEnd()).toBe('ï»¿hello');
});

test('a search finds the first word, and the message is given as it came', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  const raw = message('Subject: x', 'Content-Type: text/plain; charset=utf-8', '', body);
  const id = /m_\w+/.exec(await wire.mail(raw))![0];
  const read = await sandbox.client.readMessage({ params: { id } });
  expect([read.text, read.snippet]).toEqual(['hello été\n', 'hello été']);
  const found = await sandbox.client.listMessages({ query: { query: 'body:"hello été"' } });
  expect(found.items.map((one) => one.id)).toEqual([id]);
  const kept = await sandbox.client.readRaw({ params: { id } });
  expect(Buffer.from(kept).toString('latin1')).toContain(`\r\n\r\n${mark}hello`);
});
