// Shapes as MailHog 1.0.1 makes them (mailhog/data message.go, MailHog-Server api/v1.go and v2.go).
import { expect, test } from 'vitest';
import { headerOf, readContent } from '../../server/compat/mailhog/content.ts';
import { fixture, sendMail, startWithMail } from './support.ts';
import { cpuNow } from '../support/cpu-time.ts';

interface Page {
  total: number;
  count: number;
  start: number;
  items: { ID: string; Content: { Headers: Record<string, string[]> } }[];
}
const path = (Mailbox: string, Domain: string): object => ({ Relays: null, Mailbox, Domain, Params: '' });

test('a message has every field of MailHog', async () => {
  await using sandbox = await startWithMail();
  const raw = (await fixture('plain.eml')).toString();
  const id = sandbox.ids[1]!;
  const { receivedAt } = await sandbox.client.readMessage({ params: { id } });
  const at = new Date(receivedAt).toUTCString().replace('GMT', '+0000');
  const shape = {
    ID: id,
    From: path('plain', 'example.com'),
    To: [path('bob', 'example.com')],
    Content: {
      Headers: {
        From: ['plain@example.com'],
        To: ['bob@example.com'],
        Subject: ['plain text'],
        Date: ['Tue, 03 Feb 2026 11:00:00 +0000'],
        'Message-ID': ['<two@example.com>'],
        Received: [`from client.test by mailscope (Mailscope)\r\n          id ${id}; ${at}`],
        'Return-Path': ['<plain@example.com>'],
      },
      Body: 'Just text, line one.\r\nLine two.',
      Size: 170,
      MIME: null,
    },
    Created: receivedAt,
    MIME: null,
    Raw: { From: 'plain@example.com', To: ['bob@example.com'], Data: raw.slice(0, -2), Helo: 'client.test' },
  };
  const one = await sandbox.ask(`GET /api/v1/messages/${id}`);
  expect([one.type, one.json]).toEqual(['text/json', shape]);
  const list = await sandbox.ask('GET /api/v2/messages');
  expect(list.type).toBe('text/json');
  expect(list.json).toMatchObject({ total: 2, count: 2, start: 0, items: [shape, { ID: sandbox.ids[0] }] });
  expect(Object.keys(list.json as object)).toEqual(['total', 'count', 'start', 'items']);
});

test('the line ending before the last dot is not of the body, and a mail without one keeps its fields', async () => {
  await using sandbox = await startWithMail();
  const read = async (raw: string) => {
    const { Content, Raw } = await sandbox.get<{
      Content: { Headers: Record<string, string[]>; Body: string; Size: number };
      Raw: { Data: string };
    }>(`/api/v1/messages/${await sendMail(sandbox, raw)}`);
    return [Content.Headers.Subject, Content.Body, Content.Size, Raw.Data];
  };
  expect(await read('Subject: a\r\n\r\nhi\r\n')).toEqual([['a'], 'hi', 16, 'Subject: a\r\n\r\nhi']);
  expect(await read('Subject: b\r\n\r\nhi\r\n\r\n')).toEqual([
    ['b'],
    'hi\r\n',
    18,
    'Subject: b\r\n\r\nhi\r\n',
  ]);
  expect(await read('Subject: c\r\n\r\n')).toEqual([['c'], '', 12, 'Subject: c\r\n']);
});

test('parts stand as they were sent, nested as they are', async () => {
  await using sandbox = await startWithMail();
  const { MIME } = await sandbox.get<{ MIME: { Parts: { MIME: { Parts: unknown[] } }[] } }>(
    `/api/v1/messages/${sandbox.ids[0]}`,
  );
  expect(MIME.Parts).toHaveLength(2);
  expect(MIME.Parts[1]).toEqual({
    Headers: {
      'Content-Type': ['application/pdf; name="report.pdf"'],
      'Content-Disposition': ['attachment; filename="report.pdf"'],
      'Content-Transfer-Encoding': ['base64'],
    },
    Body: 'JVBERi0xLjQKaGVsbG8K',
    Size: expect.any(Number) as unknown,
    MIME: null,
  });
  const related = MIME.Parts[0]!.MIME.Parts as { MIME: { Parts: { Body: string }[] } }[];
  expect(related[0]!.MIME.Parts.map(({ Body }) => Body)).toEqual([
    'Hello B=C3=B6b, your code is 123456.',
    expect.stringContaining('<p>Hello'),
  ]);
  const pdf = await sandbox.ask(`GET /api/v1/messages/${sandbox.ids[0]}/mime/part/1/download`);
  expect([pdf.text, pdf.type, pdf.headers.get('content-disposition')]).toEqual([
    '%PDF-1.4\nhello\n',
    'application/pdf',
    headerOf(MIME.Parts[1]! as never, 'content-disposition'),
  ]);
  // An opened part must not run: HTML stays a download of bytes.
  const first = await sandbox.ask(`GET /api/v1/messages/${sandbox.ids[0]}/mime/part/0/download`);
  expect(first.headers.get('content-disposition')).toBe(`attachment; filename="${sandbox.ids[0]}-part-0"`);
  const eml = await sandbox.ask(`GET /api/v1/messages/${sandbox.ids[0]}/download`);
  expect([eml.type, eml.text]).toEqual(['message/rfc822', (await fixture('parts.eml')).toString()]);
});

test('nothing is released: the answers are those of MailHog where it cannot relay', async () => {
  await using sandbox = await startWithMail();
  const release = async (body: unknown) => {
    const { status, text, type } = await sandbox.ask(`POST /api/v1/messages/${sandbox.ids[0]}/release`, body);
    return [status, text, type];
  };
  const server = { host: 'mail.example.com', port: '25', email: 'a@example.com' };
  expect(await release(server)).toEqual([500, '', 'text/json']);
  expect(await release({ name: 'office' })).toEqual([400, '', 'text/json']);
  expect(await release('{')).toEqual([500, 'Error decoding request body', 'text/json']);
});

