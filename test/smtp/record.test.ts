// What is known of a session afterwards: phases, offers, TLS, AUTH, transactions, how it ended, and the way back.
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

test('a session over STARTTLS shows its phases, both offers, the handshake, each AUTH step and the transaction', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire(1);
  await wire.hello('before.test');
  await wire.say('STARTTLS');
  await wire.secure({ servername: 'localhost' });
  await wire.say('EHLO inside.test');
  await wire.say('AUTH LOGIN');
  await wire.say(Buffer.from('joe').toString('base64'));
  expect(await wire.say(Buffer.from('pass word ').toString('base64'))).toMatch(/^235 /);
  const id = /m_\w+/.exec(await wire.mail())![0];
  await wire.quit();
  const session = await sandbox.closedSession();

  expect(session).toMatchObject({
    outcome: 'captured',
    listener: 'submission',
    clientName: 'inside.test',
    tls: 'TLSv1.3',
    user: 'joe',
    mechanism: 'LOGIN',
    messages: 1,
    messageIds: [id],
    firstMail: { from: 'ann@example.test', to: 'bob@example.test', recipients: 1 },
    ended: { by: 'client', how: 'quit', phase: 'quit' },
  });
  expect(session.ehlo.map(({ name, secure }) => [name, secure])).toEqual([
    ['before.test', false],
    ['inside.test', true],
  ]);
  expect(session.ehlo[0]!.offered.find(({ keyword }) => keyword === 'STARTTLS')?.used).toBe(true);
  expect(session.ehlo[1]!.offered.find(({ keyword }) => keyword === 'AUTH')?.used).toBe(true);

  const [handshake] = session.handshakes;
  expect(handshake).toMatchObject({
    mode: 'starttls',
    ok: true,
    version: 'TLSv1.3',
    sni: 'localhost',
    failure: null,
  });
  expect(handshake!.cipher).toMatch(/^TLS_/);
  expect(handshake!.group).toBeTruthy();
  expect(handshake!.clientHello!.ja4).toMatch(/^t13d/);
  expect(handshake!.certificates[0]!.names).toContain('localhost');
  expect(handshake!.steps.map(({ name }) => name).slice(0, 2)).toEqual(['ClientHello', 'ServerHello']);

  const [attempt] = session.auth;
  expect(attempt).toMatchObject({
    mechanism: 'LOGIN',
    ok: true,
    code: 235,
    user: 'joe',
    secure: true,
    credential: null,
  });
  expect(attempt!.secret).toEqual({
    length: 10,
    charset: 'ascii',
    trailingWhitespace: true,
    looksLikeBase64: false,
  });

  const lines = await sandbox.lines(session.id);
  expect([...new Set(lines.map(({ phase }) => phase))]).toEqual([
    'plain',
    'handshake',
    'secured',
    'auth',
    'transaction 1',
    'quit',
  ]);
  expect(lines.map(({ n }) => n)).toEqual(lines.map((_, index) => index));
  expect(lines.every((line, index) => index === 0 || line.kind === 'event' || line.atUs >= 0)).toBe(true);
  for (const step of attempt!.steps) {
    expect(lines[step.line]!.kind).toMatch(/command|auth|reply/);
    expect(lines[step.line]!.from).toBe(step.from);
  }

  const message = await sandbox.client.readMessage({ params: { id } });
  const [transaction] = session.transactions;
  expect(message.sessionId).toBe(session.id);
  expect(message.lines).toEqual({
    first: transaction!.firstLine,
    last: lines.find(({ kind }) => kind === 'data')!.n,
  });
  expect(lines[message.lines!.first]!.text).toMatch(/^MAIL FROM/);
  expect(lines[message.lines!.last]!.messageId).toBe(id);
  expect(transaction).toMatchObject({
    outcome: 'stored',
    reply: { code: 250 },
    from: { line: message.lines!.first },
  });
});

