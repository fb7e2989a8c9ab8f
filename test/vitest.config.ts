import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { reporters, tries } from './support/tell-failures.ts';

/** What takes long comes first, so that at the end no worker waits for another one. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      /\.browser\.|\/process\/|\/store\/disk\./.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  // For the page's state classes, which use runes.
  plugins: [svelte({ configFile: false })],
  resolve: { conditions: ['browser'] },
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/**/*.test.ts'],
    // Heavier: `npm run test:trust`.
    exclude: ['test/trust/**', 'test/**/*.long.test.ts', '**/node_modules/**'],
    pool: 'forks',
    // A file leaves nothing behind that the next could see; to read all modules again for each took a third of the time.
    isolate: false,
    setupFiles: ['test/support/clock-stays.ts'],
    // One more than the cores of a small machine: many tests wait more than they work.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // On a machine that others use, too, a test may miss its moment. `.ci/run` takes none so where mail might have been lost.
    retry: tries,
    reporters: reporters(),
    // Long, since what waits for something ends as soon as that is there.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000, interval: 20 } },
  },
});
