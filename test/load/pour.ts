// Mail as fast as it is taken, over kept connections.
import { openWire, type Wire } from '../support/wire.ts';

/** One message over a connection that has said EHLO; the reply to its final dot. */
export async function sendOne(wire: Wire, message: string | Buffer, patienceMs?: number): Promise<string> {
  // The record of what was said would hold everything in memory.
  wire.sent.length = wire.received.length = 0;
  wire.send('MAIL FROM:<ann@example.test>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n');
  for (let n = 0; n < 3; n++) await wire.reply(patienceMs);
  wire.send(message);
  wire.send('.\r\n');
  return wire.reply(patienceMs);
}

/** Sends `count` messages over `lanes` connections. Throws at the first that is refused. */
export async function pour(
  port: number,
  { lanes, count, message }: { lanes: number; count: number; message(n: number): string | Buffer },
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    await using wire = await openWire(port);
    await wire.hello();
    while (next < count) {
      const reply = await sendOne(wire, message(next++));
      if (!reply.startsWith('250')) throw new Error(`a mail was answered: ${reply}`);
    }
    await wire.say('QUIT');
  };
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane));
}
