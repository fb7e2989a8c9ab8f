// Programs of the machine that some tests need as real peers: openssl, python3, curl ...
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test } from 'vitest';

/** The path of a program, or null when the machine does not have it. */
export function findTool(name: string): string | null {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean))
    for (const ending of endings) {
      const path = join(folder, name + ending);
      try {
        accessSync(path, constants.X_OK);
        if (statSync(path).isFile()) return path;
      } catch {
        // Not in this folder.
      }
    }
  return null;
}

const told = new Set<string>();

/**
 * Runs tests only where the program is there: `needs('openssl').test('...', ...)`. Says loudly what is left out, and
 * throws on CI, where nothing may be left out unseen.
 */
export function needs(tool: string) {
  const isThere = findTool(tool) !== null;
  if (!isThere && process.env.CI)
    throw new Error(
      `${tool} is not on this machine. Tests need it as a real peer. Install it on the CI machine.`,
    );
  if (!isThere && !told.has(tool)) {
    told.add(tool);
    console.warn(`\n*** SKIPPED: tests that need ${tool}, which is not on this machine ***\n`);
  }
  return { test: test.runIf(isThere), it: test.runIf(isThere), describe: describe.runIf(isThere) };
}
