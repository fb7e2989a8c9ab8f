// What the record says after errors: every byte of both sides, outcomes, phases, and what was out of order.
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { bytesOfSide, startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import type { Wire } from '../support/wire.ts';
import type { Session } from '../../shared/session.ts';

const kinds = (session: Session): string[] => session.anomalyList.map(({ kind }) => kind);

async function openTransaction(wire: Wire): Promise<void> {
  await wire.hello();
  await wire.say('MAIL FROM:<ann@example.test>');
  await wire.say('RCPT TO:<bob@example.test>');
}

/** The transcript of the client's side must be what it sent; bytes that were not kept count with their length. */
async function expectWhole(sandbox: TestSandbox, session: Session, wire: Wire): Promise<void> {
  const lines = await sandbox.lines(session.id);
  const counted = lines.filter(({ from }) => from === 'client').reduce((sum, { bytes }) => sum + bytes, 0);
  expect(counted).toBe(Buffer.concat(wire.sent).length);
  if (lines.every(({ lost }) => !lost))
    expect(bytesOfSide(lines, 'client')).toEqual(Buffer.concat(wire.sent));
}

describe('the transcript has every byte that the client sent', () => {
  test('when BDAT chunks are given up by RSET and a message follows', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await openTransaction(wire);
    wire.send('BDAT 9\r\ngiven up\n');
    expect(await wire.reply()).toMatch(/^250 /);
    expect(await wire.say('RSET')).toMatch(/^250 /);
    expect(await wire.mail()).toMatch(/^250 /);
    await wire.quit();
    const session = await sandbox.closedSession();
    await expectWhole(sandbox, session, wire);
    expect((await sandbox.lines(session.id)).filter(({ lost }) => lost)).toEqual([]);
  });

  test('when a BDAT chunk comes without a recipient', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await wire.hello();
    wire.send('BDAT 11 LAST\r\nno one\r\nyet');
    expect(await wire.reply()).toMatch(/^503 5\.5\.1 /);
    expect(await wire.mail()).toMatch(/^250 /);
    wire.end();
    const session = await sandbox.closedSession();
    await expectWhole(sandbox, session, wire);
    expect((await sandbox.lines(session.id)).filter(({ lost }) => lost)).toEqual([]);
  });

  test.each(['DATA', 'BDAT'])(
    'when a message by %s is over the limit, once and not twice',
    async (command) => {
      await using sandbox = await startTestSandbox({ maxSize: '1000' });
      await using wire = await sandbox.wire();
      await openTransaction(wire);
      if (command === 'DATA') {
        await wire.say('DATA');
        wire.send(`${'x'.repeat(998)}\r\n${'y'.repeat(998)}\r\n.\r\n`);
      } else {
        wire.send(`BDAT 900\r\n${'x'.repeat(900)}`);
        await wire.reply();
        wire.send(`BDAT 900 LAST\r\n${'y'.repeat(900)}`);
      }
      expect(await wire.reply()).toMatch(/^552 5\.3\.4 /);
      expect(await wire.mail()).toMatch(/^250 /);
      wire.end();
      await expectWhole(sandbox, await sandbox.closedSession(), wire);
    },
  );

  test('when a command is overlong and another is cut off by the end', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await wire.hello();
    expect(await wire.say('y'.repeat(3000))).toMatch(/^500 /);
    expect(await wire.say('x'.repeat(13_000))).toMatch(/^500 /);
    wire.send('NOO');
    wire.end();
    await expectWhole(sandbox, await sandbox.closedSession(), wire);
  });

  test.each([
    [['EHLO x', 'QUIT'], 'with its last line, QUIT, cut off before its line ending'],
    [['EHLO x', 'NOO'], 'with its last line cut off before its line ending'],
    [
      ['EHLO x', 'AUTH PLAIN AGEA'],
      'during the login, with its last line, AUTH, cut off before its line ending',
    ],
    [
      ['EHLO x', 'MAIL FROM:<a@b.test>', 'RCPT TO:<c'],
      'in the middle of mail 1, with its last line, RCPT, cut off before its line ending',
    ],
  ])('when the client leaves behind %j, whose last line has no ending', async (commands, how) => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await wire.reply();
    for (const command of commands.slice(0, -1)) await wire.say(command);
    wire.send(commands.at(-1)!);
    wire.end();
    const { ended } = await sandbox.closedSession();
    expect(ended).toMatchObject({
      by: 'client',
      how: 'fin',
      text: `The client closed the connection ${how}.`,
    });
  });
});

describe('what our policy refuses', () => {
  test('a MAIL before STARTTLS is a refused transaction with its envelope, and the phases go on', async () => {
    await using sandbox = await startTestSandbox({ listen: ['smtp://127.0.0.1:0?tls=required&name=strict'] });
    await using wire = await sandbox.wire(3);
    await wire.hello();
    expect(await wire.say('MAIL FROM:<ann@example.test> SIZE=5')).toMatch(/^530 5\.7\.0 /);
    await wire.say('NOOP');
    await wire.quit();
    const session = await sandbox.closedSession();
    expect(session.outcome).toBe('refused');
    expect(session.transactions).toMatchObject([
      { outcome: 'refused', from: { address: 'ann@example.test', params: [{ name: 'SIZE', value: '5' }] } },
    ]);
    const noop = (await sandbox.lines(session.id)).find(({ text }) => text === 'NOOP')!;
    expect(noop.phase).toBe('plain');
    expect(noop.transaction).toBeUndefined();
  });

  test('an AUTH within a transaction leaves the lines behind it in the transaction', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await openTransaction(wire);
    expect(await wire.say('AUTH PLAIN')).toMatch(/^503 5\.5\.1 /);
    await wire.say('RCPT TO:<second@example.test>');
    wire.end();
    const session = await sandbox.closedSession();
    const second = (await sandbox.lines(session.id)).find(({ text }) => text.includes('second'))!;
    expect(second).toMatchObject({ phase: 'transaction 1', transaction: 1 });
  });

  test('a DATA without a recipient makes the session a refused one', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await wire.hello();
    await wire.say('MAIL FROM:<ann@example.test>');
    expect(await wire.say('DATA')).toMatch(/^503 /);
    await wire.quit();
    expect((await sandbox.closedSession()).outcome).toBe('refused');
  });
});

