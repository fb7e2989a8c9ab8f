// The dialogue as RFC 5321 and its extensions have it, spoken over a socket.
import { describe, expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

const keywords = (reply: string): string[] =>
  reply
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => line.slice(4));

test('the three default listeners offer what they are for', async () => {
  await using sandbox = await startTestSandbox();
  await using plain = await sandbox.wire(0);
  const offered = keywords(await plain.hello());
  expect(offered).toEqual([
    'PIPELINING',
    '8BITMIME',
    'SMTPUTF8',
    'ENHANCEDSTATUSCODES',
    'DSN',
    'SIZE 52428800',
    'CHUNKING',
    'AUTH PLAIN LOGIN',
  ]);
  await using submission = await sandbox.wire(1);
  expect(keywords(await submission.hello())).toContain('STARTTLS');
  await submission.say('STARTTLS');
  await submission.secure();
  const inside = keywords(await submission.say('EHLO client.test'));
  expect(inside).not.toContain('STARTTLS');
  expect(inside).toContain('AUTH PLAIN LOGIN');
});

test('a listener that requires TLS says so and hides AUTH before it', async () => {
  await using sandbox = await startTestSandbox({ listen: ['smtp://127.0.0.1:0?tls=required&auth=required'] });
  await using wire = await sandbox.wire(3);
  expect(keywords(await wire.hello()).join()).not.toContain('AUTH');
  expect(await wire.say('MAIL FROM:<a@b.test>')).toBe('530 5.7.0 Must issue a STARTTLS command first\r\n');
  await wire.say('STARTTLS');
  await wire.secure();
  await wire.say('EHLO client.test');
  expect(await wire.say('MAIL FROM:<a@b.test>')).toMatch(/^530 5\.7\.0 .*authentication/i);
  expect(await wire.say(`AUTH PLAIN ${Buffer.from('\0ann\0x').toString('base64')}`)).toMatch(/^235 2\.7\.0 /);
  expect(await wire.mail()).toMatch(/^250 2\.0\.0 Ok: queued as m_/);
});

test('with auth-tls=required AUTH in clear is answered 538 and offered inside TLS', async () => {
  await using sandbox = await startTestSandbox({
    listen: ['smtp://127.0.0.1:0?tls=offered&auth-tls=required'],
  });
  await using wire = await sandbox.wire(3);
  expect(keywords(await wire.hello()).join()).not.toContain('AUTH');
  expect(await wire.say('AUTH PLAIN AGEAYg==')).toMatch(/^538 5\.7\.11 /);
  await wire.say('STARTTLS');
  await wire.secure();
  expect(keywords(await wire.say('EHLO client.test'))).toContain('AUTH PLAIN LOGIN');
});

test('with a list of users only those are let in, and an inner login survives for several messages', async () => {
  await using sandbox = await startTestSandbox({ user: ['ann:secret'], auth: 'required' });
  await using wire = await sandbox.wire();
  await wire.hello();
  expect(await wire.say(`AUTH PLAIN ${Buffer.from('\0ann\0wrong').toString('base64')}`)).toMatch(
    /^535 5\.7\.8 /,
  );
  expect(await wire.say('MAIL FROM:<a@b.test>')).toMatch(/^530 /);
  expect(await wire.say(`AUTH PLAIN ${Buffer.from('\0ann\0secret').toString('base64')}`)).toMatch(/^235 /);
  expect(await wire.say(`AUTH PLAIN ${Buffer.from('\0ann\0secret').toString('base64')}`)).toMatch(
    /^503 5\.5\.1 /,
  );
  expect(await wire.mail()).toMatch(/^250 /);
  expect(await wire.mail()).toMatch(/^250 /);
});

test('DSN and size parameters are kept as sent, in the envelope and in the transaction', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<Ann@Example.test> SIZE=20 BODY=8BITMIME RET=HDRS ENVID=ab+2Bc');
  await wire.say('RCPT TO:<bob@example.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Bob+40example.test');
  await wire.say('RCPT TO:<BOB@example.test>');
  await wire.say('DATA');
  wire.send('Subject: x\r\n\r\ny\r\n');
  const id = /m_\w+/.exec(await wire.say('.'))![0];
  const message = await sandbox.client.readMessage({ params: { id } });
  expect(message.envelope.from.address).toBe('Ann@Example.test');
  expect(message.envelope.from.params).toEqual([
    { name: 'SIZE', value: '20' },
    { name: 'BODY', value: '8BITMIME' },
    { name: 'RET', value: 'HDRS' },
    { name: 'ENVID', value: 'ab+2Bc' },
  ]);
  expect(message.envelope.to.map(({ address }) => address)).toEqual(['bob@example.test', 'BOB@example.test']);
  expect(message.envelope.to[0]!.params).toContainEqual({
    name: 'ORCPT',
    value: 'rfc822;Bob+40example.test',
  });
  wire.end();
  const session = await sandbox.closedSession();
  expect(session.transactions[0]).toMatchObject({ outcome: 'stored', messageId: id, recipientCount: 2 });
  const used = session.ehlo[0]!.offered.filter((entry) => entry.used).map(({ keyword }) => keyword);
  expect(used).toEqual(['8BITMIME', 'DSN', 'SIZE']);
});

