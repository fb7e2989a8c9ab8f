// Fields and answers as Mailpit's source has them (v1.30: server/apiv1, internal/storage/structs.go).
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { fixture, sendMail, startWithMail } from './support.ts';

const digests = (bytes: Buffer): object =>
  Object.fromEntries(
    ['MD5', 'SHA1', 'SHA256'].map((name) => [
      name,
      createHash(name.toLowerCase()).update(bytes).digest('hex'),
    ]),
  );
const people = {
  From: { Name: 'Ann Sender', Address: 'ann@example.com' },
  To: [
    { Name: 'Bob', Address: 'bob@example.com' },
    { Name: '', Address: 'carol@example.com' },
  ],
  Cc: [{ Name: 'Dave', Address: 'dave@example.com' }],
  Bcc: [{ Name: '', Address: 'hidden@example.com' }],
  ReplyTo: [{ Name: '', Address: 'help@example.com' }],
};

test('a list can be limited to a time, as seconds, milliseconds or a date', async () => {
  await using sandbox = await startWithMail();
  const [second, first] = await Promise.all(
    [...sandbox.ids].reverse().map((id) => sandbox.client.readMessage({ params: { id } })),
  );
  const ids = async (range: string): Promise<string[]> =>
    (await sandbox.get<{ messages: { ID: string }[] }>(`/api/v1/${range}`)).messages.map(({ ID }) => ID);
  const at = Date.parse(first!.receivedAt);
  expect(await ids(`messages?before=${at + 3_600_000}`)).toEqual([second!.id, first!.id]);
  expect(await ids(`messages?before=${at}`)).toEqual([]);
  expect(await ids(`messages?since=${Math.floor(at / 1000) - 1}&limit=1`)).toEqual([second!.id]);
  expect(await ids(`messages?until=${Math.floor(at / 1000) - 3600}`)).toEqual([]);
  expect(await ids('messages?since=2020-01-01&before=2020-01-02')).toEqual([]);
  expect(await ids('messages?before=nonsense&limit=1')).toEqual([second!.id]);
  expect(await ids('search?query=plain&since=2020-01-01')).toEqual([second!.id]);
  expect(await ids('search?query=plain&before=2020-01-01')).toEqual([]);
});

test('where there is no message, latest is answered 404 in the words of Mailpit', async () => {
  await using sandbox = await startWithMail();
  await sandbox.ask('DELETE /api/v1/messages');
  for (const path of ['', '/headers', '/raw', '/part/1'])
    expect(await sandbox.ask(`GET /api/v1/message/latest${path}`)).toMatchObject({
      ...{ status: 404, text: 'Message not found' },
    });
  for (const path of ['/view/latest.html', '/view/latest.txt'])
    expect(await sandbox.ask(`GET ${path}`)).toMatchObject({ status: 404, text: 'Message not found' });
  expect(await sandbox.ask('GET /api/v1/message/nope/raw')).toMatchObject({
    ...{ status: 404, text: '404 page not found' },
  });
});

