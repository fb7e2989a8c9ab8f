// Two hundred tests at once, each with an inbox of its own: none sees what is of another.
import { expect, test } from 'vitest';
import { connect } from '../../shared/client/client.ts';
import { sendMail, sendMails } from '../inboxes/conversation.ts';
import { startTestSandbox } from '../support/sandbox.ts';

const many = 200;

test(`${many} tests at once, each with an inbox, do not see each other`, { timeout: 120_000 }, async () => {
  await using sandbox = await startTestSandbox();
  const runs = Array.from({ length: many }, (_, n) => `run-${n}`);

  async function run(name: string): Promise<void> {
    const made = await sandbox.client.createInbox({
      body: { name, smtp: {}, rules: [{ plus: name }, { header: 'X-Run', value: name }], token: 'write' },
    });
    const login = { user: made.inbox.user!, password: made.password! };
    const client = connect(sandbox.url, { token: made.token! });
    const sent = [
      await sendMail(sandbox, { login, subject: `${name} by login` }),
      ...(await sendMails(sandbox, [
        { to: [`qa+${name}@example.test`], subject: `${name} by recipient` },
        { headers: `X-Run: ${name}\r\n`, subject: `${name} by header` },
      ])),
    ];
    const { items } = await client.listMessages({ query: { limit: 500 } });
    expect(items.map(({ id }) => id).sort()).toEqual(sent.toSorted());
    expect(items.every(({ subject, inboxes }) => subject.startsWith(name) && inboxes.join() === name)).toBe(
      true,
    );
    const found = await client.listMessages({ query: { query: 'by' } });
    expect(found.items.map(({ id }) => id).sort()).toEqual(sent.toSorted());
    const sessions = await client.listSessions({ query: { limit: 500 } });
    expect(sessions.items.flatMap(({ messageIds }) => messageIds).sort()).toEqual(sent.toSorted());
    const log = await client.listEvents({ query: { limit: 1000 } });
    const stored = log.items.flatMap(({ type, payload }) =>
      type === 'message:stored' && 'message' in payload ? payload.message.id : [],
    );
    expect(stored.sort()).toEqual(sent.toSorted());
    expect(await client.updateMessages({ body: { all: true, read: true } })).toEqual({ count: 3 });
    expect(await client.readStatus()).toMatchObject({ messages: 3, unread: 0 });
    if (Number(name.slice(4)) % 2 === 0)
      expect(await client.deleteMessages({ body: { all: true, purge: true } })).toEqual({ count: 3 });
  }

  await Promise.all(runs.map(run));
  const left = await sandbox.client.listMessages({ query: { limit: 500 } });
  expect(left.items).toHaveLength((3 * many) / 2);
  expect(left.items.every(({ read }) => read)).toBe(true);
  const { items } = await sandbox.client.listInboxes();
  expect(items).toHaveLength(many + 1);
  expect(items.find(({ name }) => name === 'default')).toMatchObject({ messages: 0, sessions: 0 });
  expect(items.find(({ name }) => name === 'run-1')).toMatchObject({ messages: 3, sessions: 2, unread: 0 });
  await Promise.all(runs.map((name) => sandbox.client.deleteInbox({ params: { name } })));
  expect(await sandbox.client.readStatus()).toMatchObject({ messages: 0, unread: 0, sessions: 0, bytes: 0 });
});
