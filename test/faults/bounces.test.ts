// Bounces: a message is stored and answered 250, and a delivery report comes back to who sent it.
import { expect, test } from 'vitest';
import type { FaultInput } from '../../shared/fault.ts';
import { parseDeliveryReport, type DeliveryReport } from '../../shared/explain/delivery-report.ts';
import type { Message } from '../../shared/message.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';

const text = 'Subject: Your order\r\n\r\nHello.\r\n';

interface Envelope {
  from?: string;
  to?: string[];
  listener?: number;
}

/** MAIL and RCPT with their parameters; resolves with the id of the message. */
async function send(
  sandbox: TestSandbox,
  { from = '<shop@example.com>', to = ['<gone@example.org>'], listener = 0 }: Envelope = {},
): Promise<string> {
  await using wire = await sandbox.wire(listener);
  await wire.hello('app.example.com');
  await wire.say(`MAIL FROM:${from}`);
  for (const one of to) expect(await wire.say(`RCPT TO:${one}`)).toMatch(/^250 /);
  await wire.say('DATA');
  const reply = await wire.say(`${text}.`);
  await wire.quit();
  return /\bm_[A-Za-z0-9_-]+/.exec(reply)![0];
}

const add = (sandbox: TestSandbox, body: Partial<FaultInput>): Promise<{ id: string }> =>
  sandbox.client.createFault({ body: { preset: 'generic/bounce-unknown-user', ...body } as FaultInput });

const bounceOf = (sandbox: TestSandbox, to: string): Promise<Message> =>
  sandbox.client
    .awaitMessages({ query: { query: `rcpt:${to} subject:mail`, count: 1, timeout: '30s' } })
    .then(({ items }) => sandbox.client.readMessage({ params: { id: items[0]!.id } }));

async function reportOf(sandbox: TestSandbox, { id }: Message): Promise<DeliveryReport> {
  const response = await fetch(`${sandbox.url}/api/messages/${id}/parts/2`);
  return parseDeliveryReport(await response.text());
}
const bounces = async ({ client }: TestSandbox): Promise<string[]> => {
  const { items } = await client.listMessages({ query: { limit: 100 } });
  return items.filter(({ origin }) => origin === 'bounce').map(({ rcptTo }) => rcptTo.join());
};
/** Whatever was to be sent before is there: one that must come is waited for. */
async function settle(sandbox: TestSandbox): Promise<void> {
  const from = `end-${Math.random().toString(36).slice(2)}@example.com`;
  await send(sandbox, { from: `<${from}>`, to: ['<gone@example.org>'] });
  await bounceOf(sandbox, from);
}

test('a message that is to bounce is stored, and its report comes to MAIL FROM, without a sender', async () => {
  await using sandbox = await startTestSandbox({ name: 'mail.example.net' });
  const { id: rule } = await add(sandbox, { when: { to: ['gone@*'] } });
  const id = await send(sandbox, { to: ['<ann@example.org>', '<gone@example.org>'] });
  const bounce = await bounceOf(sandbox, 'shop@example.com');
  expect(bounce).toMatchObject({
    origin: 'bounce',
    mailFrom: '',
    rcptTo: ['shop@example.com'],
    subject: 'Undelivered Mail Returned to Sender',
    sessionId: null,
    user: null,
    from: [{ name: 'Mail Delivery System', address: 'MAILER-DAEMON@mail.example.net' }],
  });
  const { recipients } = await reportOf(sandbox, bounce);
  expect(recipients).toMatchObject([{ address: 'gone@example.org', action: 'failed', status: '5.1.1' }]);
  const returned = await fetch(`${sandbox.url}/api/messages/${bounce.id}/raw`).then((got) => got.text());
  expect(returned).toContain(`Content-Type: message/rfc822\r\n\r\n${text}\r\n--`);
  expect(await sandbox.client.readMessage({ params: { id } })).toMatchObject({ origin: 'smtp' });

  const session = await sandbox.closedSession();
  expect(session).toMatchObject({ outcome: 'captured', faults: 1 });
  expect(session.faultList).toMatchObject([{ id: rule, stage: 'bounce' }]);
  const line = (await sandbox.lines(session.id))[session.faultList![0]!.line]!;
  expect(line).toMatchObject({ kind: 'event', from: null });
  expect(line.text).toContain('550 5.1.1 <gone@example.org>: Recipient address rejected: User unknown');
});

