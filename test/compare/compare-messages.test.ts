// Two messages: what their headers, structure, bodies and attachments have in common.
import { expect, test } from 'vitest';
import { parseMessage } from '../../server/mail/parse.ts';
import { compareMessages } from '../../shared/compare/compare-messages.ts';
import type { Attachment, Message } from '../../shared/message.ts';
import { createFake } from '../http/fake-parts.ts';
import { readMailFixture } from '../support/mail-fixture.ts';
import { cpuNow } from '../support/cpu-time.ts';

async function messageOf(raw: string | Buffer, more: Partial<Message> = {}): Promise<Message> {
  const { headers, text, html, structure, attachments } = await parseMessage(Buffer.from(raw));
  return createFake().addMessage('m_1', raw, {
    headers,
    text,
    html,
    structure,
    attachmentList: attachments,
    ...more,
  });
}
const file = (filename: string, sha256: string): Attachment => ({
  ...{ part: '2', filename, sha256, contentType: 'a/b', size: 1, contentId: null, inline: false },
});

test('headers are compared by name, and by their order', async () => {
  const left = await messageOf(
    'From: a@x.test\r\nSubject: one\r\nReceived: 1\r\nReceived: 2\r\nX-Only: l\r\nX-Last: z\r\n\r\n',
  );
  const right = await messageOf(
    'X-Last: z\r\nFrom: a@x.test\r\nsubject: two\r\nReceived: 1\r\nX-New: r\r\nReceived: 3\r\n\r\n',
  );
  const { headers, isSame } = compareMessages(left, right);
  expect(headers.map(({ name, kind }) => [name, kind])).toEqual([
    ['From', 'same'],
    ['Subject', 'changed'],
    ['Received', 'same'],
    ['X-New', 'only-right'],
    ['Received', 'changed'],
    ['X-Only', 'only-left'],
    ['X-Last', 'moved'],
  ]);
  expect(headers[1]!.parts).toEqual({ left: [{ start: 0, end: 3 }], right: [{ start: 0, end: 3 }] });
  expect(isSame).toBe(false);
});

test('a message is the same as itself, with attachments and HTML', async () => {
  for (const name of ['alternative.eml', 'attachments.eml', 'related.eml']) {
    const message = await messageOf(readMailFixture(name));
    expect(compareMessages(message, message).isSame, name).toBe(true);
  }
});

test('text and HTML are compared line by line', async () => {
  const left = await messageOf('Subject: x\r\n\r\none\r\ntwo\r\nthree\r\n');
  const right = await messageOf('Subject: x\r\n\r\none\r\n2\r\nthree\r\nfour\r\n');
  const { text } = compareMessages({ ...left, html: '<p>a\n<p>b' }, { ...right, html: '<p>b' });
  expect(text.map(({ kind, left: a, right: b }) => [kind, a?.text, b?.text, b?.n])).toEqual([
    ['same', 'one', 'one', 1],
    ['changed', 'two', '2', 2],
    ['same', 'three', 'three', 3],
    ['only-right', undefined, 'four', 4],
  ]);
});

test('structure is compared by part, attachments by their bytes', async () => {
  const left = await messageOf('Content-Type: text/plain\r\n\r\nx', {
    attachmentList: [file('a.pdf', '1'), file('b.pdf', '2'), file('c.pdf', '3'), file('d.pdf', '4')],
  });
  const right = await messageOf('Content-Type: text/html\r\n\r\nx', {
    attachmentList: [file('b.pdf', '9'), file('new.pdf', '3'), file('a.pdf', '1'), file('e.pdf', '5')],
  });
  const { structure, attachments } = compareMessages(left, right);
  expect(structure).toMatchObject([{ path: '1', kind: 'changed' }]);
  expect(attachments.map((row) => [row.kind, row.left?.filename, row.right?.filename])).toEqual([
    ['same', 'a.pdf', 'a.pdf'],
    ['changed', 'b.pdf', 'b.pdf'],
    ['renamed', 'c.pdf', 'new.pdf'],
    ['only-left', 'd.pdf', undefined],
    ['only-right', undefined, 'e.pdf'],
  ]);
});

test('long texts and thousands of equal attachments take no long time', async () => {
  const base = await messageOf('Subject: x\r\n\r\n');
  const many = Array.from({ length: 20_000 }, (_, i) => file(`f${i % 3}`, '0'));
  const lines = (n: number): string =>
    Array.from({ length: 20_000 }, (_, i) => `${(i * n) % 9973}`).join('\n');
  const start = cpuNow();
  compareMessages(
    { ...base, text: lines(7), attachmentList: many },
    { ...base, text: lines(11), attachmentList: [...many].reverse() },
  );
  expect(cpuNow() - start).toBeLessThan(5000);
});