test('sessions without a message are kept with what happened', async () => {
  await using sandbox = await startTestSandbox();
  const visit = async (
    listener: number,
    act: (wire: Awaited<ReturnType<typeof sandbox.wire>>) => Promise<unknown>,
  ): Promise<void> => {
    await using wire = await sandbox.wire(listener);
    await act(wire);
    wire.end();
    await wire.closed().catch(() => {});
  };
  await visit(0, async (wire) => wire.reply());
  await visit(0, async (wire) => {
    await wire.hello();
    await wire.say('QUIT');
  });
  await visit(0, async (wire) => {
    await wire.hello();
    await wire.say('MAIL FROM:<a@b.test> SIZE=99999999999');
    await wire.say('QUIT');
  });
  await visit(0, async (wire) => {
    await wire.hello();
    await wire.say('MAIL FROM:<a@b.test>');
    await wire.say('RCPT TO:<c@d.test>');
  });
  const sessions = await sandbox.closedSessions(4);
  expect(sessions.map(({ outcome }) => outcome)).toEqual(['no-command', 'no-command', 'refused', 'aborted']);
  expect(sessions[2]!.transactions[0]).toMatchObject({ outcome: 'refused', reply: { code: 552 } });
  expect(sessions.map(({ refusal }) => refusal)).toEqual([
    undefined,
    undefined,
    { command: 'MAIL FROM', code: 552, enhanced: '5.3.4' },
    undefined,
  ]);
  expect(sessions[3]!.transactions[0]!.recipients[0]).toMatchObject({
    address: 'c@d.test',
    reply: { code: 250 },
  });
  expect(sessions[3]!.ended!.text).toBe(
    'The client closed the connection without QUIT in the middle of mail 1, after RCPT.',
  );
});

test('a running session can be watched, read, and is the same afterwards', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  const { items } = await sandbox.client.listSessions({});
  expect(items[0]).toMatchObject({ outcome: 'open', closedAt: null });
  const id = items[0]!.id;
  const during = await sandbox.lines(id);
  expect(during.map(({ text }) => text)).toContain('EHLO client.test');
  await wire.mail();
  const middle = await sandbox.lines(id);
  expect(middle.slice(0, during.length)).toEqual(during);
  await wire.quit();
  await sandbox.closedSession();
  const after = await sandbox.lines(id);
  expect(after.slice(0, middle.length).map(({ text, n }) => [n, text])).toEqual(
    middle.map(({ text, n }) => [n, text]),
  );
});

test('what a message declares and what it is are compared', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<a@b.test> SIZE=9000');
  wire.send(Buffer.from('RCPT TO:<jörg@b.test>\r\n', 'utf8'));
  expect(await wire.reply()).toMatch(/^250 /);
  await wire.say('DATA');
  wire.send(Buffer.from('Subject: grüße\n\r\nbare\rcr\0\r\n', 'utf8'));
  await wire.say('.');
  wire.end();
  const session = await sandbox.closedSession();
  const found = session.anomalyList.map(({ kind }) => kind).sort();
  expect(found).toEqual(
    expect.arrayContaining([
      'bare-cr',
      'bare-lf',
      'eight-bit-without-8bitmime',
      'no-quit',
      'nul',
      'size-mismatch',
      'utf8-address-without-smtputf8',
    ]),
  );
  expect(session.anomalies).toBe(session.anomalyList.length);
});

test('a parameter that EHLO did not offer is taken, and it is said that other servers refuse it', async () => {
  await using sandbox = await startTestSandbox();
  let sessions = 0;
  const anomaliesAfter = async (...commands: string[]) => {
    await using wire = await sandbox.wire();
    await wire.reply();
    for (const command of commands) expect(await wire.say(command)).toMatch(/^250[ -]/);
    wire.end();
    const { anomalyList } = (await sandbox.closedSessions(++sessions)).at(-1)!;
    return anomalyList.filter(({ kind }) => kind === 'parameter-not-offered').map(({ text }) => text);
  };
  const known = 'MAIL FROM:<a@b.test> size=9 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=q AUTH=<>';
  const recipient = 'RCPT TO:<c@d.test> NOTIFY=NEVER ORCPT=rfc822;c@d.test';
  expect(await anomaliesAfter('EHLO x.test', known, recipient)).toEqual([]);
  expect(
    await anomaliesAfter('EHLO x.test', 'MAIL FROM:<a@b.test> SIZE=9 HOLDFOR=60 X-Fast', recipient),
  ).toEqual([expect.stringContaining('did not offer HOLDFOR, X-Fast; other servers answer 555')]);
  expect(await anomaliesAfter('HELO x.test', 'MAIL FROM:<a@b.test> SIZE=9')).toHaveLength(1);
  expect(await anomaliesAfter('EHLO x.test', 'MAIL FROM:<a@b.test> NOTIFY=NEVER SIZE=9')).toEqual([
    'MAIL came with NOTIFY, which the reply to EHLO offered for RCPT; other servers answer 555 (RFC 5321 4.1.1.11).',
  ]);
  const misplaced = 'RCPT TO:<c@d.test> size=9 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=q AUTH=<>';
  expect(await anomaliesAfter('EHLO x.test', 'MAIL FROM:<a@b.test>', misplaced)).toEqual([
    expect.stringContaining(
      'RCPT came with size, BODY, SMTPUTF8, RET, ENVID, which the reply to EHLO offered for MAIL',
    ),
  ]);
});