test('recipients of several rules are in one report, after the longest delay', async () => {
  await using sandbox = await startTestSandbox();
  await add(sandbox, { when: { to: ['gone@*'] } });
  await add(sandbox, { preset: 'generic/bounce-delayed', when: { to: ['slow@*'] }, delay: 50 });
  await send(sandbox, { to: ['<gone@example.org>', '<slow@example.org>'] });
  const { recipients } = await reportOf(sandbox, await bounceOf(sandbox, 'shop@example.com'));
  expect(recipients.map(({ address, action, status }) => `${address} ${action} ${status}`)).toEqual([
    'gone@example.org failed 5.1.1',
    'slow@example.org delayed 4.4.1',
  ]);
  expect((await sandbox.closedSession()).faults).toBe(2);
});

test('no report comes for the null sender, nor where NOTIFY does not ask for one, and others are told', async () => {
  await using sandbox = await startTestSandbox();
  await add(sandbox, { when: { to: ['gone@*', 'never@*', 'success@*'] } });
  await send(sandbox, { from: '<>' });
  await send(sandbox, { from: '<a@example.com>', to: ['<never@example.org> NOTIFY=NEVER'] });
  await send(sandbox, { from: '<b@example.com>', to: ['<success@example.org> NOTIFY=SUCCESS,DELAY'] });
  const unwanted = await sandbox.closedSessions(3);
  expect(unwanted.map(({ faults = 0 }) => faults)).toEqual([0, 0, 1]);
  expect(unwanted[2]!.faultList![0]!.text).toContain('NOTIFY of success@example.org asks for no such report');
  await send(sandbox, {
    from: '<c@example.com> RET=HDRS ENVID=order+2B17',
    to: [
      '<gone@example.org> NOTIFY=FAILURE ORCPT=rfc822;old@example.org',
      '<never@example.org> NOTIFY=NEVER',
    ],
  });
  const bounce = await bounceOf(sandbox, 'c@example.com');
  const { fields, recipients } = await reportOf(sandbox, bounce);
  expect(fields.find(({ name }) => name === 'Original-Envelope-Id')?.value).toBe('order+17');
  expect(recipients.map(({ address }) => address)).toEqual(['gone@example.org']);
  expect(recipients[0]!.fields[0]).toEqual({
    ...{ name: 'Original-Recipient', type: 'rfc822', value: 'old@example.org' },
  });
  expect(bounce.structure?.children.at(-1)?.contentType).toBe('text/rfc822-headers');
  await settle(sandbox);
  expect((await bounces(sandbox)).slice(1)).toEqual(['c@example.com']);
});

test('mail that comes by the API does not bounce, and a rule that is turned off bounces nothing', async () => {
  await using sandbox = await startTestSandbox();
  const { id } = await add(sandbox, {});
  const url = `${sandbox.url}/api/messages?from=api@example.com&rcpt=gone@example.org`;
  await fetch(url, { method: 'POST', headers: { 'content-type': 'message/rfc822' }, body: text });
  await sandbox.client.changeFault({ params: { id }, body: { enabled: false } });
  await send(sandbox, { from: '<off@example.com>' });
  await sandbox.client.changeFault({ params: { id }, body: { enabled: true } });
  await settle(sandbox);
  expect((await bounces(sandbox)).slice(1)).toEqual([]);
});

test('the report is in the inbox of its mail, and in that of its sender', async () => {
  await using sandbox = await startTestSandbox({
    inbox: ['shop?domain=example.com', 'goners?domain=example.org', 'others?domain=example.net'],
  });
  await add(sandbox, {});
  await send(sandbox);
  expect((await bounceOf(sandbox, 'shop@example.com')).inboxes).toEqual(['goners', 'shop']);
  await send(sandbox, { from: '<ann@elsewhere.test>', to: ['<bob@elsewhere.test>'] });
  expect((await bounceOf(sandbox, 'ann@elsewhere.test')).inboxes).toEqual(['default']);
});

test('a report of a mail that was deleted meanwhile comes without it', async () => {
  await using sandbox = await startTestSandbox();
  await add(sandbox, { delay: 400 });
  const id = await send(sandbox);
  await sandbox.client.deleteMessages({ body: { ids: [id], purge: true } });
  const bounce = await bounceOf(sandbox, 'shop@example.com');
  expect(bounce.structure?.children.map(({ contentType }) => contentType)).toEqual([
    'text/plain',
    'message/delivery-status',
  ]);
});

test('a bounce that waits keeps nothing from closing', async () => {
  const notices: string[] = [];
  const quiet = (): void => {};
  const log = { error: quiet, warn: quiet, info: quiet, debug: (line: string) => void notices.push(line) };
  {
    await using sandbox = await startTestSandbox({}, { log });
    await add(sandbox, { delay: 600_000 });
    await send(sandbox);
  }
  expect(notices).toContain('Bounces that are not sent any more: 1');
});
