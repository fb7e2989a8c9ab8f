// Clients that leave, stall or flood: nothing hangs, nothing is lost, and the record says what happened.
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { bytesOfSide, startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import type { Wire } from '../support/wire.ts';

const kinds = (session: { anomalyList: { kind: string }[] }): string[] =>
  session.anomalyList.map(({ kind }) => kind);

async function openTransaction(wire: Wire): Promise<void> {
  await wire.hello();
  await wire.say('MAIL FROM:<ann@example.test>');
  await wire.say('RCPT TO:<bob@example.test>');
}

async function clientBytes(sandbox: TestSandbox, id: string): Promise<string> {
  return bytesOfSide(await sandbox.lines(id), 'client').toString('latin1');
}

test('a client that closes right behind the final dot still gets its 250, in clear and inside TLS', async () => {
  await using sandbox = await startTestSandbox();
  const tail = 'MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nSubject: last\r\n\r\nx\r\n.\r\n';
  await using clear = await sandbox.wire();
  await clear.hello();
  clear.send(tail);
  clear.end();
  for (const code of ['250', '250', '354', '250'])
    expect(await clear.reply()).toMatch(new RegExp(`^${code} `));
  await using secured = await sandbox.wire(2);
  await secured.secure();
  await secured.hello();
  secured.send(tail);
  secured.end();
  for (const code of ['250', '250', '354', '250'])
    expect(await secured.reply()).toMatch(new RegExp(`^${code} `));
  // Without close_notify: FIN on TCP alone.
  await using cut = await sandbox.wire(2);
  await cut.secure();
  await cut.hello();
  cut.send(tail);
  cut.socket.end();
  await sandbox.closedSessions(3);
  expect((await sandbox.client.listMessages({})).items).toHaveLength(3);
});

test('a reset behind the final dot stores the message once or not at all', async () => {
  await using sandbox = await startTestSandbox();
  for (let turn = 0; turn < 8; turn++) {
    await using wire = await sandbox.wire();
    await openTransaction(wire);
    await wire.say('DATA');
    wire.send(`Subject: turn ${turn}\r\n\r\nwhole\r\n.\r\n`);
    if (turn % 2) await new Promise((resolve) => setImmediate(resolve));
    wire.reset();
  }
  const sessions = await sandbox.closedSessions(8);
  const { items } = await sandbox.client.listMessages({});
  expect(items).toHaveLength(sessions.filter(({ outcome }) => outcome === 'captured').length);
  expect(new Set(items.map(({ subject }) => subject)).size).toBe(items.length);
  for (const { id, subject } of items) {
    const raw = await (await fetch(`${sandbox.url}/api/messages/${id}/raw`)).text();
    expect(raw).toBe(`Subject: ${subject}\r\n\r\nwhole\r\n`);
  }
});

test('half a ClientHello on a plain port does not keep the connection for ever', async () => {
  await using sandbox = await startTestSandbox({}, { limits: { handshakeMs: 200 } });
  await using wire = await sandbox.wire();
  await wire.reply();
  wire.send(Buffer.from('1603010200010001fc0303', 'hex'));
  await wire.closed();
  wire.end();
  expect((await sandbox.closedSession()).outcome).toBe('tls-failed');
});

test('a client that never reads its replies is let go after the idle limit', async () => {
  await using sandbox = await startTestSandbox({}, { limits: { idleMs: 400 } });
  await using wire = await sandbox.wire();
  wire.socket.pause();
  const flood = Buffer.from('HELP\r\n'.repeat(20_000));
  for (let turn = 0; turn < 60; turn++) wire.send(flood);
  const session = await sandbox.closedSession();
  expect(session.ended).toMatchObject({ by: 'server', how: 'timeout' });
  expect(session.ended!.text).toContain('did not read');
});

test('a client that does not close its side after QUIT is let go', async () => {
  await using sandbox = await startTestSandbox({}, { limits: { lingerMs: 50 } });
  await using wire = await sandbox.wire();
  await wire.hello();
  expect(await wire.say('QUIT')).toMatch(/^221 /);
  expect((await sandbox.closedSession()).ended).toMatchObject({ by: 'client', how: 'quit' });
  expect(wire.socket.writableEnded).toBe(false);
});

test('control characters and overlong lines count as errors, so that they end at the limit', async () => {
  await using sandbox = await startTestSandbox();
  const overlong = `${'x'.repeat(13_000)}\r\n`;
  for (const line of ['NOOP \x01\r\n', overlong]) {
    await using wire = await sandbox.wire();
    await wire.hello();
    wire.send(line.repeat(40));
    for (let turn = 0; turn < 21; turn++) expect(await wire.reply()).toMatch(/^50[01] /);
    expect(await wire.reply()).toMatch(/^421 4\.7\.0 Too many errors/);
    await wire.closed();
  }
  const sessions = await sandbox.closedSessions(2);
  for (const session of sessions) expect(kinds(session)).toContain('too-many-errors');
});

test('what a client sends behind QUIT is in the transcript, with its secrets masked', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  wire.send('QUIT\r\nNOOP\r\nAUTH PLAIN AGFubgBzZWNyZXQ=\r\n');
  expect(await wire.reply()).toMatch(/^221 /);
  wire.end();
  const session = await sandbox.closedSession();
  const shown = await clientBytes(sandbox, session.id);
  expect(shown).toHaveLength(Buffer.concat(wire.sent).length);
  expect(shown).toContain('QUIT\r\nNOOP\r\nAUTH PLAIN ');
  expect(shown).not.toContain('AGFubgBzZWNyZXQ=');
  expect(session.bytesIn).toBe(Buffer.concat(wire.sent).length);
});

