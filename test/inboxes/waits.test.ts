// Waits and expectations of one inbox: they are met by what is in it, and tell of nothing else.
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import { connect, type Client } from '../../shared/client/client.ts';
import { connectForTests } from '../../shared/client/test-client.ts';
import type { MailscopeError } from '../../shared/errors.ts';
import { post, readAnswer, request } from '../mcp/speak.ts';
import { shareOf } from '../support/share.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { sendMail, tryLogin } from './conversation.ts';

async function makeInbox(sandbox: TestSandbox, name: string): Promise<string> {
  const rules = [{ domain: `${name}.test` }];
  const made = await sandbox.client.createInbox({
    body: { name, smtp: { user: name, password: 'pw' }, rules, token: 'read' },
  });
  return made.token!;
}

const failureOf = async (work: Promise<unknown>): Promise<MailscopeError> =>
  work.then(
    () => Promise.reject(new Error('it was met')),
    (error: unknown) => error as MailscopeError,
  );

/** All that it tells, to a program and to a person. */
const toldBy = ({ message, hint, details }: MailscopeError): string =>
  JSON.stringify([message, hint, details]);

/** Resolves once so many ask, so that what comes then comes while they wait. */
async function untilWaiting(sandbox: TestSandbox, waits: Promise<unknown>[]): Promise<void> {
  for (const wait of waits) wait.catch(() => undefined);
  // Its turn comes after those that were asked before.
  await fetch(`${sandbox.url}/api/messages/wait?query=subject:never&timeout=0`);
}

const atOnce = shareOf(50);
test(
  `${atOnce} tests at once, each with an inbox, a token and waits, do not see each other`,
  { timeout: 90_000 },
  async () => {
    await using sandbox = await startTestSandbox();

    async function run(name: string): Promise<void> {
      const token = await makeInbox(sandbox, name);
      const client = await connectForTests(sandbox.url, { token, timeout: '1m' }).fromNow();
      const message = client.waitForMessage('subject:hello');
      const session = client.waitForSession('has:message');
      const both = client.waitForMessages({ query: 'body:body', count: 2 });
      const held = client.expect({
        timeout: '1m',
        messages: [{ query: 'subject:hello', count: 2 }],
        sessions: [{ query: 'outcome:captured', count: 2, messages: 1 }],
      });
      await untilWaiting(sandbox, [message, session, both, held]);
      const sent = [
        await sendMail(sandbox, { to: [`x@${name}.test`], subject: `hello ${name}` }),
        await sendMail(sandbox, { login: { user: name, password: 'pw' }, subject: `hello ${name}` }),
      ];
      expect(await message).toMatchObject({ subject: `hello ${name}`, inboxes: [name] });
      expect(sent).toContain((await session).messageIds[0]);
      expect((await both).map(({ id }) => id).sort()).toEqual(sent.toSorted());
      const evidence = (await held).conditions.flatMap((condition) => condition.evidence);
      expect(new Set(evidence.flatMap(({ messageId }) => messageId ?? []))).toEqual(new Set(sent));
      await client.expectNoMessage({ query: `-subject:${name}`, timeout: 50 });
      const failure = await failureOf(client.waitForMessage({ query: 'subject:other', timeout: 1 }));
      expect(toldBy(failure)).toContain(sent[0]);
      expect([...toldBy(failure).matchAll(/run-\d+/g)].every(([found]) => found === name)).toBe(true);
    }
    await Promise.all(Array.from({ length: atOnce }, (_, n) => run(`run-${n + 10}`)));
  },
);

interface Two {
  sandbox: TestSandbox;
  /** Of the inbox `mine`. */
  token: string;
  /** What must not be told. */
  foreign: RegExp;
}

/** A connection with messages for both, and failed ones of the other. */
async function startWithTwo(): Promise<Two> {
  const sandbox = await startTestSandbox();
  const token = await makeInbox(sandbox, 'mine');
  await makeInbox(sandbox, 'theirs');
  const foreign = [await sendMail(sandbox, { to: ['x@theirs.test'], subject: 'theirs' })];
  const wire = await sandbox.wire();
  await wire.hello();
  for (const name of ['theirs', 'mine', 'theirs']) {
    const answer = await wire.mail(`Subject: of ${name}\r\n\r\nbody\r\n`, undefined, [`shared@${name}.test`]);
    if (name === 'theirs') foreign.push(/queued as (\S+)/.exec(answer)![1]!);
  }
  await wire.say('MAIL FROM:<x@theirs.test>');
  await wire.say('RCPT TO:<good@theirs.test>');
  await wire.say('RCPT TO:<refused@theirs.test> NOTIFY=BAD');
  await wire.say('RSET');
  await wire.quit();
  await tryLogin(sandbox, { user: 'theirs', password: 'hunter2' });
  await sandbox.closedSessions(3);
  return { sandbox, token, foreign: new RegExp(`theirs|hunter2|${foreign.join('|')}`) };
}