test('an argument of a command that takes none is refused, and the transaction goes on', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<a@b.test>');
  await wire.say('RCPT TO:<c@d.test>');
  for (const verb of ['RSET', 'QUIT', 'DATA'])
    expect(await wire.say(`${verb} now`)).toBe(`501 5.5.4 Syntax: ${verb} takes no arguments\r\n`);
  expect(await wire.say('data  ')).toMatch(/^354 /);
  wire.send('Subject: x\r\n\r\n');
  expect(await wire.say('.')).toMatch(/^250 /);
});

test('a word too many behind AUTH is refused, is masked, and logs nobody in', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const words of ['PLAIN AGFubgBzZWNyZXQ= more', 'LOGIN YW5u c2VjcmV0'])
    expect(await wire.say(`AUTH ${words}`)).toMatch(/^501 5\.5\.4 Syntax: AUTH mechanism/);
  wire.end();
  const session = await sandbox.closedSession();
  expect(session.auth.map(({ ok, code }) => ({ ok, code }))).toEqual([
    { ok: false, code: 501 },
    { ok: false, code: 501 },
  ]);
  expect(JSON.stringify(await sandbox.lines(session.id))).not.toMatch(/AGFubgBzZWNyZXQ|c2VjcmV0/);
});

test('a thousand pipelined commands are answered in order', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  const group = 'NOOP\r\nRSET\r\nVRFY x\r\nHELP\r\n';
  wire.send(group.repeat(250));
  for (let turn = 0; turn < 250; turn++) {
    expect(
      [await wire.reply(), await wire.reply(), await wire.reply(), await wire.reply()].map((reply) =>
        reply.slice(0, 3),
      ),
    ).toEqual(['250', '250', '252', '214']);
  }
});

test('a whole transaction in one segment is one message, and the transcript shows what was pipelined', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  wire.send('MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n');
  for (const code of ['250', '250', '354']) expect((await wire.reply()).slice(0, 3)).toBe(code);
  wire.send('Subject: x\r\n\r\nbody\r\n.\r\nMAIL FROM:<e@f.test>\r\nQUIT\r\n');
  for (const code of ['250', '250', '221']) expect((await wire.reply()).slice(0, 3)).toBe(code);
  wire.end();
  const session = await sandbox.closedSession();
  const lines = await sandbox.lines(session.id);
  const pipelined = lines.filter((line) => line.pipelined).map((line) => line.text);
  expect(pipelined).toEqual(['RCPT TO:<c@d.test>', 'DATA', 'MAIL FROM:<e@f.test>', 'QUIT']);
  expect(session.transactions).toMatchObject([{ outcome: 'stored' }, { outcome: 'reset', endedBy: 'QUIT' }]);
  expect(session.transactions[0]).not.toHaveProperty('endedBy');
});

describe('BDAT (RFC 3030)', () => {
  test('without recipients is refused and its bytes are not taken for commands', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await wire.hello();
    wire.send('BDAT 6 LAST\r\nQUIT\r\n');
    expect(await wire.reply()).toMatch(/^503 5\.5\.1 /);
    expect(await wire.say('NOOP')).toMatch(/^250 /);
  });
  test('a size that cannot be read ends the session, since nothing behind it can be framed', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await wire.hello();
    expect(await wire.say('BDAT -1')).toMatch(/^501 5\.5\.4 /);
    await wire.closed();
  });
  test('RSET between chunks forgets them; DATA between chunks is refused', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await wire.hello();
    await wire.say('MAIL FROM:<a@b.test>');
    await wire.say('RCPT TO:<c@d.test>');
    wire.send('BDAT 5\r\nhello');
    expect(await wire.reply()).toMatch(/^250 /);
    expect(await wire.say('DATA')).toMatch(/^503 /);
    expect(await wire.say('RSET')).toMatch(/^250 /);
    await wire.say('MAIL FROM:<a@b.test>');
    await wire.say('RCPT TO:<c@d.test>');
    wire.send('BDAT 3 LAST\r\nabc');
    const id = /m_\w+/.exec(await wire.reply())![0];
    const raw = await (await fetch(`${sandbox.url}/api/messages/${id}/raw`)).text();
    expect(raw).toBe('abc');
    expect((await sandbox.client.listMessages({})).items).toHaveLength(1);
  });
});