test('swagger.json describes every call of Mailpit that is answered, and no other', async () => {
  await using sandbox = await startWithMail();
  const { type, json } = await sandbox.ask('GET /api/v1/swagger.json');
  expect(type).toBe('application/json');
  const { swagger, paths, definitions } = json as {
    swagger: string;
    paths: Record<string, Record<string, object>>;
    definitions: Record<string, { properties: object }>;
  };
  expect(swagger).toBe('2.0');
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const readme = await readFile(new URL('../../server/compat/README.md', import.meta.url), 'utf8');
  const table = readme.slice(readme.indexOf('## Mailpit'), readme.indexOf('## MailHog'));
  const names: Record<string, string> = { id: 'ID', part: 'PartID', tag: 'Tag' };
  const answered = [...table.matchAll(/^\| `([A-Z]+ \/(?:api\/v1\/|view\/:id\.)[^`]*)` \| (?!absent)/gm)].map(
    ([, call]) => call!.replace(/:(\w+)/g, (_, name: string) => `{${names[name]}}`),
  );
  expect(described.sort()).toEqual(answered.sort());
  for (const [, name] of JSON.stringify(json).matchAll(/#\/definitions\/(\w+)/g))
    expect(definitions).toHaveProperty(name!);
  const keysOf = (name: string): string[] => Object.keys(definitions[name]!.properties).sort();
  const list = await sandbox.get<{ messages: object[] }>('/api/v1/messages');
  expect(keysOf('MessageSummary')).toEqual(Object.keys(list.messages[0]!).sort());
  const message = await sandbox.get<{ Attachments: object[] }>('/api/v1/message/' + sandbox.ids[0]);
  expect(keysOf('Message')).toEqual(Object.keys(message).sort());
  expect(keysOf('Attachment')).toEqual(Object.keys(message.Attachments[0]!).sort());
});

test('the list has every field of Mailpit, newest first', async () => {
  await using sandbox = await startWithMail();
  const { messages, ...rest } = await sandbox.get<{ messages: Record<string, unknown>[] }>(
    '/api/v1/messages',
  );
  expect(rest).toEqual({
    ...{ total: 2, unread: 2, count: 2, messages_count: 2, messages_unread: 2, start: 0, tags: [] },
  });
  expect(messages.map(({ Subject }) => Subject)).toEqual(['plain text', 'Grüße order 4711']);
  const { receivedAt } = await sandbox.client.readMessage({ params: { id: sandbox.ids[0]! } });
  expect(Date.parse(String(messages[1]!.Created))).toBe(Date.parse(receivedAt));
  expect(messages[1]).toEqual({
    ID: sandbox.ids[0],
    MessageID: 'one@example.com',
    Read: false,
    ...people,
    Subject: 'Grüße order 4711',
    Created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/) as unknown,
    Username: '',
    Tags: [],
    Size: 1227,
    Attachments: 1,
    Snippet: 'Hello Böb, your code is 123456.',
  });
  expect(await sandbox.get('/api/v1/search?query=plain&limit=0')).toMatchObject({ total: 2, count: 0 });
  expect(await sandbox.get('/api/v1/messages?limit=0')).toMatchObject({ count: 2, messages });
  const second = await sandbox.get<{ messages: object[]; start: number }>('/api/v1/messages?start=1&limit=5');
  expect([second.start, second.messages]).toEqual([1, [messages[1]]]);
});

test('a message has every field of Mailpit, and asking for it marks it as read', async () => {
  await using sandbox = await startWithMail();
  const png = Buffer.from(
    /base64\r\n\r\n(iVBOR[^\r]+)/.exec((await fixture('parts.eml')).toString())![1]!,
    'base64',
  );
  const pdf = Buffer.from('%PDF-1.4\nhello\n');
  expect(await sandbox.get(`/api/v1/message/${sandbox.ids[0]}`)).toEqual({
    ID: sandbox.ids[0],
    MessageID: 'one@example.com',
    ...people,
    ReturnPath: 'bounce@example.com',
    Subject: 'Grüße order 4711',
    ListUnsubscribe: { Header: '', Links: [], Errors: '', HeaderPost: '' },
    Date: '2026-02-03T10:20:30+02:00',
    Tags: [],
    Username: '',
    Text: 'Hello Böb, your code is 123456.',
    HTML: '<p>Hello <b>Bob</b> <a href="https://example.com/x">link</a></p><img src="cid:logo@x">',
    Size: 1227,
    Inline: [
      {
        ...{ PartID: '1.2', FileName: 'logo.png', ContentType: 'image/png', ContentID: 'logo@x', Size: 70 },
        Checksums: digests(png),
      },
    ],
    Attachments: [
      {
        ...{ PartID: '2', FileName: 'report.pdf', ContentType: 'application/pdf', ContentID: '', Size: 15 },
        Checksums: digests(pdf),
      },
    ],
  });
  const summary = await sandbox.client.readMessage({ params: { id: sandbox.ids[0]! } });
  expect(summary.read).toBe(true);
  await sandbox.ask('GET /api/v1/messages');
  await sandbox.ask('GET /api/v1/message/latest/headers');
  await sandbox.ask('GET /api/v1/message/latest/raw');
  expect((await sandbox.client.readMessage({ params: { id: sandbox.ids[1]! } })).read).toBe(false);
});

test('headers, source and parts are those of the message, also of the latest', async () => {
  await using sandbox = await startWithMail();
  const headers = await sandbox.get<Record<string, string[]>>(`/api/v1/message/${sandbox.ids[0]}/headers`);
  expect(Object.keys(headers)).toEqual(Object.keys(headers).sort());
  expect(headers).toMatchObject({
    'Message-Id': ['<one@example.com>'],
    'Mime-Version': ['1.0'],
    Subject: ['=?UTF-8?Q?Gr=C3=BC=C3=9Fe_order_4711?='],
    'X-Folded': ['first second'],
    'X-Tag': ['a', 'b'],
  });
  const raw = await sandbox.ask('GET /api/v1/message/latest/raw?dl=1');
  expect(raw.text).toBe((await fixture('plain.eml')).toString());
  expect(raw.type).toBe('text/plain; charset=utf-8');
  expect(raw.headers.get('content-disposition')).toBe(`attachment; filename="${sandbox.ids[1]}.eml"`);
  const part = await sandbox.ask(`GET /api/v1/message/latest/part/2?query=x`);
  expect([part.status, part.text]).toEqual([404, '404 page not found']);
  const pdf = await sandbox.ask(`GET /api/v1/message/${sandbox.ids[0]}/part/2`);
  expect([pdf.type, pdf.text]).toEqual(['application/pdf', '%PDF-1.4\nhello\n']);
  expect(pdf.headers.get('content-security-policy')).toContain('sandbox');
});

test('the newest message, or the newest that a search finds, can be viewed by itself', async () => {
  await using sandbox = await startWithMail();
  const html = await sandbox.ask('GET /view/latest.html?query=subject:4711');
  expect(html.type).toBe('text/html; charset=utf-8');
  expect(html.text).toMatch(/^<p>Hello <b>Bob<\/b> .*<img src="\/cid\/[^"]+">$/);
  expect(html.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
  const image = await fetch(sandbox.url + /src="([^"]+)"/.exec(html.text)![1]!);
  expect(image.headers.get('content-type')).toBe('image/png');
  // A browser gets it as a document whose links do not take its frame away.
  const shown = await sandbox.ask('GET /view/latest.html?query=subject:4711', undefined, {
    'Sec-Fetch-Site': 'none',
  });
  expect(shown.text).toMatch(/^<base target="_blank">.*src="\/cid\//);
  const text = await sandbox.ask('GET /view/latest.txt');
  expect([text.type, text.text]).toEqual([
    'text/plain; charset=utf-8',
    'Just text, line one.\r\nLine two.\r\n',
  ]);
  const none = await sandbox.ask('GET /view/latest.html');
  expect([none.status, none.text]).toEqual([404, 'This message does not contain a HTML part']);
  const page = await sandbox.ask('GET /view/latest');
  expect([page.status, page.headers.get('location')]).toEqual([302, `/inbox/${sandbox.ids[1]}`]);
  // As cypress-mailpit asks.
  const doubled = await sandbox.ask(`GET //view/${sandbox.ids[0]}.txt`);
  expect([doubled.status, doubled.headers.get('location')]).toEqual([301, `/view/${sandbox.ids[0]}.txt`]);
});

