// The promise that everything else stands on: what the transcript and the message say is what was on the wire.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOfSide, startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { openWire, type Wire } from '../support/wire.ts';

const runs = 25;

/** Bodies of what framing is sensitive to: dots, every kind of line ending, NUL, 8-bit bytes. */
const body = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '.',
        '..',
        '\r\n.',
        '\n.',
        '\n.\n',
        '\r\n.\n',
        '\r.\r',
        '\0',
        '\r\n..\r\n',
        '\r\n.\r',
        'QUIT\r\n',
      ),
      fc.string({ minLength: 1, maxLength: 40 }),
      fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));

const garbage = fc.constantFrom(
  'NOOP',
  'XYZZY plugh',
  'VRFY someone',
  'MAIL FRM:<x>',
  'RSET',
  'HELP',
  'noop \t',
  'EHLO',
  '',
);

/** RFC 5321 4.5.2, done as a careful client does it, with the final dot. */
function stuff(message: Buffer): { wire: Buffer; stored: Buffer } {
  const ended = message.length === 0 || message.subarray(-2).toString('latin1') === '\r\n';
  const stored = ended ? message : Buffer.concat([message, Buffer.from('\r\n')]);
  const text = stored.toString('latin1').replace(/(^|\r\n)\./g, '$1..');
  return { wire: Buffer.from(`${text}.\r\n`, 'latin1'), stored };
}

/** Writes the bytes in pieces of the given sizes, over and over. */
async function sendInPieces(wire: Wire, bytes: Buffer, sizes: number[]): Promise<void> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    wire.send(bytes.subarray(at, at + size));
    at += size;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function converse(
  sandbox: TestSandbox,
  wire: Wire,
  message: Buffer,
  sizes: number[],
  noise: string,
): Promise<void> {
  await wire.say('EHLO client.test');
  await wire.say(noise);
  await wire.say('MAIL FROM:<ann@example.test> SIZE=1000');
  await wire.say('RCPT TO:<bob@example.test>');
  await wire.say('DATA');
  const { wire: bytes, stored } = stuff(message);
  await sendInPieces(wire, bytes, sizes);
  const accepted = await wire.reply();
  expect(accepted).toMatch(/^250 2\.0\.0 Ok: queued as m_/);
  await wire.quit();
  const id = /m_\w+/.exec(accepted)![0];
  const raw = Buffer.from(await (await fetch(`${sandbox.url}/api/messages/${id}/raw`)).arrayBuffer());
  expect(raw.equals(stored), 'the stored message is the sent one').toBe(true);
  const found = await sandbox.client.readMessage({ params: { id } });
  await expectClosed(sandbox, found.sessionId!);
  const lines = await sandbox.lines(found.sessionId!);
  expect(bytesOfSide(lines, 'client').equals(Buffer.concat(wire.sent)), 'client side of the transcript').toBe(
    true,
  );
  expect(
    bytesOfSide(lines, 'server').equals(Buffer.concat(wire.received)),
    'server side of the transcript',
  ).toBe(true);
}

async function expectClosed(sandbox: TestSandbox, id: string): Promise<void> {
  await expect
    .poll(async () => (await sandbox.client.readSession({ params: { id } })).outcome, { interval: 5 })
    .toBe('captured');
}

const conversations = fc.record({
  message: body,
  sizes: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
  noise: garbage,
});

for (const [name, listener, mode] of [
  ['plain', 0, 'none'],
  ['STARTTLS', 1, 'starttls'],
  ['implicit TLS', 2, 'implicit'],
] as const) {
  test(`over ${name}, message and transcript are byte for byte what went over the wire`, async () => {
    await using sandbox = await startTestSandbox();
    await fc.assert(
      fc.asyncProperty(conversations, async ({ message, sizes, noise }) => {
        await using wire = await openWire(sandbox.ports[listener]!, mode === 'implicit' ? { tls: {} } : {});
        await wire.reply();
        if (mode === 'starttls') {
          await wire.say('EHLO before.test');
          await wire.say('STARTTLS');
          const before = { sent: Buffer.concat(wire.sent), received: Buffer.concat(wire.received) };
          await wire.secure();
          wire.sent.unshift(before.sent);
          wire.received.unshift(before.received);
        }
        await converse(sandbox, wire, message, sizes, noise);
      }),
      { numRuns: runs, seed: 20261123 },
    );
  });
}

test('BDAT chunks of any bytes are stored and shown byte for byte', async () => {
  await using sandbox = await startTestSandbox();
  await fc.assert(
    fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 4 }), async (chunks) => {
      await using wire = await sandbox.wire();
      await wire.hello();
      await wire.say('MAIL FROM:<ann@example.test>');
      await wire.say('RCPT TO:<bob@example.test>');
      let answer = '';
      for (const [index, chunk] of chunks.entries()) {
        wire.send(`BDAT ${chunk.length}${index === chunks.length - 1 ? ' LAST' : ''}\r\n`);
        if (chunk.length) wire.send(chunk);
        answer = await wire.reply();
        expect(answer).toMatch(/^250 /);
      }
      await wire.quit();
      const id = /m_\w+/.exec(answer)![0];
      const raw = Buffer.from(await (await fetch(`${sandbox.url}/api/messages/${id}/raw`)).arrayBuffer());
      expect(raw.equals(Buffer.concat(chunks))).toBe(true);
      const { sessionId } = await sandbox.client.readMessage({ params: { id } });
      await expectClosed(sandbox, sessionId!);
      const lines = await sandbox.lines(sessionId!);
      expect(bytesOfSide(lines, 'client').equals(Buffer.concat(wire.sent))).toBe(true);
    }),
    { numRuns: runs, seed: 20261123 },
  );
});

test('a password keeps its place in the transcript and nothing else of it', async () => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  const secret = Buffer.from('\0joe\0correct horse').toString('base64');
  expect(await wire.say(`AUTH PLAIN ${secret}`)).toMatch(/^235 /);
  await wire.quit();
  const session = await sandbox.closedSession();
  const shown = bytesOfSide(await sandbox.lines(session.id), 'client').toString('latin1');
  const sent = Buffer.concat(wire.sent).toString('latin1');
  expect(shown).toBe(sent.replace(secret, '*'.repeat(secret.length)));
});