test('LMTP answers once for each accepted recipient', async () => {
  await using sandbox = await startTestSandbox({ listen: ['lmtp://127.0.0.1:0'] });
  await using wire = await sandbox.wire(3);
  expect(await wire.reply()).toMatch(/^220 .*LMTP/);
  expect(await wire.say('EHLO x')).toMatch(/^500 /);
  await wire.say('LHLO client.test');
  await wire.say('MAIL FROM:<a@b.test>');
  for (const to of ['one@d.test', 'ONE@d.test', 'two@d.test']) await wire.say(`RCPT TO:<${to}>`);
  await wire.say('DATA');
  wire.send('Subject: x\r\n\r\ny\r\n');
  const first = await wire.say('.');
  const all = [first, await wire.reply(), await wire.reply()];
  expect(all.every((reply) => /^250 2\.0\.0 Ok: queued as m_\w+ <\w+@d\.test>/.test(reply))).toBe(true);
  expect(await wire.say('QUIT')).toMatch(/^221 /);
  expect((await sandbox.client.listMessages({})).items).toHaveLength(1);
});

test('a PROXY header gives the session the address of the real client', async () => {
  await using sandbox = await startTestSandbox({ listen: ['smtp://127.0.0.1:0?proxy=true'] });
  await using wire = await sandbox.wire(3);
  wire.send('PROXY TCP4 192.0.2.7 198.51.100.1 4711 25\r\nEHLO early.test\r\n');
  expect(await wire.reply()).toMatch(/^220 /);
  expect(await wire.reply()).toMatch(/^250/);
  wire.end();
  const session = await sandbox.closedSession();
  expect(session.peer).toEqual({ address: '192.0.2.7', port: 4711 });
  expect(session.socketPeer.address).toBe('127.0.0.1');
  expect(session.proxy).toMatchObject({ version: 1, destination: { address: '198.51.100.1', port: 25 } });
});

test('a listener that expects a PROXY header refuses who sends none', async () => {
  await using sandbox = await startTestSandbox({ listen: ['smtp://127.0.0.1:0?proxy=true'] });
  await using wire = await sandbox.wire(3);
  wire.send('EHLO client.test\r\n');
  expect(await wire.reply()).toMatch(/^421 4\.3\.2 /);
  await wire.closed();
});

test('XCLIENT changes the client and starts the session over', async () => {
  await using sandbox = await startTestSandbox({ listen: ['smtp://127.0.0.1:0?xclient=true'] });
  await using wire = await sandbox.wire(3);
  expect(keywords(await wire.hello()).join()).toContain('XCLIENT');
  expect(await wire.say('XCLIENT NAME=mail.example.test ADDR=192.0.2.9 PORT=4242 LOGIN=ann')).toMatch(
    /^220 /,
  );
  await wire.say('EHLO relay.test');
  expect(await wire.mail()).toMatch(/^250 /);
  wire.end();
  const session = await sandbox.closedSession();
  expect(session.peer).toEqual({ address: '192.0.2.9', port: 4242 });
  expect(session.user).toBe('ann');
});

test('a message over the limit is refused by its declared and by its real size, and nothing is stored', async () => {
  await using sandbox = await startTestSandbox({ maxSize: '1000' });
  await using wire = await sandbox.wire();
  await wire.hello();
  expect(await wire.say('MAIL FROM:<a@b.test> SIZE=2000')).toMatch(/^552 5\.3\.4 .*1000/);
  expect(await wire.mail(`${'x'.repeat(98)}\r\n`.repeat(20))).toMatch(/^552 5\.3\.4 .*1000/);
  expect(await wire.mail()).toMatch(/^250 /);
  expect((await sandbox.client.listMessages({})).items).toHaveLength(1);
});

test('the hundredth and first recipient over the limit gets 452 and the others keep their place', async () => {
  await using sandbox = await startTestSandbox({ maxRecipients: '100' });
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<a@b.test>');
  wire.send(Array.from({ length: 101 }, (_, i) => `RCPT TO:<r${i}@b.test>\r\n`).join(''));
  for (let i = 0; i < 100; i++) expect(await wire.reply()).toMatch(/^250 /);
  expect(await wire.reply()).toMatch(/^452 4\.5\.3 /);
  await wire.say('DATA');
  expect(await wire.say('Subject: x\r\n\r\ny\r\n.')).toMatch(/^250 /);
  expect((await sandbox.client.listMessages({})).items[0]!.rcptCount).toBe(100);
});

test('unknown and unimplemented commands get their codes, and twenty in a row end the session', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  expect(await wire.say('XYZZY')).toMatch(/^500 5\.5\.2 /);
  expect(await wire.say('EXPN list')).toMatch(/^502 5\.5\.1 /);
  expect(await wire.say('DATA')).toMatch(/^503 5\.5\.1 /);
  for (let turn = 0; turn < 17; turn++) expect(await wire.say('XYZZY')).toMatch(/^500 /);
  await wire.say('XYZZY');
  expect(await wire.reply()).toMatch(/^421 4\.7\.0 /);
  await wire.closed();
});
