import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { reporters, tries } from '../support/tell-failures.ts';

/** Those of times, deadlines and memory: each has the machine to itself. */
const alone = [
  'clock-jumps',
  'connections',
  'default-deadlines',
  'dot-lines',
  'endless-bodies',
  'hostile-messages',
  'isolation',
  'linear',
  'live',
  'long-header.browser',
  'long-lines',
  'pressure',
  'signal-phases',
  'signals',
  'slow-mail-clients',
  'slow-web-clients',
  'soak',
  'storm',
  'sustained',
  'web-robustness',
].map((name) => `test/trust/${name}.test.ts`);

// Heavier than `npm test`.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    env: { TRUST: '1' },
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000, interval: 20 } },
    reporters: reporters(),
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: [
            'test/trust/**/*.test.ts',
            'test/**/*.long.test.ts',
            // In `npm test` in short.
            'test/clients/{curl,msmtp,openssl,smtplib,swaks}.test.ts',
            'test/explain/hostile.test.ts',
            'test/inboxes/waits.test.ts',
            'test/mail/{frame,parser}.test.ts',
            'test/search/oracle.test.ts',
          ],
          exclude: alone,
          // As below, but only what a busy machine or Chromium explains: here mail that is lost is looked for.
          retry: {
            count: tries,
            condition: /timed out|timeout of|Timeout \d+ms exceeded|Chromium itself crashed/i,
          },
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: alone,
          maxWorkers: 1,
          fileParallelism: false,
          retry: tries,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
