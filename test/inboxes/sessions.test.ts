// A session belongs to the inbox of its login and to those of its messages; each sees only its own part of it.
import { expect, test } from 'vitest';
import { openLive } from '../../shared/client/live.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { sendMail, tryLogin } from './conversation.ts';
import { openIn, startShared, startWithTwo } from './two-inboxes.ts';

test('of a connection with messages for several inboxes each inbox sees its own', async () => {
  await using sandbox = await startWithTwo();
  const wire = await sandbox.wire();
  await wire.hello();
  const ids: string[] = [];
  for (const to of ['ann@a.test', 'ben@b.test', 'cat@a.test', 'dan@none.test']) {
    const answer = await wire.mail(`Subject: for ${to}\r\n\r\nsecret of ${to}\r\n`, undefined, [to]);
    ids.push(/queued as (\S+)/.exec(answer)![1]!);
  }
  await wire.say('MAIL FROM:<eve@e.test>');
  await wire.say('RCPT TO:<late@b.test>');
  await wire.say('RSET');
  const [a, b, rest] = ['a', 'b', 'default'].map((name) => openIn(sandbox, name)) as [
    typeof sandbox.client,
    typeof sandbox.client,
    typeof sandbox.client,
  ];
  const { items: running } = await a.listSessions();
  expect(running).toMatchObject([
    { outcome: 'open', inboxes: ['a'], messages: 2, messageIds: [ids[0], ids[2]] },
  ]);
  await wire.quit();
  const { id } = await sandbox.closedSession();

  for (const [client, own, foreign] of [
    [a, [0, 2], ['ben@b.test', 'dan@none.test', 'late@b.test']],
    [b, [1], ['ann@a.test', 'cat@a.test', 'dan@none.test']],
    [rest, [3], ['ann@a.test', 'ben@b.test', 'late@b.test']],
  ] as const) {
    const session = await client.readSession({ params: { id } });
    const listed = (await client.listSessions()).items;
    const events = (await client.listEvents()).items.filter(({ type }) => type === 'session:closed');
    const messageIds = own.map((n) => ids[n]);
    for (const one of [session, listed[0], (events[0] as { payload: { session: object } }).payload.session])
      expect(one).toMatchObject({ messageIds, messages: own.length });
    const transcript = await client.readTranscript({ params: { id }, query: { data: 'full' } });
    const text = await client.readTranscriptText({ params: { id } });
    const seen = JSON.stringify([session, listed, events, transcript]) + text;
    const bytes = transcript.items
      .map(({ base64 = '' }) => Buffer.from(base64, 'base64').toString())
      .join('');
    for (const address of foreign) expect(seen + bytes).not.toContain(address);
    expect(bytes).toContain('secret of');
    expect(seen).toContain('QUIT');
    for (const [n, other] of ids.entries()) if (!own.includes(n as never)) expect(seen).not.toContain(other);
    const latest = await client.readSession({ params: { id: 'latest' } });
    expect(latest.id).toBe(id);
  }
  const whole = await sandbox.client.readSession({ params: { id } });
  expect(whole).toMatchObject({ inboxes: ['a', 'b', 'default'], messages: 4 });
  expect(whole.transactions.map(({ inboxes }) => inboxes)).toEqual([['a'], ['b'], ['a'], ['default'], ['b']]);

  // Who deletes it in one inbox leaves it to the others.
  expect(await a.deleteSession({ params: { id } })).toEqual({ count: 1 });
  await expect(a.readSession({ params: { id } })).rejects.toMatchObject({ code: 'not_found' });
  expect((await sandbox.client.readSession({ params: { id } })).inboxes).toEqual(['b', 'default']);
  await sandbox.client.deleteInbox({ params: { name: 'b' } });
  expect((await sandbox.client.readSession({ params: { id } })).inboxes).toEqual(['default']);
  expect(await rest.deleteSessions({ body: { all: true } })).toEqual({ count: 1 });
  expect((await sandbox.client.listSessions()).items).toEqual([]);
  const deletions = (await sandbox.client.listEvents()).items.filter(
    ({ type }) => type === 'sessions:deleted',
  );
  expect(deletions.map(({ payload }) => payload)).toEqual([
    { ids: [], reason: 'request', byInbox: { a: [id] } },
    { ids: [], reason: 'request', byInbox: { b: [id] } },
    { ids: [id], reason: 'request', byInbox: { default: [id] } },
  ]);
});

