// POST /api/messages: a raw message into the store.
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { expect, test } from 'vitest';
import { scanEnvelope } from '../../server/mail/scan-envelope.ts';
import { temporaryFolder } from '../process/mailscope.ts';
import { startTestSandbox } from '../support/sandbox.ts';

const raw = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'latin1'));
const letter =
  'Return-Path: <bounce@x.test>\nFrom: Ann <ann@x.test>\nTo: "B, C" <bob@x.test>, cy@x.test\nCc: Dee <dee@x.test>\nSubject: raw\n\n.\n..two\r\nGr\xfc\xdfe\0';

test('a raw message is kept byte by byte, with the envelope of its header, and announced', async () => {
  await using sandbox = await startTestSandbox();
  const before = (await sandbox.client.readStatus()).cursor;
  const stored = await sandbox.client.storeMessage({ body: raw(letter) });
  expect(stored).toMatchObject({
    origin: 'api',
    sessionId: null,
    transaction: null,
    mailFrom: 'bounce@x.test',
    rcptTo: ['bob@x.test', 'cy@x.test', 'dee@x.test'],
    subject: 'raw',
    size: letter.length,
  });
  const { id } = stored;
  const bytes = await sandbox.client.readRaw({ params: { id } });
  expect(Buffer.from(bytes).toString('latin1')).toBe(letter);
  expect(await sandbox.client.readMessage({ params: { id } })).toMatchObject({
    parse: 'parsed',
    lines: null,
  });
  const { items } = await sandbox.client.listEvents({ query: { since: before } });
  expect(items.map(({ type }) => type).slice(0, 2)).toEqual(['message:stored', 'message:parsed']);
  const waited = await sandbox.client.awaitMessages({ query: { query: 'subject:raw', after: before } });
  expect(waited.items.map((one) => one.id)).toEqual([id]);
});

test('the envelope of the call goes before that of the header; an empty sender is the null sender', async () => {
  await using sandbox = await startTestSandbox();
  const store = (query: object) => sandbox.client.storeMessage({ query, body: raw(letter) });
  expect(await store({ from: '', rcpt: ['a@x.test', 'b@x.test'], origin: 'import' })).toMatchObject({
    origin: 'import',
    mailFrom: '',
    rcptTo: ['a@x.test', 'b@x.test'],
  });
  expect(await store({ rcpt: 'a,b@x.test' })).toMatchObject({
    mailFrom: 'bounce@x.test',
    rcptTo: ['a,b@x.test'],
  });
  const bare = await sandbox.client.storeMessage({ body: raw('no header at all') });
  expect(bare).toMatchObject({ mailFrom: '', rcptTo: [], rcptCount: 0 });
  const answer = await fetch(`${sandbox.url}/api/messages?rcpt=x@x.test`, {
    method: 'POST',
    headers: { 'Content-Type': 'message/rfc822; charset=utf-8' },
    body: letter,
  });
  expect(answer.status).toBe(201);
});

test('what is no message, or too large, is refused and leaves nothing behind', async () => {
  await using sandbox = await startTestSandbox({ maxSize: '1000' });
  const url = `${sandbox.url}/api/messages`;
  const post = (body: string, type = 'message/rfc822', query = '') =>
    fetch(url + query, { method: 'POST', headers: { 'Content-Type': type }, body });
  const cases: [Promise<Response>, number, string][] = [
    [post('x'.repeat(1001)), 413, 'too_large'],
    [post('x'.repeat(3_000_000)), 413, 'too_large'],
    [post(''), 400, 'invalid_request'],
    [post('{}', 'application/json'), 415, 'unsupported_media_type'],
    [post(letter, 'message/rfc822', '?from=a%0Ab'), 400, 'invalid_request'],
    [post(letter, 'message/rfc822', '?rcpt=%3Ca@b%3E'), 400, 'invalid_request'],
    [post(letter, 'message/rfc822', '?to=a'), 400, 'invalid_request'],
    [post(letter, 'message/rfc822', '?origin=smtp'), 400, 'invalid_request'],
  ];
  for (const [asked, status, code] of cases) {
    const answer = await asked;
    const { error } = (await answer.json()) as { error: { code: string; hint: string } };
    expect([answer.status, error.code]).toEqual([status, code]);
    expect(error.hint).toBeTruthy();
  }
  const page = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'message/rfc822', Origin: 'http://evil.test' },
    body: letter,
  });
  expect(page.status).toBe(403);
  expect((await sandbox.client.listMessages()).items).toEqual([]);
  expect(await post('Subject: x\n\n' + 'y'.repeat(988)).then(({ status }) => status)).toBe(201);
});

test('a message of several megabytes goes through the disk, and one that is cut off is not stored', async () => {
  await using folder = await temporaryFolder();
  await using sandbox = await startTestSandbox({ data: folder.path });
  const large = Buffer.alloc(5_000_000, 'Subject: large\n\nabcdefghijklmnopqrstuvwxyz\n');
  const { id, size } = await sandbox.client.storeMessage({ body: Uint8Array.from(large) });
  expect(size).toBe(large.length);
  expect(Buffer.from(await sandbox.client.readRaw({ params: { id } })).equals(large)).toBe(true);

  const port = Number(new URL(sandbox.url).port);
  const socket = connectTcp(port, '127.0.0.1');
  socket.write(
    `POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: message/rfc822\r\nContent-Length: 3000000\r\n\r\n`,
  );
  socket.write(Buffer.alloc(2_000_000, 'x'), () => socket.destroy());
  await once(socket, 'close');
  await sandbox.client.storeMessage({ body: raw('Subject: after\n\n') });
  expect((await sandbox.client.listMessages()).items.map(({ subject }) => subject)).toEqual([
    'after',
    'large',
  ]);
});

test('the envelope of a header is read from any bytes', () => {
  const cases: [string, string, string[]][] = [
    ['Return-Path: <>\r\nFrom: a@b.c\r\n\r\n', '', []],
    ['From: a@b.c, d@e.f\nTo: undisclosed-recipients:;\n\n', 'a@b.c', []],
    [
      'From someone Mon Jan  1 00:00:00 2024\nFrom: a@b.c\nBcc: x@y.z\nTo: g: x@y.z, p@q.r;\n',
      'a@b.c',
      ['x@y.z', 'p@q.r'],
    ],
    ['\nFrom: a@b.c\n', '', []],
    ['\0\xff', '', []],
    ['', '', []],
  ];
  for (const [text, from, to] of cases)
    expect(scanEnvelope(Buffer.from(text, 'latin1')), text).toEqual({ from, to });
});
