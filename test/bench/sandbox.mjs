// How long a sandbox in process takes: to be imported, to start (fresh processes), and a test of 1,000 messages.
// Run: node test/bench/sandbox.mjs (after npm run build). Goals: start under 150 ms, the test under 3 s.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';

const main = new URL('../../dist/sdk/main.js', import.meta.url).href;
const probe = `
  const begin = performance.now();
  const { startSandbox } = await import(${JSON.stringify(main)});
  const imported = performance.now();
  const sandbox = await startSandbox();
  const started = performance.now();
  await sandbox.close();
  console.log(JSON.stringify({ importMs: imported - begin, startMs: started - imported }));
`;
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const round = (ms) => `${Math.round(ms)} ms`;

// A home without a CA: it is made up in each process.
const home = mkdtempSync(join(tmpdir(), 'mailscope-bench-'));
const runs = Array.from({ length: 7 }, () =>
  JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', probe], {
      env: { PATH: process.env.PATH, HOME: home },
    }).toString(),
  ),
);
rmSync(home, { recursive: true, force: true });
console.log(
  `import           ${round(median(runs.map(({ importMs }) => importMs)))} (median of ${runs.length})`,
);
console.log(`start after it   ${round(median(runs.map(({ startMs }) => startMs)))}`);

const { startSandbox } = await import(main);
const begin = performance.now();
const sandbox = await startSandbox();
const sender = createTransport({ ...sandbox.smtp, pool: true, maxConnections: 5, maxMessages: Infinity });
await Promise.all(
  Array.from({ length: 1000 }, (_, n) =>
    sender.sendMail({
      from: 'app@shop.test',
      to: `u${n}@shop.test`,
      subject: `Reset ${n}`,
      text: `Your code is ${100_000 + n}`,
    }),
  ),
);
const sent = performance.now();
await sandbox.expect({ messages: [{ count: 1000, codes: [{ count: 1 }] }], timeout: '1m' });
const asserted = performance.now();
console.log(
  `1,000 messages   ${round(asserted - begin)}: sent with Nodemailer in ${round(sent - begin)}, asserted in ${round(asserted - sent)}`,
);
sender.close();
await sandbox.close();