describe('pipelining (RFC 2920)', () => {
  test.each([
    ['EHLO', 'EHLO x\r\nMAIL FROM:<a@b.test>\r\n', 2],
    ['NOOP', 'NOOP\r\nRSET\r\n', 2],
    ['AUTH', 'AUTH LOGIN\r\nYW5u\r\nc2VjcmV0\r\n', 3],
  ])(
    'what comes before the reply to %s is noted although PIPELINING was offered',
    async (verb, group, replies) => {
      await using sandbox = await startTestSandbox();
      await using wire = await sandbox.wire();
      await wire.hello();
      wire.send(group);
      for (let turn = 0; turn < replies; turn++) expect(await wire.reply()).toMatch(/^(?:250|334|235)/);
      wire.end();
      const session = await sandbox.closedSession();
      const found = session.anomalyList.find(({ kind }) => kind === 'illegal-pipelining');
      expect(found?.text).toContain(`before the reply to ${verb}`);
    },
  );

  test('a group that RFC 2920 allows is no anomaly, also behind the end of a message', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await wire.hello();
    const group = 'MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n';
    wire.send(group);
    for (let turn = 0; turn < 3; turn++) await wire.reply();
    wire.send(`Subject: x\r\n\r\nx\r\n.\r\n${group}`);
    for (let turn = 0; turn < 4; turn++) await wire.reply();
    expect(await wire.say('Subject: y\r\n\r\n.')).toMatch(/^250 /);
    await wire.quit();
    const session = await sandbox.closedSession();
    expect(kinds(session)).toEqual([]);
    expect(session.ehlo[0]!.offered.find(({ keyword }) => keyword === 'PIPELINING')!.used).toBe(true);
  });

  test('a HELO-only client that pipelines was never offered it', async () => {
    await using sandbox = await startTestSandbox();
    await using wire = await sandbox.wire();
    await wire.reply();
    await wire.say('HELO old.test');
    wire.send('MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\n');
    expect(await wire.reply()).toMatch(/^250 /);
    expect(await wire.reply()).toMatch(/^250 /);
    expect(await wire.say('DATA')).toMatch(/^354 /);
    expect(await wire.say('Subject: old\r\n\r\n.')).toMatch(/^250 /);
    wire.end();
    const session = await sandbox.closedSession();
    expect(session.outcome).toBe('captured');
    expect(kinds(session)).toContain('illegal-pipelining');
  });
});

test('LMTP answers a refused message once for each recipient, by DATA and by BDAT', async () => {
  await using sandbox = await startTestSandbox({ maxSize: '100', listen: ['lmtp://127.0.0.1:0?name=lmtp'] });
  await using wire = await sandbox.wire(3);
  await wire.reply();
  await wire.say('LHLO client.test');
  const begin = async (): Promise<void> => {
    await wire.say('MAIL FROM:<a@b.test>');
    for (const name of ['one', 'two', 'three']) await wire.say(`RCPT TO:<${name}@d.test>`);
  };
  const three = async (code: string): Promise<void> => {
    for (const name of ['one', 'two', 'three'])
      expect(await wire.reply()).toMatch(new RegExp(`^${code} .*<${name}@d.test>`));
  };
  await begin();
  await wire.say('DATA');
  wire.send(`${'x'.repeat(200)}\r\n.\r\n`);
  await three('552');
  await begin();
  wire.send(`BDAT 200 LAST\r\n${'x'.repeat(200)}`);
  await three('552');
  await begin();
  wire.send('BDAT 10\r\nSubject: xBDAT 5 LAST\r\n\r\n\r\ny');
  expect(await wire.reply()).toMatch(/^250 /);
  await three('250');
  expect(await wire.say('QUIT')).toMatch(/^221 /);
});

test('a ClientHello that was sent too early is taken, wherever it is cut', async () => {
  await using sandbox = await startTestSandbox();
  const hello = await new Promise<Buffer>((resolve) => {
    const socket = new Duplex({ read() {}, write: (bytes: Buffer) => resolve(bytes) });
    connectTls({ socket, rejectUnauthorized: false }).on('error', () => {});
  });
  const cuts = [0, 1, 4, 5, 6, 100, hello.length];
  for (const cut of cuts) {
    await using wire = await sandbox.wire(1);
    await wire.hello();
    wire.send(Buffer.concat([Buffer.from('STARTTLS\r\n'), hello.subarray(0, cut)]));
    expect(await wire.reply()).toMatch(/^220 /);
    wire.send(hello.subarray(cut));
    // A handshake record of the server, right behind the 220.
    const answer = /220 [^\n]*\n\x16\x03/;
    await expect.poll(() => answer.test(Buffer.concat(wire.received).toString('latin1'))).toBe(true);
    wire.end();
  }
  const sessions = await sandbox.closedSessions(cuts.length);
  for (const [index, { anomalyList, handshakes }] of sessions.entries()) {
    expect(handshakes[0]!.clientHello).not.toBeNull();
    expect(anomalyList.map(({ kind }) => kind)).toEqual(cuts[index] ? ['early-client-hello'] : []);
  }
});
