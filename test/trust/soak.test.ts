// The soak in short: counts that add up, files, database, log and memory that stay as they were, and a loop that is not
// late. `npm run soak` sends 100,000.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const mails = 2000;
const soak = fileURLToPath(new URL('../load/soak.mjs', import.meta.url));

test(`after ${mails} mails, calls and clients that come and go nothing has grown`, async () => {
  const child = spawn(process.execPath, [soak, '--mails', String(mails)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.on('data', (bytes: Buffer) => (told += bytes.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  console.log(told);
  expect(told).toContain(`{"sent":${mails},"stored":`);
  expect(told).toMatch(/^The soak holds\.$/m);
  expect(code).toBe(0);
}, 300_000);
