// GET /api/messages/wait, with mail that comes over SMTP.
import { expect, test } from 'vitest';
import type { MailscopeError } from '../../shared/errors.ts';
import type { WaitFailure } from '../../shared/wait.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';

const failureOf = async (work: Promise<unknown>): Promise<MailscopeError & { details: WaitFailure }> =>
  work.then(
    (value) => {
      throw new Error(`It was met: ${JSON.stringify(value)}`);
    },
    (error: unknown) => error as MailscopeError & { details: WaitFailure },
  );

async function send(sandbox: TestSandbox, ...subjects: string[]): Promise<void> {
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const subject of subjects) await wire.mail(`Subject: ${subject}\r\n\r\nThe body of ${subject}.\r\n`);
}

const subjectsOf = ({ items }: { items: { subject: string }[] }): string[] =>
  items.map(({ subject }) => subject);

test('what has its 250 is there at once, the newest first', async () => {
  await using sandbox = await startTestSandbox();
  await send(sandbox, 'one', 'two', 'other');
  const answer = await sandbox.client.awaitMessages({ query: { query: 'subject:o', count: 2, timeout: 0 } });
  expect(subjectsOf(answer)).toEqual(['other', 'two', 'one']);
  expect(subjectsOf(await sandbox.client.awaitMessages())).toHaveLength(3);
});

test('a wait is answered when the message comes, and with words of its text as well', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const bySubject = client.awaitMessages({ query: { query: 'subject:second' } });
  const byText = client.awaitMessages({ query: { query: '"body of second" -has:attachment' } });
  const both = client.awaitMessages({ query: { count: 2 } });
  await send(sandbox, 'first', 'second');
  for (const waiting of [bySubject, byText]) expect(subjectsOf(await waiting)).toEqual(['second']);
  expect(subjectsOf(await both)).toEqual(['second', 'first']);
});

test('what a wait was answered with, a search finds at once', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  await using wire = await sandbox.wire();
  await wire.hello();
  for (let n = 0; n < 20; n += 1) {
    const query = `"body of mail${n}" has:text`;
    const waiting = client.awaitMessages({ query: { query } });
    await wire.mail(`Subject: number ${n}\r\n\r\nThe body of mail${n}.\r\n`);
    expect(subjectsOf(await waiting)).toEqual([`number ${n}`]);
    expect(subjectsOf(await client.listMessages({ query: { query } }))).toEqual([`number ${n}`]);
  }
  const waiting = client.awaitMessages({ query: { query: '"of the last"' } });
  await wire.mail('Subject: last\r\n\r\nWords of the last.\r\n');
  await waiting;
  expect(await client.deleteMessages({ body: { query: '"of the last"' } })).toEqual({ count: 1 });
});

test('conditions on the session of a message are judged as well', async () => {
  await using sandbox = await startTestSandbox();
  const waiting = sandbox.client.awaitMessages({ query: { query: 'client:shop.test code:250 tls:none' } });
  await using wire = await sandbox.wire();
  await wire.hello('shop.test');
  await wire.mail();
  expect((await waiting).items).toHaveLength(1);
});

test('stale mail is never taken with after, be it a cursor or a time', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  await send(sandbox, 'code 1');
  const response = await fetch(`${sandbox.url}/api/ready`);
  for (const after of [response.headers.get('mailscope-cursor')!, new Date(Date.now() + 1).toISOString()]) {
    const query = { query: 'subject:code', after };
    const { code, details } = await failureOf(client.awaitMessages({ query: { ...query, timeout: 1 } }));
    expect([code, details.arrived, details.items]).toEqual(['wait_timed_out', [], []]);
  }
  const after = response.headers.get('mailscope-cursor')!;
  const waiting = client.awaitMessages({ query: { query: '"body of code"', after } });
  await send(sandbox, 'code 2');
  expect(subjectsOf(await waiting)).toEqual(['code 2']);
  const again = await client.awaitMessages({ query: { query: '"body of code"', after, timeout: 0 } });
  expect(subjectsOf(again)).toEqual(['code 2']);
});

test('the cursor of an answer goes on behind its newest message', async () => {
  await using sandbox = await startTestSandbox();
  const seen: string[] = [];
  let after = (await sandbox.client.readStatus()).cursor;
  for (const subject of ['a', 'b', 'c', 'd']) {
    const waiting = fetch(`${sandbox.url}/api/messages/wait?query=body&after=${after}`);
    await send(sandbox, subject);
    const response = await waiting;
    const answer = (await response.json()) as { items: { subject: string }[]; cursor: string };
    expect(response.headers.get('mailscope-cursor')).toBe(answer.cursor);
    seen.push(...subjectsOf(answer));
    after = answer.cursor;
  }
  expect(seen).toEqual(['a', 'b', 'c', 'd']);
});