test('a refusal reaches a client that is still sending', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await openTransaction(wire);
  wire.send('BDAT x\r\n');
  for (let turn = 0; turn < 16; turn++) wire.send(Buffer.alloc(256 * 1024, 'a'));
  expect(await wire.reply()).toMatch(/^501 5\.5\.4 /);
  wire.end();
  expect((await sandbox.closedSession()).outcome).not.toBe('open');
});

test('shutting down tells a client in the middle of a message why it is cut', async () => {
  const sandbox = await startTestSandbox({}, { limits: { drainMs: 100 } });
  await using wire = await sandbox.wire();
  await openTransaction(wire);
  await wire.say('DATA');
  wire.send('Subject: half\r\n');
  const closing = sandbox[Symbol.asyncDispose]();
  expect(await wire.reply()).toMatch(/^421 4\.3\.2 /);
  wire.end();
  await closing;
});

test('a client with more connections than allowed is told so, and a place that is left is free again', async () => {
  await using sandbox = await startTestSandbox({ maxConnections: '3' });
  const wires = await Promise.all([1, 2, 3].map(() => sandbox.wire()));
  for (const wire of wires) expect(await wire.reply()).toMatch(/^220 /);
  await using fourth = await sandbox.wire();
  expect(await fourth.reply()).toMatch(/^421 4\.7\.0 .*--max-connections/);
  await fourth.closed();
  fourth.end();
  expect((await sandbox.closedSession()).ended).toMatchObject({ by: 'server', how: 'limit' });
  for (const wire of wires) {
    wire.end();
    await once(wire.socket, 'close');
  }
  await sandbox.closedSessions(4);
  await using fifth = await sandbox.wire();
  expect(await fifth.reply()).toMatch(/^220 /);
});

test('a flood of commands is stored while it runs, each line once and in order', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  wire.send('RSET\r\n'.repeat(12_000));
  for (let turn = 0; turn < 12_000; turn++) await wire.reply();
  await wire.quit();
  const { id, truncated } = await sandbox.closedSession();
  const lines = await sandbox.lines(id);
  expect(lines.map(({ n }) => n)).toEqual(lines.map((_, index) => index));
  expect(bytesOfSide(lines, 'client')).toEqual(Buffer.concat(wire.sent));
  expect(bytesOfSide(lines, 'server')).toEqual(Buffer.concat(wire.received));
  expect(truncated).toBe(false);
});

test('a chunk of BDAT that goes over the limit is answered 552 at once, and no further one is taken', async () => {
  await using sandbox = await startTestSandbox({ maxSize: '1000' });
  await using wire = await sandbox.wire();
  await wire.hello();
  await wire.say('MAIL FROM:<a@b.test>');
  await wire.say('RCPT TO:<c@d.test>');
  const chunk = (size: number, last = ''): void => wire.send(`BDAT ${size}${last}\r\n${'x'.repeat(size)}`);
  chunk(900);
  expect(await wire.reply()).toMatch(/^250 /);
  chunk(900);
  expect(await wire.reply()).toMatch(/^552 5\.3\.4 /);
  chunk(9, ' LAST');
  expect(await wire.reply()).toMatch(/^503 /);
  expect(await wire.mail()).toMatch(/^250 /);
});
