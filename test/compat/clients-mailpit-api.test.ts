// The whole of mailpit-api, as its users call it.
import { expect, test } from 'vitest';
import { loadClient } from './client-package.ts';
import { fixture, startWithMail } from './support.ts';

interface Summary {
  ID: string;
  Subject: string;
}
interface Message extends Summary {
  Text: string;
  Attachments: { PartID: string; FileName: string }[];
}
interface List {
  messages: Summary[];
  messages_count: number;
  total: number;
  unread: number;
}
interface MailpitClient {
  getInfo(): Promise<{ Messages: number }>;
  getConfiguration(): Promise<{ ChaosEnabled: boolean }>;
  getMessageSummary(id?: string): Promise<Message>;
  getMessageHeaders(id?: string): Promise<Record<string, string[]>>;
  getMessageAttachment(id: string, part: string): Promise<Blob>;
  getMessageSource(id?: string): Promise<string>;
  sendMessage(message: object): Promise<{ ID: string }>;
  listMessages(start?: number, limit?: number): Promise<List>;
  setReadStatus(status?: object, params?: object): Promise<string>;
  deleteMessages(request?: object): Promise<string>;
  searchMessages(search: object): Promise<List>;
  waitForMessage(search: object, options?: object): Promise<Message>;
  waitForMessages(request: object, options?: object): Promise<List>;
  deleteMessagesBySearch(search: object): Promise<string>;
  getTags(): Promise<string[]>;
  setTags(request: object): Promise<string>;
  renameTag(from: string, to: string): Promise<string>;
  deleteTag(tag: string): Promise<string>;
  renderMessageHTML(id?: string): Promise<string>;
  renderMessageText(id?: string): Promise<string>;
  htmlCheck(id?: string): Promise<{ Warnings: object[]; Total: { Nodes: number; Supported: number } }>;
  linkCheck(id?: string, follow?: boolean): Promise<{ Errors: number; Links: object[] }>;
  spamAssassinCheck(id?: string): Promise<object>;
  getAttachmentThumbnail(id: string, part: string): Promise<Blob>;
  releaseMessage(id: string, request: { To: string[] }): Promise<string>;
}
const client = await loadClient<{ MailpitClient: new (url: string) => MailpitClient }>('mailpit-api');

test.skipIf(client === null)('mailpit-api reads, finds and waits', async () => {
  await using sandbox = await startWithMail();
  const mailpit = new client!.MailpitClient(sandbox.url);
  expect(await mailpit.getInfo()).toMatchObject({ Messages: 2 });
  expect(await mailpit.getConfiguration()).toMatchObject({ ChaosEnabled: true });
  expect((await mailpit.listMessages(1, 1)).messages.map(({ Subject }) => Subject)).toEqual([
    'Grüße order 4711',
  ]);
  const { ID, Attachments } = await mailpit.waitForMessage({ query: 'subject:"order 4711"' });
  const blob = await mailpit.getMessageAttachment(ID, Attachments[0]!.PartID);
  expect([blob.type, await blob.text()]).toEqual(['application/pdf', '%PDF-1.4\nhello\n']);
  expect(await mailpit.getMessageSource(ID)).toBe((await fixture('parts.eml')).toString());
  expect((await mailpit.getMessageHeaders())['Message-Id']).toEqual(['<two@example.com>']);
  expect(await mailpit.renderMessageHTML(ID)).toContain('<b>Bob</b>');
  expect(await mailpit.renderMessageText()).toBe('Just text, line one.\r\nLine two.\r\n');
  const none = await mailpit.waitForMessages({ query: 'to:nobody@example.com', count: 0 });
  expect(none.messages_count).toBe(0);
  const waiting = mailpit.waitForMessages({ query: 'subject:late', count: 2 }, { interval: 10 });
  for (const n of [1, 2])
    await mailpit.sendMessage({
      From: { Email: 'a@x.test' },
      To: [{ Email: 'b@x.test' }],
      Subject: `late ${n}`,
    });
  expect((await waiting).messages).toHaveLength(2);
  await expect(mailpit.getMessageSummary('nope')).rejects.toThrow('404');
});

test.skipIf(client === null)('mailpit-api sends, marks, tags and deletes', async () => {
  await using sandbox = await startWithMail();
  const mailpit = new client!.MailpitClient(sandbox.url);
  const { ID } = await mailpit.sendMessage({
    ...{ From: { Email: 'a@x.test', Name: 'A' }, To: [{ Email: 'b@x.test' }], Subject: 'Tést' },
    ...{ Text: 'hello', HTML: '<p>hello</p>', Tags: ['Tag 1', 'Tag 2'] },
    Attachments: [{ Content: 'aGk=', Filename: 'a.txt' }],
  });
  expect(await mailpit.getMessageSummary()).toMatchObject({
    ...{ ID, Subject: 'Tést', Text: 'hello', Attachments: [{ FileName: 'a.txt' }] },
  });
  expect(await mailpit.setReadStatus({ Read: true })).toBe('ok');
  expect((await mailpit.listMessages()).unread).toBe(0);
  expect(await mailpit.setReadStatus({ Search: 'subject:Tést', Read: false }, { tz: 'Asia/Tokyo' })).toBe(
    'ok',
  );
  expect((await mailpit.searchMessages({ query: 'is:unread' })).messages).toMatchObject([{ ID }]);
  expect(await mailpit.renameTag('Tag 1', 'One')).toBe('ok');
  expect(await mailpit.deleteTag('Tag 2')).toBe('ok');
  expect(await mailpit.getTags()).toEqual(['One']);
  expect(await mailpit.setTags({ IDs: [ID] })).toBe('ok');
  expect(await mailpit.getTags()).toEqual([]);
  expect(await mailpit.deleteMessages({ IDs: [ID] })).toBe('ok');
  expect(await mailpit.deleteMessagesBySearch({ query: 'plain' })).toBe('ok');
  expect((await mailpit.listMessages()).total).toBe(1);
  expect(await mailpit.deleteMessages()).toBe('ok');
  expect((await mailpit.listMessages()).total).toBe(0);
});

test.skipIf(client === null)('mailpit-api checks a message, and nothing leaves the machine', async () => {
  await using sandbox = await startWithMail();
  const mailpit = new client!.MailpitClient(sandbox.url);
  const id = sandbox.ids[0]!;
  const { Warnings, Platforms, Total } = (await mailpit.htmlCheck(id)) as Record<string, object>;
  expect(Warnings).toEqual([]);
  expect(Object.keys(Platforms!)).toContain('ios');
  expect(Total).toMatchObject({ Nodes: 4, Supported: 100, Partial: 0, Unsupported: 0 });
  expect(await mailpit.linkCheck(id, true)).toEqual({
    Errors: 1,
    Links: [
      { URL: 'https://example.com/x', StatusCode: 0, Status: 'not checked: Mailscope asks no other server' },
    ],
  });
  const picture = await mailpit.getAttachmentThumbnail(id, '1.2');
  expect([picture.type, Buffer.from(await picture.arrayBuffer()).toString('latin1', 0, 4)]).toEqual([
    'image/jpeg',
    '\xff\xd8\xff\xe0',
  ]);
  await expect(mailpit.spamAssassinCheck(id)).rejects.toThrow('404');
  await expect(mailpit.releaseMessage(id, { To: ['bob@example.com'] })).rejects.toThrow('SMTP error');
  await expect(mailpit.htmlCheck()).rejects.toThrow('message does not contain HTML');
});
