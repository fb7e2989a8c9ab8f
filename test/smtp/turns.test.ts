// One client with much to say does not keep the others waiting.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startTestSandbox } from '../support/sandbox.ts';

test.each([
  ['BDAT 1\r\na', 15_000],
  ['NOOP\r\n', 40_000],
])('a burst of %j leaves others their turn all the while', async (command, count) => {
  await using sandbox = await startTestSandbox();
  await using wire = await sandbox.wire();
  await wire.hello();
  for (const line of ['MAIL FROM:<a@b.test>', 'RCPT TO:<c@d.test>']) await wire.say(line);
  let replies = 0;
  wire.socket.on('data', (bytes: Buffer) => {
    for (const byte of bytes) if (byte === 10) replies += 1;
  });
  const start = performance.now();
  wire.socket.write(command.repeat(count));
  let longest = 0;
  for (let before = start; replies < count;) {
    await nextTurn();
    const now = performance.now();
    longest = Math.max(longest, now - before);
    before = now;
  }
  // The sandbox runs in this process: what keeps it busy keeps us from our turn.
  expect(longest).toBeLessThan((performance.now() - start) / 2);
});
