// The waits of the SDK, as a test of a user has them.
import { expect, test } from 'vitest';
import { ExpectationError } from '../../shared/client/failure.ts';
import { connectForTests } from '../../shared/client/test-client.ts';
import { MailscopeError } from '../../shared/errors.ts';
import { startTestSandbox } from '../support/sandbox.ts';

const thrown = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => new Error('It was met.'),
    (error: unknown) => error as Error,
  );

test('waitForMessage gives the whole message, with its codes and links', async () => {
  await using sandbox = await startTestSandbox();
  const client = connectForTests(sandbox.url);
  const after = await client.readCursor();
  const waiting = client.waitForMessage({ query: 'to:bob subject:code', after, timeout: '8s' });
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail(
    'Subject: Your code\r\nTo: bob@example.test\r\n\r\nYour code is 482913, or https://shop.test/confirm\r\n',
  );
  const message = await waiting;
  expect(message).toMatchObject({ parse: 'parsed', codes: [{ code: '482913' }] });
  expect(message.links[0]!.href).toBe('https://shop.test/confirm');
  expect(await client.waitForMessages({ count: 1, after: new Date(0) })).toHaveLength(1);
  await wire.quit();
  expect(await client.waitForSession({ query: 'outcome:captured', after })).toMatchObject({
    messages: 1,
    ended: { how: 'quit' },
  });
});

test('a message whose parsing takes longer than the server waits is asked for until it is whole', async () => {
  await using sandbox = await startTestSandbox();
  let details = 0;
  // As a machine answers that is too busy to parse within two seconds.
  const busy: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!/\/api\/messages\/m_/.test(String(input))) return response;
    details += 1;
    const message = (await response.json()) as object;
    return Response.json(details > 2 ? message : { ...message, parse: 'pending', codes: [], links: [] });
  };
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail('Subject: Your code\r\n\r\nYour code is 482913.\r\n');
  const message = await connectForTests(sandbox.url, { fetch: busy }).waitForMessage();
  expect(message).toMatchObject({ parse: 'parsed', codes: [{ code: '482913' }] });
  expect(details).toBe(3);
});

test('a wait that is not met prints what arrived, the nearest, and the transcript of what failed', async () => {
  await using sandbox = await startTestSandbox({ user: ['ann:right'] });
  const client = connectForTests(sandbox.url);
  const after = await client.readCursor();
  await using failing = await sandbox.wire();
  await failing.hello('shop.test');
  await failing.say(`AUTH PLAIN ${Buffer.from('\0ann\0not-the-one').toString('base64')}`);
  await failing.quit();
  await sandbox.closedSession();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail('Subject: Welcome\r\nTo: bob@example.test\r\n\r\nhello\r\n');
  const error = await thrown(client.waitForMessage({ query: 'to:bob subject:reset', after, timeout: 50 }));
  expect(error).toBeInstanceOf(MailscopeError);
  expect(error).toMatchObject({ code: 'wait_timed_out' });
  // A runner prints the causes as well, and would say all of it twice.
  expect(error.cause).toBeUndefined();
  for (const text of [
    'No message that matches to:bob subject:reset came within 50 ms.',
    '"Welcome" to bob@example.test: 1 of 2 held',
    'subject:reset  The subject is "Welcome".',
    'auth-failed: ',
    'C: -> EHLO shop.test',
    'S: <- 535',
  ])
    expect(error.message).toContain(text);
  expect(error.message).not.toContain('not-the-one');
});

test('expectNoMessage passes in silence, and names the one that came', async () => {
  await using sandbox = await startTestSandbox();
  const client = connectForTests(sandbox.url);
  const after = await client.readCursor();
  await client.expectNoMessage({ after, timeout: 20 });
  const alarmed = thrown(client.expectNoMessage({ after }));
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail('Subject: surprise\r\n\r\nx\r\n');
  expect(await alarmed).toMatchObject({ code: 'unexpected_message' });
  expect((await alarmed).message).toContain('"surprise" to bob@example.test');
});

test('expect gives the report, or throws it with what was found', async () => {
  await using sandbox = await startTestSandbox();
  const client = connectForTests(sandbox.url);
  const after = await client.readCursor();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail('Subject: Welcome\r\n\r\nhello\r\n');
  const report = await client.expect({ after, messages: [{ count: 1, subject: 'Welcome' }] });
  expect(report.conditions.map(({ held }) => held)).toEqual([true, true]);
  const error = await thrown(
    client.expect({ timeout: 0, messages: [{ name: 'reset mail', subject: { contains: 'reset' } }] }),
  );
  expect(error).toBeInstanceOf(ExpectationError);
  expect(error.message).toContain('1 of 2 conditions did not hold.');
  expect(error.message).toContain('not ok messages.0.subject (reset mail): subject contains "reset"');
  expect(error.message).toContain('found: it is "Welcome"');
});