test('what a wait says that was not met tells of its inbox alone, transcripts too', async () => {
  const { sandbox, token, foreign } = await startWithTwo();
  await using _ = sandbox;
  for (const options of [{ token }, { inbox: 'mine' }, {}]) {
    const client = connectForTests(sandbox.url, options);
    const inbox = 'token' in options ? undefined : 'mine';
    const failures = [
      await failureOf(client.waitForMessage({ inbox, query: 'subject:of code:599', timeout: 1 })),
      await failureOf(client.waitForMessage({ inbox, count: 9, timeout: 1 } as never)),
      await failureOf(client.waitForSession({ inbox, query: 'rcpt:nobody code:599', timeout: 1 })),
      await failureOf(client.expectNoMessage({ inbox, timeout: 1 })),
    ];
    expect(failures.map(({ code }) => code)).toEqual([
      ...['wait_timed_out', 'wait_timed_out', 'wait_timed_out', 'unexpected_message'],
    ]);
    for (const failure of failures) expect(toldBy(failure)).not.toMatch(foreign);
    expect(failures.slice(0, 3).map(({ details }) => details)).toMatchObject([
      { arrived: [{ title: '"of mine" to shared@mine.test' }], failedSessions: [] },
      { arrived: [{ title: '"of mine" to shared@mine.test' }], failedSessions: [] },
      { arrived: [{}], failedSessions: [] },
    ]);
    // The reply 501 was not to a message of this inbox.
    expect(toldBy(failures[0]!) + toldBy(failures[2]!)).not.toMatch(/replies were [^.]*501/);
    const own = inbox === undefined ? {} : { inbox };
    const unmet = await failureOf(
      client.expect({
        ...own,
        messages: [{ subject: 'no', count: 3 }],
        sessions: [{ messages: 3 }],
        timeout: 1,
      }),
    );
    expect(unmet.message + JSON.stringify(unmet)).not.toMatch(foreign);
    expect(unmet.message).toContain('there are 1');
  }
  // Its own failures are told.
  await tryLogin(sandbox, { user: 'mine', password: 'bad' });
  const client = connectForTests(sandbox.url, { token });
  await client.waitForSession('outcome:auth-failed');
  const failure = await failureOf(client.waitForMessage({ query: 'subject:none', timeout: 1 }));
  expect(failure.message).toMatch(/auth-failed[^]*AUTH PLAIN/);
  expect(toldBy(failure)).not.toMatch(foreign);
});

test('a session is judged as its inbox has it, whether it ended before or while this waited', async () => {
  const { sandbox, token } = await startWithTwo();
  await using _ = sandbox;
  const mine = connect(sandbox.url, { token });
  const met = async (client: Client, query: string, after?: string): Promise<boolean> =>
    client.awaitSessions({ query: { query, timeout: 1, ...(after === undefined ? {} : { after }) } }).then(
      ({ items }) => items.every(({ inboxes, messages }) => inboxes.join() === 'mine' && messages === 1),
      () => false,
    );
  expect((await sandbox.client.awaitSessions({ query: { query: 'code:501' } })).items).toHaveLength(1);
  const start = (await sandbox.client.listEvents({ query: { limit: 1 } })).next;
  for (const after of [undefined, start]) {
    for (const query of ['rcpt:mine', '-rcpt:theirs', 'rcpt:mine -code:501', 'outcome:captured -theirs'])
      expect([query, await met(mine, query, after)]).toEqual([query, true]);
    for (const query of ['rcpt:theirs', 'theirs', 'code:501', '-rcpt:mine'])
      expect([query, await met(mine, query, after)]).toEqual([query, false]);
  }
  const quiet = mine.awaitSessions({ query: { after: (await mine.readStatus()).cursor, query: 'code:501' } });
  const heard = mine.awaitSessions({
    query: { after: (await mine.readStatus()).cursor, query: '-theirs -code:501' },
  });
  await untilWaiting(sandbox, [quiet, heard]);
  const wire = await sandbox.wire();
  await wire.hello();
  await wire.mail(undefined, undefined, ['x@theirs.test']);
  await wire.mail(undefined, undefined, ['x@mine.test']);
  expect((await heard).items).toMatchObject([{ outcome: 'open', messages: 1, inboxes: ['mine'] }]);
  await wire.quit();
  await sandbox.client.deleteInbox({ params: { name: 'mine' } });
  await expect(quiet).rejects.toMatchObject({ code: 'not_found' });
});

