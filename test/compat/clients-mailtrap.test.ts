// The official client of Mailtrap for Node.js. Its address is built in, so its HTTP library is told another.
import { expect, test } from 'vitest';
import { loadClient } from './client-package.ts';
import { fixture, startWithMail } from './support.ts';

interface Trapped {
  id: number;
  subject: string;
  is_read: boolean;
}
interface MailtrapClient {
  send(mail: object): Promise<{ success: boolean; message_ids: string[] }>;
  batchSend(request: object): Promise<{ success: boolean; responses: { success: boolean }[] }>;
  axios: {
    interceptors: { request: { use(change: (config: { url?: string }) => { url?: string }): void } };
  };
  testing: {
    messages: {
      get(inbox: number, options?: object): Promise<Trapped[]>;
      showEmailMessage(inbox: number, id: number): Promise<Trapped>;
      updateMessage(inbox: number, id: number, params: { isRead: boolean }): Promise<Trapped>;
      deleteMessage(inbox: number, id: number): Promise<Trapped>;
      getTextMessage(inbox: number, id: number): Promise<string>;
      getHtmlMessage(inbox: number, id: number): Promise<string>;
      getMessageHtmlSource(inbox: number, id: number): Promise<string>;
      getRawMessage(inbox: number, id: number): Promise<string>;
      getMessageAsEml(inbox: number, id: number): Promise<string>;
      getMailHeaders(inbox: number, id: number): Promise<{ headers: Record<string, string> }>;
      getHtmlAnalysis(inbox: number, id: number): Promise<{ report: object }>;
      getSpamScore(inbox: number, id: number): Promise<unknown>;
      forward(inbox: number, id: number, email: string): Promise<unknown>;
    };
    inboxes: {
      getList(): Promise<{ id: number; emails_count: number }[]>;
      getInboxAttributes(inbox: number): Promise<{ id: number; emails_unread_count: number }>;
      markAsRead(inbox: number): Promise<{ id: number; emails_unread_count: number }>;
      cleanInbox(inbox: number): Promise<{ id: number; emails_count: number }>;
    };
    attachments: {
      getList(inbox: number, id: number): Promise<{ id: number; filename: string }[]>;
      get(inbox: number, id: number, attachment: number): Promise<{ filename: string }>;
    };
  };
}
const mailtrap = await loadClient<{ MailtrapClient: new (options: object) => MailtrapClient }>('mailtrap');

function connect(url: string, options: object): MailtrapClient {
  const client = new mailtrap!.MailtrapClient(options);
  client.axios.interceptors.request.use((config) => ({
    ...config,
    url: String(config.url).replace(/^https:\/\/(?:[a-z]+\.api\.)?mailtrap\.io/, url),
  }));
  return client;
}

test.skipIf(mailtrap === null)(
  'the client of Mailtrap sends to the sandbox, one mail and several',
  async () => {
    await using sandbox = await startWithMail();
    const client = connect(sandbox.url, { token: 'any', accountId: 1, testInboxId: 2, sandbox: true });
    const mail = {
      ...{ from: { email: 'app@example.com' }, to: [{ email: 'ann@example.com' }] },
      ...{ subject: 'From the client', text: 'x' },
      attachments: [{ filename: 'a.txt', content: Buffer.from('attached') }],
    };
    const { message_ids: ids } = await client.send(mail);
    expect(await client.testing.messages.showEmailMessage(2, Number(ids[0]))).toMatchObject({
      subject: 'From the client',
    });
    const { to, ...base } = mail;
    const batch = await client.batchSend({ base, requests: [{ to }, { to, subject: 'second' }] });
    expect(batch.responses.map(({ success }) => success)).toEqual([true, true]);
    expect((await client.testing.messages.get(2))[0]!.subject).toBe('second');
    await expect(client.send({ ...mail, subject: undefined })).rejects.toThrow("'subject' is required");
  },
);

test.skipIf(mailtrap === null)('the client of Mailtrap says why it may not ask', async () => {
  await using sandbox = await startWithMail({ token: ['token-0123456789abcdef'] });
  const client = connect(sandbox.url, { token: 'wrong', accountId: 1, testInboxId: 2, sandbox: true });
  await expect(client.testing.messages.get(2)).rejects.toThrow('Incorrect API token');
  await expect(client.send({})).rejects.toThrow('Unauthorized');
});

test.skipIf(mailtrap === null)('the client of Mailtrap reads, marks and deletes', async () => {
  await using sandbox = await startWithMail();
  const client = connect(sandbox.url, { token: 'any', accountId: 1, testInboxId: 2 });
  const { messages, attachments, inboxes } = client.testing;
  const raw = (await fixture('parts.eml')).toString();
  const list = await messages.get(2);
  expect(list.map(({ subject }) => subject)).toEqual(['plain text', 'Grüße order 4711']);
  const { id } = list[1]!;
  expect(await messages.get(2, { search: '4711' })).toEqual([list[1]]);
  expect(await messages.get(2, { last_id: list[0]!.id })).toEqual([list[1]]);
  expect(await messages.showEmailMessage(2, id)).toEqual(list[1]);
  expect((await messages.updateMessage(2, id, { isRead: true })).is_read).toBe(true);
  expect(await messages.getTextMessage(2, id)).toBe('Hello Böb, your code is 123456.');
  expect(await messages.getHtmlMessage(2, id)).toContain('<b>Bob</b>');
  expect(await messages.getMessageHtmlSource(2, id)).toContain('<b>Bob</b>');
  expect(await messages.getRawMessage(2, id)).toBe(raw);
  expect(await messages.getMessageAsEml(2, id)).toBe(raw);
  expect((await messages.getMailHeaders(2, id)).headers.subject).toBe('Grüße order 4711');
  const [, pdf] = await attachments.getList(2, id);
  expect((await attachments.get(2, id, pdf!.id)).filename).toBe('report.pdf');
  expect((await messages.getHtmlAnalysis(2, id)).report).toMatchObject({ status: 'error' });
  expect(await messages.getSpamScore(2, id)).toMatchObject({
    report: { ResponseMessage: 'EX_UNAVAILABLE', Spam: false, Details: [] },
  });
  await expect(messages.forward(2, id, 'eve@example.com')).rejects.toThrow('delivers no mail');
  expect((await messages.deleteMessage(2, id)).id).toBe(id);
  await expect(messages.showEmailMessage(2, id)).rejects.toThrow('Not Found');
  expect(await inboxes.getList()).toMatchObject([{ emails_count: 1 }]);
  expect(await inboxes.getInboxAttributes(2)).toMatchObject({ id: 2, emails_unread_count: 1 });
  expect(await inboxes.markAsRead(2)).toMatchObject({ id: 2, emails_unread_count: 0 });
  expect(await inboxes.cleanInbox(2)).toMatchObject({ id: 2, emails_count: 0 });
  expect(await messages.get(2)).toEqual([]);
});
