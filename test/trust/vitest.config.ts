import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Heavier than `npm test`: one file at a time, so that each has the machine to itself.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    // Those of searches and explanations are in `npm test` in short.
    include: [
      'test/trust/**/*.test.ts',
      'test/search/{oracle,plans}.test.ts',
      'test/explain/hostile.test.ts',
    ],
    env: { TRUST: '1' },
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000, interval: 20 } },
  },
});
