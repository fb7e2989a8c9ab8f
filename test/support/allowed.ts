// What a machine forbids (mounts, tracing) is printed as not run, and never counts as passed.
import { describe, test } from 'vitest';

const told = new Set<string>();

/** `why` is what forbids it, or null where it is allowed: `whereAllowed('mounting', why).test('...', ...)`. */
export function whereAllowed(what: string, why: string | null) {
  if (why !== null && !told.has(what)) {
    told.add(what);
    console.warn(`\nnot run: ${what}: ${why}\n`);
  }
  return { test: test.runIf(why === null), describe: describe.runIf(why === null) };
}
