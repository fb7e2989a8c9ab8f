// Dot stuffing as a property: what goes in comes out (RFC 5321 §4.5.2), by DATA and by BDAT.
import { expect } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';

export async function readRaw(sandbox: TestSandbox, id: string): Promise<string> {
  const answer = await fetch(`${sandbox.url}/api/messages/${id}/raw`);
  return Buffer.from(await answer.arrayBuffer()).toString('latin1');
}

/** The same each time. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pieces = ['.', '..', '\r\n', '\r\n.', '\r\n..', '\n', '\r', 'a', '.\r\n.a', '\0', 'text'];
const perConnection = 100;

/** Sends so many random messages and reads each of them back. */
export async function sendDots(count: number): Promise<void> {
  await using sandbox = await startTestSandbox({ maxMessages: '0' });
  const random = seeded(7);
  const messages = Array.from({ length: count }, () => {
    const length = 1 + random(12);
    return `${Array.from({ length }, () => pieces[random(pieces.length)]).join('')}\r\n`;
  });
  const send = async (some: string[]): Promise<void> => {
    await using wire = await sandbox.wire();
    await wire.hello();
    for (const [n, message] of some.entries()) {
      const bytes = Buffer.from(message, 'latin1');
      const envelope = 'MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\n';
      wire.send(envelope + (n % 2 ? 'DATA\r\n' : `BDAT ${bytes.length} LAST\r\n`));
      await wire.reply();
      await wire.reply();
      if (n % 2 === 0) wire.send(bytes);
      else {
        await wire.reply();
        // A sender puts a dot before one that begins a line.
        wire.send(`${message.replace(/(^|\r\n)\./g, '$1..')}.\r\n`);
      }
      const reply = await wire.reply();
      expect([message, reply]).toEqual([message, expect.stringMatching(/^250 /)]);
      const raw = await readRaw(sandbox, /m_\w+/.exec(reply)![0]);
      // Comparing by a matcher each time would be most of the work.
      if (raw !== message) expect(raw).toBe(message);
    }
    await wire.say('QUIT');
  };
  for (let at = 0; at < count; at += 4 * perConnection)
    await Promise.all(
      [0, 1, 2, 3].map((lane) =>
        send(messages.slice(at + lane * perConnection, at + (lane + 1) * perConnection)),
      ),
    );
  expect((await sandbox.client.readStatus()).messages).toBe(count);
}