test('deleting a message leaves the session, which says that the bytes are gone', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  const id = /m_\w+/.exec(await wire.mail())![0];
  wire.end();
  const session = await sandbox.closedSession();
  await sandbox.client.deleteMessage({ params: { id }, query: { purge: 'true' } });
  const data = (await sandbox.lines(session.id)).find(({ kind }) => kind === 'data');
  expect(data).toMatchObject({ messageId: id, lost: true });
});

test('a transaction that a command gives up says which, one that the connection ends says nothing of one', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const command of ['RSET', 'EHLO again.test']) {
    expect(await wire.say('MAIL FROM:<a@b.test>')).toMatch(/^250/);
    expect(await wire.say(command)).toMatch(/^250/);
  }
  expect(await wire.say('MAIL FROM:<a@b.test>')).toMatch(/^250/);
  wire.end();
  const session = await sandbox.closedSession();
  expect(session.transactions.map(({ outcome, endedBy }) => [outcome, endedBy])).toEqual([
    ['reset', 'RSET'],
    ['reset', 'EHLO'],
    ['aborted', undefined],
  ]);
});

test.each([
  [['RCPT TO:<a@b.test>'], 'refused', { command: 'RCPT TO', code: 503, enhanced: '5.5.1' }],
  [['DATA'], 'refused', { command: 'DATA', code: 503, enhanced: '5.5.1' }],
  [['BDAT 0 LAST'], 'refused', { command: 'BDAT', code: 503, enhanced: '5.5.1' }],
  [['MAIL FROM:<a@b.test>', 'DATA'], 'refused', { command: 'DATA', code: 503, enhanced: '5.5.1' }],
  [
    ['MAIL FROM:<a@b.test>', 'RCPT TO:<bad', 'DATA'],
    'refused',
    { command: 'RCPT TO', code: 501, enhanced: '5.1.3' },
  ],
  [['MAIL FROM:<a@b.test>', 'MAIL FROM:<c@d.test>', 'RSET'], 'refused', { command: 'MAIL FROM', code: 503 }],
  [['AUTH PLAIN AGEAYg=='], 'captured', undefined],
  // Who only checks an address. No text on this outcome may say that nothing was tried.
  [['MAIL FROM:<a@b.test>', 'RCPT TO:<c@d.test>'], 'no-command', undefined],
] as const)('after %j the session is %s, and says what was refused', async (commands, outcome, refusal) => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const command of commands) await wire.say(command);
  if (outcome === 'captured') await wire.mail();
  await wire.quit();
  const session = await sandbox.closedSession();
  expect(session.outcome).toBe(outcome);
  if (refusal === undefined) expect(session.refusal).toBeUndefined();
  else expect(session.refusal).toMatchObject(refusal);
});

test('a login before STARTTLS, where that is required, is a failed one', async () => {
  await using sandbox = await startTestSandbox({ listen: ['smtp://127.0.0.1:0?tls=required&auth=required'] });
  await using wire = await sandbox.wire(3);
  await wire.hello();
  expect(await wire.say('AUTH PLAIN AGFubgBzZWNyZXQ=')).toMatch(/^530 5\.7\.0 Must issue a STARTTLS/);
  await wire.quit();
  const session = await sandbox.closedSession();
  expect(session).toMatchObject({
    outcome: 'auth-failed',
    refusal: { command: 'AUTH', code: 530, enhanced: null },
    auth: [{ mechanism: 'PLAIN', ok: false, code: 530, secure: false }],
  });
  expect(JSON.stringify(await sandbox.lines(session.id))).not.toContain('AGFubgBzZWNyZXQ=');
});