test('expectMessage takes its options beside or among the conditions, or a search alone', async () => {
  await using sandbox = await startTestSandbox();
  const client = connectForTests(sandbox.url);
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail('Subject: Welcome\r\nTo: ann@example.test\r\n\r\nhello\r\n');
  const wanted = { query: 'to:ann', subject: 'Welcome' };
  for (const message of [
    await client.expectMessage('to:ann'),
    await client.expectMessage({ ...wanted, timeout: '1s', inbox: 'default' }),
    await client.expectMessage(wanted, { timeout: '1s' }),
  ])
    expect(message).toMatchObject({ subject: 'Welcome', text: 'hello\n' });
  const after = await client.readCursor();
  const error = await thrown(client.expectMessage({ ...wanted, after, timeout: 1 }));
  expect(error.message).toContain('at least 1 message');
});

test('what is no place in time is refused, with what it may be', async () => {
  await using sandbox = await startTestSandbox();
  const client = connectForTests(sandbox.url);
  for (const [given, shown] of [
    [new Date(Number.NaN), 'Invalid Date'],
    [1_790_000_000_000, '1790000000000'],
    [null, 'null'],
  ] as [Date, string][])
    for (const call of [client.waitForMessage, client.waitForSession, client.expectNoMessage])
      expect(await thrown(call({ after: given }))).toMatchObject({
        code: 'invalid_request',
        message: `after is ${shown}, and neither a cursor nor a Date. Give it what readCursor() gave, or use fromNow().`,
      });
});

test('a wait refuses what it does not know, and does not take any message instead', async () => {
  await using sandbox = await startTestSandbox();
  const client = connectForTests(sandbox.url);
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail('Subject: Welcome\r\nTo: ann@example.test\r\n\r\nhello\r\n');
  const takes =
    'It takes a search, such as "to:ann@example.com subject:reset", or query, after, timeout, inbox, signal.';
  const as = (given: unknown) => given as { query: string };
  for (const [refused, message] of [
    [client.waitForMessage(as({ to: 'bob' })), `waitForMessage knows no to. ${takes}`],
    [client.waitForMessages(as({ subject: 'x' })), `waitForMessages knows no subject. ${takes}`],
    [client.waitForSession(as({ count: 2 })), `waitForSession knows no count. ${takes}`],
    [client.expectNoMessage(as({ from: 'x' })), `expectNoMessage knows no from. ${takes}`],
    [client.waitForMessage(as(/reset/)), `waitForMessage cannot wait for /reset/. ${takes}`],
    [client.waitForMessage(as(() => true)), `waitForMessage cannot wait for a function. ${takes}`],
  ] as const)
    expect(await thrown(refused)).toMatchObject({ code: 'invalid_request', message });
  expect(await client.waitForMessages({ query: 'to:ann', count: 1 })).toHaveLength(1);
});

test('what a runner prints of an error has what to do', async () => {
  const sandbox = await startTestSandbox();
  const client = connectForTests(sandbox.url);
  const hint = 'Is it from:? To search for the text put it in quotes: "form:ann".';
  expect(await thrown(client.waitForMessage('form:ann'))).toMatchObject({
    message: `There is no operator form:. ${hint}`,
    hint,
  });
  expect((await thrown(client.expect({ messages: [{ query: 'form:ann' }] }))).message).toBe(
    `body.messages.0.query: There is no operator form:. ${hint}`,
  );
  await sandbox[Symbol.asyncDispose]();
  expect((await thrown(client.fromNow())).message).toBe(
    `Mailscope does not answer at ${sandbox.url}. Is it running? Start it with "mailscope".`,
  );
});

test('a message that is deleted before it could be read is named', async () => {
  await using sandbox = await startTestSandbox();
  // As another test does that deletes all between the answer of the wait and the call for the message.
  const deleting: typeof fetch = async (input, init) => {
    const isMessage = /\/api\/messages\/m_/.test(String(input));
    if (isMessage) await connectForTests(sandbox.url).deleteMessages({ body: { all: true } });
    return fetch(input, init);
  };
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.mail('Subject: Welcome\r\nTo: ann@example.test\r\n\r\nhello\r\n');
  const error = await thrown(connectForTests(sandbox.url, { fetch: deleting }).waitForMessage('to:ann'));
  expect(error).toMatchObject({ code: 'not_found' });
  expect(error.message).toMatch(
    /^m_\w+ "Welcome" to bob@example\.test came, and was deleted before it could be read\.$/,
  );
});

test('a call can be given up by its signal', async () => {
  await using sandbox = await startTestSandbox();
  const client = connectForTests(sandbox.url);
  const giveUp = new AbortController();
  const waiting = thrown(client.waitForMessage({ signal: giveUp.signal }));
  giveUp.abort(new Error('enough'));
  expect((await waiting).message).toBe('enough');
});
