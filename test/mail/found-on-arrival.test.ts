// What is found wrong with a message is there once it is parsed: in the message, in its row, in a search.
import { afterAll, expect, test } from 'vitest';
import { writeBounce } from '../../server/mail/bounce-report.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { findingsOf, mailWith, utf8 } from '../support/checked-mail.ts';

const sandbox = await startTestSandbox();

async function send(message: Buffer): Promise<void> {
  const wire = await sandbox.wire();
  await wire.hello();
  expect(await wire.mail(`${message.toString('latin1')}\r\n`)).toMatch(/^250/);
  wire.socket.destroy();
}
const find = async (query: string) => (await sandbox.client.awaitMessages({ query: { query } })).items[0]!;

afterAll(() => sandbox[Symbol.asyncDispose]());

test('a message without Date says so, with the bytes that it is about and what to do', async () => {
  const { client } = sandbox;
  await send(mailWith({ Date: null, Subject: 'no date' }, 'one\r\ntwo\nthree'));
  const { id } = await find('subject:"no date" has:finding');
  const message = await client.readMessage({ params: { id } });
  expect(message.findings).toEqual({ count: 2, worst: 'warning' });
  expect(message.findingList?.map(({ rule }) => rule)).toEqual(['header.no-date', 'content.bare-lf']);
  const raw = Buffer.from(await (await fetch(`${sandbox.url}/api/messages/${id}/raw`)).arrayBuffer());
  const [place] = message.findingList![1]!.evidence;
  expect(place).toMatchObject({ kind: 'message', offset: raw.indexOf('two\n') + 3, length: 1 });
  const { items } = await client.readMessageFindings({ params: { id } });
  expect(items[0]).toMatchObject({
    rule: 'header.no-date',
    title: 'The message has no Date',
    stage: 'header',
  });
  expect(items[0]!.fixes[0]!.snippets.length).toBeGreaterThan(0);
});

test('nothing is wrong with the samples and the bounces that Mailscope itself writes', async () => {
  const { client } = sandbox;
  for (const kind of ['text', 'html', 'attachment'] as const) {
    const { messageId } = await client.sendSample({ body: { kind } });
    await client.awaitMessages({ query: { query: 'has:text sample' } });
    const { parse, findingList } = await client.readMessage({ params: { id: messageId } });
    expect([parse, findingList]).toEqual(['parsed', undefined]);
  }
  const bounce = writeBounce({
    ...{
      host: 'mail.example.net',
      from: { address: 'ann@example.com', params: [] },
      client: null,
      unique: '1',
    },
    ...{ arrivedAt: new Date(), reportedAt: new Date(), original: mailWith() },
    recipients: [{ address: 'b@example.com', params: [], reply: { code: 550, enhanced: null, text: 'No' } }],
  });
  expect(await findingsOf(bounce)).toEqual([]);
});

test('a good message has nothing, neither in its row nor in the message', async () => {
  const { client } = sandbox;
  await send(mailWith({ Subject: 'all is well' }));
  const { id } = await find('subject:"all is well" body:Bob');
  const message = await client.readMessage({ params: { id } });
  expect(message.parse).toBe('parsed');
  expect([message.findings, message.findingList]).toEqual([undefined, undefined]);
  expect((await client.readMessageFindings({ params: { id } })).items).toEqual([]);
  const found = await client.listMessages({ query: { query: 'has:finding' } });
  expect(found.items.map(({ subject }) => subject)).toEqual(['no date']);
});

test('letters that are not encoded are right with SMTPUTF8, and a warning without', async () => {
  const { client } = sandbox;
  const rulesOf = async (parameters: string, subject: string): Promise<unknown> => {
    const wire = await sandbox.wire();
    await wire.hello();
    await wire.say(`MAIL FROM:<ann@example.com>${parameters}`);
    await wire.say('RCPT TO:<bob@example.com>');
    await wire.say('DATA');
    wire.send(mailWith({ Subject: utf8(`Grüße ${subject}`) }));
    expect(await wire.say('.')).toMatch(/^250/);
    wire.socket.destroy();
    const { id } = await find(`subject:${subject} body:Bob`);
    const { items } = await client.readMessageFindings({ params: { id } });
    return items.map(({ rule, severity }) => [rule, severity]);
  };
  expect(await rulesOf(' SMTPUTF8', 'wide')).toEqual([]);
  expect(await rulesOf('', 'narrow')).toEqual([['header.raw-8bit', 'warning']]);
});