test('marks, tags and deletion are as with Mailpit, and what is deleted is gone at once', async () => {
  await using sandbox = await startWithMail();
  const [first, second] = sandbox.ids;
  const unread = async (): Promise<number> =>
    (await sandbox.get<{ unread: number }>('/api/v1/messages')).unread;
  const ok = async (call: string, body?: unknown): Promise<void> => {
    const { status, text, type } = await sandbox.ask(call, body);
    expect([call, status, text, type]).toEqual([call, 200, 'ok', 'text/plain']);
  };
  await ok('PUT /api/v1/messages', { IDs: [first], Read: true });
  expect(await unread()).toBe(1);
  await ok('PUT /api/v1/messages', { Search: 'plain', Read: true });
  expect(await unread()).toBe(0);
  await ok('PUT /api/v1/messages', { Read: false });
  expect(await unread()).toBe(2);
  await ok('PUT /api/v1/tags', { IDs: [first, second], Tags: ['Tag 1', 'we/ird', ' '] });
  expect(await sandbox.get('/api/v1/tags')).toEqual(['Tag 1', 'weird']);
  await ok('PUT /api/v1/tags/Tag%201', { Name: 'other' });
  await ok('DELETE /api/v1/tags/weird');
  expect(await sandbox.get('/api/v1/tags')).toEqual(['other']);
  await ok('PUT /api/v1/tags', { IDs: [second], Tags: [] });
  expect(await sandbox.get('/api/v1/info')).toMatchObject({ Tags: { other: 1 }, Messages: 2, Unread: 2 });
  await ok('DELETE /api/v1/search?query=tag:other');
  expect(await sandbox.get('/api/v1/tags')).toEqual([]);
  const restored = await sandbox.client.restoreMessages({ body: { ids: [first!] } });
  expect(restored.count).toBe(0);
  await ok('DELETE /api/v1/messages', { IDs: [first] });
  await ok('DELETE /api/v1/messages');
  expect(await sandbox.get('/api/v1/messages')).toMatchObject({ total: 0, messages: [], tags: [] });
  const gone = await sandbox.ask('GET /api/v1/message/latest');
  expect([gone.status, gone.text]).toEqual([404, 'Message not found']);
});