test('searches find senders, recipients and contents', async () => {
  await using sandbox = await startWithMail();
  const search = async (kind: string, query: string, more = ''): Promise<string[]> => {
    const text = encodeURIComponent(query);
    const { json, type } = await sandbox.ask(`GET /api/v2/search?kind=${kind}&query=${text}${more}`);
    expect(type).toBe('application/json');
    const { items, count } = json as Page;
    expect(count).toBe(items.length);
    return items.map(({ ID }) => (ID === sandbox.ids[0] ? 'parts' : 'plain'));
  };
  expect(await search('from', 'BOUNCE@')).toEqual(['parts']);
  expect(await search('from', 'Ann Sender')).toEqual(['parts']);
  expect(await search('to', 'hidden@example.com')).toEqual(['parts']);
  expect(await search('to', '@example.com')).toEqual(['plain', 'parts']);
  expect(await search('to', '@example.com', '&start=1&limit=1')).toEqual(['parts']);
  expect(await search('containing', 'line two')).toEqual(['plain']);
  expect(await search('containing', 'order 4711')).toEqual(['parts']);
  expect(await search('containing', 'nowhere')).toEqual([]);
  for (const bad of ['kind=subject&query=x', 'kind=from', 'query=x', 'kind=constructor&query=x'])
    expect((await sandbox.ask(`GET /api/v2/search?${bad}`)).status).toBe(400);
});

test('pages are at most 250, and what is no number is the default', async () => {
  await using sandbox = await startWithMail();
  const page = (query: string): Promise<Page> => sandbox.get(`/api/v2/messages?${query}`);
  expect(await page('start=1')).toMatchObject({ total: 2, count: 1, start: 1 });
  expect(await page('start=5&limit=9999')).toMatchObject({ total: 2, count: 0, start: 5, items: [] });
  expect(await page('start=-1&limit=x')).toMatchObject({ count: 2, start: 0 });
});

test('a slash at the end of a path does not matter', async () => {
  await using sandbox = await startWithMail();
  expect(await sandbox.get('/api/v2/messages/?limit=1')).toMatchObject({ total: 2, count: 1 });
  expect(await sandbox.get('/api/v2/search/?kind=from&query=plain')).toMatchObject({ total: 1 });
  expect(await sandbox.get(`/api/v1/messages/${sandbox.ids[1]}/`)).toMatchObject({ ID: sandbox.ids[1] });
});

test('deleting takes one or all, at once, and answers nothing', async () => {
  await using sandbox = await startWithMail();
  const one = await sandbox.ask(`DELETE /api/v1/messages/${sandbox.ids[0]}`);
  expect([one.status, one.text]).toEqual([200, '']);
  expect(await sandbox.get(`/api/v1/messages/${sandbox.ids[0]}`)).toBeNull();
  expect((await sandbox.client.restoreMessages({ body: { ids: [sandbox.ids[0]!] } })).count).toBe(0);
  expect((await sandbox.ask('DELETE /api/v1/messages')).status).toBe(200);
  expect(await sandbox.get('/api/v2/messages')).toMatchObject({ total: 0, items: [] });
});

test('the one call that Mailpit has too is MailHog’s when it is asked for', async () => {
  await using sandbox = await startWithMail({ compat: 'mailhog' });
  const { json, type } = await sandbox.ask('GET /api/v1/messages');
  expect([type, (json as { ID: string }[]).map(({ ID }) => ID)]).toEqual([
    'text/json',
    sandbox.ids.toReversed(),
  ]);
  // The others of Mailpit are still there.
  expect(await sandbox.get('/api/v1/search?query=plain')).toMatchObject({ messages_count: 1 });
  const deleted = await sandbox.ask('DELETE /api/v1/messages');
  expect([deleted.status, deleted.text]).toEqual([200, '']);
});

test('of very many header fields the first ones are told, so that a list of such messages is answered', () => {
  const fields = Array.from({ length: 100_000 }, (_, n) => `X-${n}: ${n}\r\n`).join('');
  const { Headers, Body } = readContent(`${fields}Subject: last\r\n folded\r\n\r\nbody`);
  expect(Object.keys(Headers)).toHaveLength(2000);
  expect([Headers['X-0'], Headers['X-1999']]).toEqual([['0'], ['1999']]);
  expect(Body).toBe('body');
});

test('whatever was sent is taken apart in bounded time', async () => {
  const started = cpuNow();
  const nested = Array.from(
    { length: 2000 },
    (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
  );
  const hostile = [
    nested.join(''),
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(100_000)}`,
    `Content-Type: multipart/mixed; boundary="${'-'.repeat(199)}"\r\n\r\n${'-'.repeat(1_000_000)}`,
    `${'a: b\r\n '.repeat(100_000)}\r\n\r\n`,
    'Content-Type: multipart/mixed\r\n\r\n--\r\n',
    '__proto__: x\r\nconstructor: y\r\n\r\n',
    '',
    '\r\n\r\n',
  ];
  for (const text of hostile) expect(readContent(text).Size).toBe(Buffer.byteLength(text));
  expect(cpuNow() - started).toBeLessThan(3000);
  await using sandbox = await startWithMail();
  const id = await sendMail(sandbox, '__proto__: x\r\nX: \xff\r\n\r\nb\xe4\r\n');
  expect(await sandbox.get(`/api/v1/messages/${id}`)).toMatchObject({ ID: id });
});
