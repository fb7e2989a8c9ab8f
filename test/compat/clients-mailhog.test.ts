// The client "mailhog" for Node.js, and the calls of cypress-mailhog and cypress-mailpit.
import { expect, test } from 'vitest';
import { loadClient } from './client-package.ts';
import { sendMail, startWithMail } from './support.ts';

interface HogMessage {
  ID: string;
  subject: string;
  from: string;
  text: string;
  html?: string;
  date: Date;
  attachments: { name: string; encoding: string; Body: string }[];
}
interface Page {
  total: number;
  count: number;
  items: HogMessage[];
}
interface Hog {
  messages(start?: number, limit?: number): Promise<Page>;
  search(query: string, kind?: string): Promise<Page>;
  latestFrom(query: string): Promise<HogMessage>;
  latestTo(query: string): Promise<HogMessage>;
  latestContaining(query: string): Promise<HogMessage>;
  deleteMessage(id: string): Promise<{ statusCode: number }>;
  deleteAll(): Promise<{ statusCode: number }>;
}
const mailhog = await loadClient<(options: object) => Hog>('mailhog');

const alternative = [
  'From: =?UTF-8?Q?J=C3=BCrgen?= <j@example.com>\r\nTo: k@example.com\r\nSubject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n',
  'Date: Tue, 03 Feb 2026 10:20:30 +0200\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n',
  '--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nR3LDvMOfZQ==\r\n',
  '--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Gr=C3=BC=C3=9Fe</p>\r\n',
  '--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename="a.csv"\r\nContent-Transfer-Encoding: base64\r\n\r\nYSxi\r\n--b--\r\n',
].join('');

test.skipIf(mailhog === null).each(['mailpit', 'mailhog'])(
  'the client mailhog works, started for %s',
  async (compat) => {
    await using sandbox = await startWithMail({ compat });
    const id = await sendMail(sandbox, alternative, 'j@example.com', ['k@example.com']);
    const hog = mailhog!({ host: '127.0.0.1', port: Number(new URL(sandbox.url).port) });
    const { total, count, items } = await hog.messages();
    expect([total, count]).toEqual([3, 3]);
    const { subject, from, text, html, date, attachments } = items[0]!;
    expect({ subject, from, text, html, date }).toEqual({
      ...{ subject: 'Grüße', from: 'Jürgen <j@example.com>', text: 'Grüße', html: '<p>Grüße</p>' },
      date: new Date('2026-02-03T08:20:30Z'),
    });
    expect(attachments).toMatchObject([{ name: 'a.csv', encoding: 'base64', Body: 'YSxi' }]);
    expect((await hog.messages(1, 1)).items).toMatchObject([{ ID: sandbox.ids[1] }]);
    expect((await hog.latestFrom('bounce@example.com')).ID).toBe(sandbox.ids[0]);
    expect((await hog.latestTo('k@example.com')).ID).toBe(id);
    expect((await hog.latestContaining('Line two')).ID).toBe(sandbox.ids[1]);
    expect((await hog.search('nobody@example.com', 'to')).count).toBe(0);
    expect((await hog.deleteMessage(id)).statusCode).toBe(200);
    expect((await hog.messages()).total).toBe(2);
    expect((await hog.deleteAll()).statusCode).toBe(200);
    expect(await hog.messages()).toMatchObject({ total: 0, items: [] });
    await sendMail(sandbox, 'Content-Type: text/plain\r\n\r\nHello\r\n', 'j@example.com');
    expect((await hog.latestFrom('j@example.com')).text).toBe('Hello');
  },
);

test('the calls of cypress-mailhog find what its commands look at', async () => {
  await using sandbox = await startWithMail();
  type Items = {
    items: {
      Raw: { From: string };
      To: object[];
      Content: { Headers: { Subject: string[] }; Body: string };
    }[];
  };
  const all = await sandbox.get<Items>('/api/v2/messages?limit=50');
  expect(all.items.map(({ Content, Raw }) => [Content.Headers.Subject[0], Raw.From])).toEqual([
    ['plain text', 'plain@example.com'],
    ['=?UTF-8?Q?Gr=C3=BC=C3=9Fe_order_4711?=', 'bounce@example.com'],
  ]);
  expect(all.items[1]!.To).toContainEqual({
    Relays: null,
    Mailbox: 'carol',
    Domain: 'example.com',
    Params: '',
  });
  const found = await sandbox.get<Items>('/api/v2/search?kind=containing&query=line%20one&limit=50');
  expect(found.items[0]!.Content.Body).toContain('line one');
  for (const method of ['GET', 'PUT', 'DELETE'])
    expect((await sandbox.ask(`${method} /api/v2/jim`)).status).toBe(404);
  expect((await sandbox.ask('DELETE /api/v1/messages', undefined, { Accept: '*/*' })).status).toBe(200);
  expect(await sandbox.get('/api/v2/messages?limit=50')).toMatchObject({ items: [] });
});

test('the calls of cypress-mailpit find what its commands look at', async () => {
  await using sandbox = await startWithMail();
  const { json } = await sandbox.ask('POST /api/v1/send', {
    ...{ Attachments: [], Bcc: ['bcc@example.com'], Cc: [{ Email: 'cc@example.com', Name: 'CC' }] },
    ...{ From: { Email: 'from@example.com', Name: 'From' }, HTML: '<p>hello from mailpit</p>', Headers: {} },
    ReplyTo: [{ Email: 'replyto@example.com', Name: 'ReplyTo' }],
    ...{ Subject: 'Hello Mailpit', Tags: [], Text: 'hello from mailpit' },
    To: [{ Email: 'jane@example.com', Name: 'Jane' }],
  });
  const { ID } = json as { ID: string };
  for (const query of ['subject:Hello Mailpit', 'to:jane@example.com'])
    expect(
      await sandbox.get(`/api/v1/search?query=${encodeURIComponent(query)}&start=0&limit=50`),
    ).toMatchObject({
      ...{ messages_count: 1, messages: [{ ID }] },
    });
  expect(await sandbox.get('/api/v1/message/latest')).toMatchObject({
    ID,
    To: [{ Address: 'jane@example.com' }],
  });
  // It writes two slashes here; the client follows.
  const html = await fetch(`${sandbox.url}//view/${ID}.html`);
  expect(await html.text()).toBe('<p>hello from mailpit</p>');
  expect((await sandbox.ask('PUT /api/v1/messages', { IDs: [], Read: true })).text).toBe('ok');
  expect(await sandbox.get('/api/v1/messages?start=0&limit=50')).toMatchObject({ unread: 0, total: 3 });
});