test('of 200 mails that are sent while others wait for them, none is missed', async () => {
  await using sandbox = await startTestSandbox();
  const { cursor: after } = await sandbox.client.readStatus();
  const numbers = Array.from({ length: 200 }, (_, n) => n);
  const waitFor = (query: string) =>
    sandbox.client.awaitMessages({ query: { query, after, timeout: '15s' } }).then(subjectsOf);
  // Some wait before their mail is sent, some meanwhile, some after it.
  const waits: Promise<string[]>[] = [];
  await Promise.all(
    [0, 1, 2, 3].map(async (lane) => {
      await using wire = await sandbox.wire();
      await wire.hello();
      for (const n of numbers.filter((each) => each % 4 === lane)) {
        const query = n % 2 ? `subject:"number ${n}."` : `"secret ${n}"`;
        if (n % 3 !== 0) waits[n] = waitFor(query);
        const sent = wire.mail(`Subject: number ${n}.\r\n\r\nsecret ${n}\r\n`);
        if (n % 3 === 0) waits[n] = waitFor(query);
        await sent;
      }
    }),
  );
  expect(await Promise.all(waits)).toEqual(numbers.map((n) => [`number ${n}.`]));
});

test('a wait that is not met says what came, what was nearest and why, and which sessions failed', async () => {
  await using sandbox = await startTestSandbox({ auth: 'required' });
  const { cursor: after } = await sandbox.client.readStatus();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<ann@example.test>');
  await wire.quit();
  await sandbox.closedSession();
  await using other = await sandbox.wire();
  await other.hello();
  await other.say(`AUTH PLAIN ${Buffer.from('\0ann\0secret').toString('base64')}`);
  await other.mail('Subject: Welcome\r\nTo: bob@example.test\r\n\r\nhello\r\n');
  const query = 'to:bob (subject:reset OR subject:code) -welcome hello';
  const { code, message, hint, details } = await failureOf(
    sandbox.client.awaitMessages({ query: { query, after, timeout: '20ms' } }),
  );
  expect([code, message]).toEqual(['wait_timed_out', `No message that matches ${query} came within 20 ms.`]);
  expect(hint).toContain('2 of 4 held. (subject:reset OR subject:code): The subject is "Welcome".');
  expect(hint).toContain('1 session failed');
  expect(details.arrived).toMatchObject([{ title: '"Welcome" to bob@example.test' }]);
  expect(details.misses[0]!.failed).toEqual([
    { term: '(subject:reset OR subject:code)', start: 7, end: 38, text: 'The subject is "Welcome".' },
    expect.objectContaining({ term: '-welcome', start: 39, end: 47 }),
  ]);
  expect(details.failedSessions).toMatchObject([
    { outcome: 'refused', text: expect.stringMatching(/<ann@example\.test> was refused: 530 /) },
  ]);
  const few = await failureOf(sandbox.client.awaitMessages({ query: { count: 3, timeout: 0 } }));
  expect(few.message).toBe('1 of 3 messages came within 0 ms.');
  expect(few.details.items).toMatchObject([{ subject: 'Welcome' }]);
});

test('none holds for its time, and fails at once when one comes', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  await send(sandbox, 'old');
  const { cursor: after } = await client.readStatus();
  const calm = client.awaitMessages({ query: { query: 'subject:spam', none: 'true', timeout: '200ms' } });
  const alarmed = failureOf(
    client.awaitMessages({ query: { query: 'body:old2', after, none: 'true', timeout: '1m' } }),
  );
  await send(sandbox, 'old2');
  expect(await calm).toMatchObject({ items: [], waitedMs: expect.any(Number) });
  expect((await calm).waitedMs).toBeGreaterThanOrEqual(195);
  const { code, message, details } = await alarmed;
  expect(code).toBe('unexpected_message');
  expect(message).toContain('"old2" to bob@example.test');
  expect(subjectsOf({ items: details.items as { subject: string }[] })).toEqual(['old2']);
  const stale = await failureOf(client.awaitMessages({ query: { query: 'subject:old', none: 'true' } }));
  expect(stale.code).toBe('unexpected_message');
});

test('what was deleted does not count', async () => {
  await using sandbox = await startTestSandbox();
  const { client } = sandbox;
  const waiting = client.awaitMessages({ query: { count: 2 } });
  await send(sandbox, 'gone');
  const [gone] = (await client.listMessages()).items;
  await client.deleteMessage({ params: { id: gone!.id } });
  await send(sandbox, 'stays');
  const late = await failureOf(client.awaitMessages({ query: { count: 2, timeout: 0 } }));
  expect(late.code).toBe('wait_timed_out');
  await send(sandbox, 'second');
  expect(subjectsOf(await waiting)).toEqual(['second', 'stays']);
});

test('marks are waited for as well', async () => {
  await using sandbox = await startTestSandbox();
  await send(sandbox, 'one');
  const waiting = sandbox.client.awaitMessages({ query: { query: 'tag:done' } });
  await sandbox.client.updateMessages({ body: { all: true, addTags: ['done'] } });
  expect((await waiting).items).toMatchObject([{ tags: ['done'] }]);
});