test('an inbox takes its deletion of a shared session back, whole, and the others notice nothing', async () => {
  const { sandbox, id, a, b } = await startShared();
  await using _ = sandbox;
  const seen = async () => ({
    whole: await sandbox.client.readSession({ params: { id } }),
    own: await a.readSession({ params: { id } }),
    text: await a.readTranscriptText({ params: { id } }),
    listed: (await a.listSessions()).items,
  });
  const before = await seen();
  // That its message was parsed comes when it comes.
  const toldOfSessions = async () =>
    (await b.listEvents()).items.filter(({ type }) => type.startsWith('session')).length;
  const toldBefore = await toldOfSessions();

  await a.deleteSession({ params: { id } });
  expect(await b.restoreSessions({ body: { ids: [id] } })).toEqual({ count: 0 });
  expect(await a.restoreSessions({ body: { ids: [id] } })).toEqual({ count: 1 });
  expect(await seen()).toEqual(before);
  expect(await toldOfSessions()).toBe(toldBefore);
  expect((await a.listEvents()).items.at(-1)).toMatchObject({
    type: 'sessions:restored',
    payload: { ids: [id] },
  });

  await a.deleteSessions({ body: { all: true } });
  expect(await sandbox.client.restoreSessions({ body: { all: true } })).toEqual({ count: 1 });
  expect(await seen()).toEqual(before);

  await a.deleteSession({ params: { id }, query: { purge: 'true' } });
  expect(await a.restoreSessions({ body: { all: true } })).toEqual({ count: 0 });
  await b.deleteSession({ params: { id } });
  await sandbox.client.deleteInbox({ params: { name: 'b' } });
  expect(await sandbox.client.restoreSessions({ body: { all: true } })).toEqual({ count: 0 });
});

test('a session without a message belongs to its login, or to where its recipients would have gone', async () => {
  await using sandbox = await startWithTwo();
  await sandbox.client.createInbox({ body: { name: 'c', smtp: { user: 'carl', password: 'pw' } } });
  await tryLogin(sandbox, { user: 'carl', password: 'wrong' });
  const wire = await sandbox.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<x@x.test>');
  await wire.say('RCPT TO:<gone@a.test>');
  wire.end();
  await wire.closed();
  const idle = await sandbox.wire();
  await idle.hello();
  await idle.quit();
  await sandbox.closedSessions(3);
  const outcomes = async (inbox: string) =>
    (await openIn(sandbox, inbox).listSessions()).items.map(({ outcome }) => outcome);
  expect(await outcomes('c')).toEqual(['auth-failed']);
  expect(await outcomes('a')).toEqual(['aborted']);
  expect(await outcomes('default')).toEqual(['no-command']);
  expect(await outcomes('b')).toEqual([]);
  const found = await openIn(sandbox, 'c').listSessions({ query: { query: 'auth:carl' } });
  expect(found.items).toHaveLength(1);
  expect((await openIn(sandbox, 'b').listSessions({ query: { query: 'auth:carl' } })).items).toEqual([]);
});

test('a running session is seen from the moment on that it belongs to the inbox, with its lines', async () => {
  await using sandbox = await startWithTwo();
  const opened: string[] = [];
  const lines: string[] = [];
  let told = (): void => {};
  const wasTold = new Promise<void>((resolve) => (told = resolve));
  const live = openLive(sandbox.url, { inbox: 'b' });
  live.on('session:updated', ({ payload: { session } }) => {
    if (opened.push(session.id) > 1) return;
    live.watchSession(session.id, 0, (added) => {
      lines.push(...added.map(({ text }) => text));
      if (lines.some((text) => text.startsWith('RCPT TO:<four@b.test>'))) told();
    });
  });
  await expect.poll(() => live.cursor).not.toBeNull();
  const other = await sandbox.wire();
  await other.hello();
  await other.mail(undefined, undefined, ['x@a.test']);
  const wire = await sandbox.wire();
  await wire.hello();
  await wire.mail(undefined, undefined, ['one@a.test']);
  for (const to of ['two@b.test', 'three@a.test', 'four@b.test']) await wire.mail(undefined, undefined, [to]);
  await wasTold;
  live.close();
  await wire.quit();
  await other.quit();
  expect(new Set(opened).size).toBe(1);
  expect(lines.join('\n')).not.toContain('@a.test');
  expect(lines.join('\n')).toContain('two@b.test');
  expect(lines.join('\n')).toContain('EHLO client.test');
});

test('a pooled connection that outlives its inbox leaves nothing behind', async () => {
  await using sandbox = await startTestSandbox();
  await sandbox.client.createInbox({ body: { name: 'run', rules: [{ domain: 'run.test' }] } });
  const wire = await sandbox.wire();
  await wire.hello();
  await wire.mail(undefined, undefined, ['x@run.test']);
  await sandbox.client.deleteInbox({ params: { name: 'run' } });
  const before = await sendMail(sandbox, { to: ['x@run.test'] });
  expect((await sandbox.client.readMessage({ params: { id: before } })).inboxes).toEqual(['default']);
  await wire.quit();
  await expect
    .poll(async () => (await sandbox.client.listSessions()).items.map(({ messageIds }) => messageIds))
    .toEqual([[before]]);
});