test('an expectation with a token is held by what is in its inbox', async () => {
  const { sandbox, token, foreign } = await startWithTwo();
  await using _ = sandbox;
  const client = connectForTests(sandbox.url, { token });
  const report = await client.expect({
    messages: [{ count: 1, subject: 'of mine' }],
    sessions: [{ count: 1, messages: 1, quit: true }],
  });
  expect(report.held).toBe(true);
  expect(JSON.stringify(report)).not.toMatch(foreign);
  const refused = { code: 'not_allowed' };
  const body = { inbox: 'theirs', messages: [{ count: 0 }] };
  await expect(client.checkExpectation({ body })).rejects.toMatchObject(refused);
  await expect(client.awaitMessages({ query: { inbox: 'theirs' } })).rejects.toMatchObject(refused);
  await expect(client.awaitSessions({ query: { inbox: 'default' } })).rejects.toMatchObject(refused);
});

test('who waits in an inbox that is deleted, or whose token is taken back, is told', async () => {
  await using sandbox = await startTestSandbox();
  const token = await makeInbox(sandbox, 'a');
  const client = connectForTests(sandbox.url, { token, timeout: '20s' });
  const waits = [
    client.waitForMessage(),
    client.waitForSession(),
    client.expectNoMessage(),
    client.expect({ messages: [{}], timeout: '20s' }),
    connectForTests(sandbox.url, { inbox: 'a', timeout: '20s' }).waitForMessage(),
  ];
  await untilWaiting(sandbox, waits);
  await sandbox.client.deleteInbox({ params: { name: 'a' } });
  await makeInbox(sandbox, 'a');
  for (const wait of waits)
    await expect(wait).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('The inbox a was deleted'),
    });

  const other = await sandbox.client.createInboxToken({ params: { name: 'a' }, body: { scope: 'read' } });
  const wait = connectForTests(sandbox.url, { token: other.token, timeout: '20s' }).waitForMessage();
  await untilWaiting(sandbox, [wait]);
  await sandbox.client.deleteInboxToken({ params: { name: 'a', id: other.id } });
  await sendMail(sandbox, { to: ['x@a.test'] });
  await expect(wait).rejects.toMatchObject({ code: 'unauthorized' });
});

test('a cursor of before the inbox finds nothing of an earlier one of that name', async () => {
  await using sandbox = await startTestSandbox();
  const { cursor: after } = await sandbox.client.readStatus();
  await makeInbox(sandbox, 'a');
  await sendMail(sandbox, { to: ['x@a.test'] });
  await sandbox.closedSessions(1);
  await sandbox.client.deleteInbox({ params: { name: 'a' } });
  const client = connect(sandbox.url, { token: await makeInbox(sandbox, 'a') });
  for (const wait of [client.awaitMessages, client.awaitSessions])
    await expect(wait({ query: { after, timeout: 1 } })).rejects.toMatchObject({
      code: 'wait_timed_out',
      details: { arrived: [], misses: [], failedSessions: [] },
    });
});

test("other tools' APIs are not for the token of an inbox, and agents see that inbox alone", async () => {
  const { sandbox, token, foreign } = await startWithTwo();
  await using _ = sandbox;
  const headers = { Authorization: `Bearer ${token}` };
  for (const path of [
    ...['/api/v1/messages', '/api/v1/info', '/api/v2/messages', '/email', '/messages', '/view/latest.html'],
    ...['/api/accounts/1/inboxes/1/messages', '/livez', '/config'],
  ])
    expect([path, (await fetch(sandbox.url + path, { headers })).status]).toEqual([path, 403]);
  const answer = await new Promise<string>((resolve) => {
    const socket = io(sandbox.url, {
      ...{ extraHeaders: headers, transports: ['websocket'], reconnection: false, forceNew: true },
    });
    const say = (text: string) => (socket.disconnect(), resolve(text));
    socket.on('connect', () => say('welcome'));
    socket.on('connect_error', ({ message }) => say(message));
  });
  expect(answer).toContain('mine alone');
  for (const [name, given] of [
    ['list_messages', {}],
    ['list_sessions', {}],
    ['wait_for_message', { query: 'subject:of' }],
    ['wait_for_message', { query: 'subject:never', timeoutSeconds: 0 }],
    ['read_transcript', {}],
    ['read_session', {}],
  ] as const) {
    const called = request(1, 'tools/call', { name, arguments: given });
    const told = JSON.stringify(await readAnswer(await post(sandbox.url, called, headers)));
    expect(told).toMatch(/mine|s_\w+/);
    expect(told).not.toMatch(foreign);
  }
});
