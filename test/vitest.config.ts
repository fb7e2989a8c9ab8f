import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // For the page's state classes, which use runes.
  plugins: [svelte({ configFile: false })],
  resolve: { conditions: ['browser'] },
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    // Heavier: `npm run test:trust`.
    exclude: ['test/trust/**', '**/node_modules/**'],
    pool: 'forks',
    maxWorkers: 2,
    // On a machine that others use, too, a test may miss its time, and Chromium may crash: nothing else is tried again, and `.ci/run` tells what was.
    retry: {
      count: process.env.CI === undefined ? 0 : 1,
      condition: /timed out|timeout of|Timeout \d+ms exceeded|Chromium itself crashed/i,
    },
    // Long, since what waits for something ends as soon as that is there.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000, interval: 20 } },
  },
});