test('of a long connection that still runs, an inbox sees all of its own and nothing else', async () => {
  await using sandbox = await startWithTwo();
  const wire = await sandbox.wire();
  await wire.hello();
  for (let n = 0; n < 130; n += 1) await wire.mail(undefined, undefined, [`x${n}@${n % 2 ? 'a' : 'b'}.test`]);
  const a = openIn(sandbox, 'a');
  const session = await a.readSession({ params: { id: 'latest' } });
  expect(session.transactions.map(({ n }) => n)).toEqual(Array.from({ length: 65 }, (_, n) => 2 * n + 2));
  const { items } = await a.readTranscript({ params: { id: session.id }, query: { limit: 5000 } });
  const recipients = items.flatMap(({ text }) => /^RCPT TO:<x(\d+)@a/.exec(text)?.[1] ?? []);
  expect(recipients.map(Number)).toEqual(Array.from({ length: 65 }, (_, n) => 2 * n + 1));
  expect(JSON.stringify([session, items])).not.toContain('@b.test');
  await wire.quit();
});

test('messages before a login, or before there were inboxes, are not those of who comes later', async () => {
  await using sandbox = await startTestSandbox();
  const wire = await sandbox.wire();
  await wire.hello();
  await wire.mail(undefined, undefined, ['first@none.test']);
  await sandbox.client.createInbox({ body: { name: 'c', smtp: { user: 'carl', password: 'pw' } } });
  await wire.say(`AUTH PLAIN ${Buffer.from('\0carl\0pw').toString('base64')}`);
  const [c, rest] = [openIn(sandbox, 'c'), openIn(sandbox, 'default')];
  expect((await c.listSessions()).items).toMatchObject([{ messages: 0, messageIds: [] }]);
  await wire.say('MAIL FROM:<x@x.test>');
  await wire.say('RCPT TO:<second@none.test>');
  const { items } = await c.readTranscript({ params: { id: 'latest' } });
  expect(items.map(({ text }) => text).join()).toContain('second@none.test');
  await wire.quit();
  const { id } = await sandbox.closedSession();
  const lines = async (client: typeof c) => await client.readTranscriptText({ params: { id } });
  expect(await lines(c)).not.toContain('first@none.test');
  expect(await lines(c)).toContain('second@none.test');
  expect(await lines(rest)).toContain('first@none.test');
  expect(await lines(rest)).not.toContain('second@none.test');
  expect((await rest.listSessions()).items).toMatchObject([{ messages: 1 }]);
});

test('of the simulated failures that a connection met each inbox sees those of its own messages', async () => {
  await using sandbox = await startWithTwo();
  for (const body of [
    { preset: 'generic/mailbox-full', when: { to: 'full@*' } },
    { stage: 'ehlo' as const, without: ['SIZE'] },
  ])
    await sandbox.client.createFault({ body });
  const wire = await sandbox.wire();
  await wire.hello();
  for (const [name, other] of [
    ['a', 'ann'],
    ['b', 'ben'],
  ] as const) {
    await wire.say(`MAIL FROM:<app@${name}.test>`);
    expect(await wire.say(`RCPT TO:<full@${name}.test>`)).toMatch(/^452 /);
    await wire.say(`RCPT TO:<${other}@${name}.test>`);
    await wire.say('DATA');
    expect(await wire.say('Subject: x\r\n\r\nx\r\n.')).toMatch(/^250 /);
  }
  await wire.quit();
  const { id, faultList } = await sandbox.closedSession();
  expect(faultList?.map(({ stage }) => stage)).toEqual(['ehlo', 'rcpt', 'rcpt']);
  for (const [name, theirs] of [
    ['a', 'full@b.test'],
    ['b', 'full@a.test'],
  ] as const) {
    const client = openIn(sandbox, name);
    const session = await client.readSession({ params: { id } });
    expect(session.faultList?.map(({ text }) => text)).toEqual([
      expect.stringContaining('SIZE'),
      expect.stringContaining(`full@${name}.test`),
    ]);
    expect(session.faults).toBe(2);
    const text = await client.readTranscriptText({ params: { id } });
    expect(text).toContain(`full@${name}.test`);
    expect(
      JSON.stringify([session, await client.listSessions(), await client.listEvents()]) + text,
    ).not.toContain(theirs);
  }
});

test('in an inbox whose messages met no simulated failure a session has none', async () => {
  await using sandbox = await startWithTwo();
  await sandbox.client.createFault({ body: { preset: 'generic/mailbox-full', when: { to: 'full@*' } } });
  const wire = await sandbox.wire();
  await wire.hello();
  expect(await wire.mail(undefined, undefined, ['ann@a.test'])).toMatch(/^250 /);
  await wire.say('MAIL FROM:<app@b.test>');
  expect(await wire.say('RCPT TO:<full@b.test>')).toMatch(/^452 /);
  await wire.say('RCPT TO:<ben@b.test>');
  await wire.say('DATA');
  expect(await wire.say('x\r\n.')).toMatch(/^250 /);
  await wire.quit();
  const { id } = await sandbox.closedSession();
  const [a, b] = await Promise.all(
    ['a', 'b'].map((name) => openIn(sandbox, name).readSession({ params: { id } })),
  );
  expect([a!.faults, a!.faultList]).toEqual([undefined, undefined]);
  expect([b!.faults, b!.faultList?.length]).toEqual([1, 1]);
});
