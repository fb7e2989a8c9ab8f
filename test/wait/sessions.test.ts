// GET /api/sessions/wait: sessions are judged at each message and at their end.
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

const login = `AUTH PLAIN ${Buffer.from('\0ann\0secret').toString('base64')}`;

test('a failed handshake is waited for, and says why it failed', async () => {
  await using sandbox = await startTestSandbox();
  const waiting = sandbox.client.awaitSessions({ query: { query: 'outcome:tls-failed' } });
  const socket = connectTls({ port: sandbox.ports[2]!, host: '127.0.0.1', ca: [], servername: 'localhost' });
  socket.on('error', () => socket.destroy());
  const [session] = (await waiting).items;
  expect(session).toMatchObject({ outcome: 'tls-failed', listener: 'smtps' });
  // It is there for who asks later too.
  const later = await sandbox.client.awaitSessions({ query: { query: 'outcome:tls-failed', timeout: 0 } });
  expect(later.items.map(({ id }) => id)).toEqual([session!.id]);
});

test('a connection that stays open is judged at each of its messages', async () => {
  await using sandbox = await startTestSandbox();
  const waiting = sandbox.client.awaitSessions({ query: { query: 'rcpt:bob auth:ann mech:PLAIN is:open' } });
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say(login);
  await wire.mail('Subject: 1\r\n\r\nx\r\n', 'ann@example.test', ['cy@example.test']);
  await wire.mail('Subject: 2\r\n\r\nx\r\n', 'ann@example.test', ['bob@example.test']);
  expect((await waiting).items).toMatchObject([{ messages: 2, outcome: 'open' }]);
});

test('with after only sessions count that had a message or ended behind it', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  await using pooled = await sandbox.wire();
  await pooled.hello('pooled.test');
  await pooled.mail();
  await using old = await sandbox.wire();
  await old.hello('old.test');
  await old.quit();
  await sandbox.closedSession();
  const { cursor: after } = await client.readStatus();
  const stale = await client.awaitSessions({ query: { after, timeout: 0 } }).catch((e: unknown) => e);
  expect(stale).toMatchObject({ code: 'wait_timed_out', details: { arrived: [], items: [] } });
  await pooled.mail();
  for (const query of ['client:pooled.test', 'from:ann'])
    expect((await client.awaitSessions({ query: { query, after } })).items).toMatchObject([
      { clientName: 'pooled.test' },
    ]);
  const ended = client.awaitSessions({ query: { query: 'outcome:captured', after } });
  await pooled.quit();
  expect((await ended).items).toMatchObject([{ clientName: 'pooled.test', outcome: 'captured' }]);
});

test('none holds while sessions go well, and fails with the first that does not', async () => {
  await using sandbox = await startTestSandbox({ user: ['ann:other'] });
  const alarmed = sandbox.client
    .awaitSessions({ query: { query: 'outcome:auth-failed', none: 'true' } })
    .catch((error: unknown) => error);
  await using good = await sandbox.wire();
  await good.hello();
  await good.mail();
  await good.quit();
  await using bad = await sandbox.wire();
  await bad.hello('bad.test');
  expect(await bad.say(login)).toMatch(/^535/);
  await bad.quit();
  expect(await alarmed).toMatchObject({
    code: 'unexpected_session',
    details: { items: [{ clientName: 'bad.test' }] },
  });
});

test('a wait that is not met says how near each session came', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello('shop.test');
  await wire.mail();
  const error = await sandbox.client
    .awaitSessions({ query: { query: 'client:shop tls:TLSv1.3', timeout: '10ms' } })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'wait_timed_out',
    message: 'No session that matches client:shop tls:TLSv1.3 came within 10 ms.',
    details: {
      misses: [
        {
          title: '"shop.test" on smtp, open',
          held: 1,
          of: 2,
          pending: true,
          failed: [{ term: 'tls:TLSv1.3', start: 12, end: 23, text: 'There was no TLS.' }],
        },
      ],
    },
  });
});