test('a message of HTML alone has a text made of it', async () => {
  await using sandbox = await startWithMail();
  const html =
    '<head><title>no</title></head><h1>Hello &amp; hi</h1><p>Your <b>code</b> is 482913,<br>use it  soon.</p>' +
    '<ul><li>one</li><li><a href="https://x.test/a?b=1&amp;c=2">Two</a></li></ul><a href="https://x.test">https://x.test</a>';
  const id = await sendMail(sandbox, `Subject: s\r\nContent-Type: text/html\r\n\r\n${html}\r\n`);
  const text =
    '**********\nHello & hi\n**********\n\nYour *code* is 482913,\nuse it soon.\n\n* one\n* Two ( https://x.test/a?b=1&c=2 )\n\nhttps://x.test';
  expect(await sandbox.get(`/api/v1/message/${id}`)).toMatchObject({ Text: text });
  expect((await sandbox.ask(`GET /view/${id}.txt`)).text).toBe(text);
});

test('it tells about itself in the fields of Mailpit', async () => {
  await using sandbox = await startWithMail();
  const { version } = await sandbox.client.readStatus();
  expect(await sandbox.get('/api/v1/info')).toMatchObject({
    ...{ Version: `v${version}`, LatestVersion: `v${version}`, Database: ':memory:', Messages: 2, Unread: 2 },
    RuntimeStats: { SMTPAccepted: 2, SMTPAcceptedSize: 1399, SMTPIgnored: 0, MessagesDeleted: 0 },
  });
  expect(await sandbox.get('/api/v1/webui')).toMatchObject({
    ...{ ChaosEnabled: true, SpamAssassin: false, MessageRelay: { Enabled: false } },
  });
  expect((await sandbox.ask('GET /readyz')).status).toBe(200);
});
