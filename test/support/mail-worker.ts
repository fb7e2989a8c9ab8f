// Builds the mail worker from its sources, so that a test never runs a stale one and needs no build before it.
import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface BuiltWorker extends AsyncDisposable {
  file: string;
  /** For further files of a test. */
  folder: string;
}

export async function buildMailWorker(): Promise<BuiltWorker> {
  const folder = await mkdtemp(join(tmpdir(), 'mailscope-test-'));
  const file = join(folder, 'mail-worker.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../../server/mail/worker.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'error',
    // Some dependencies are CommonJS and call require at run time.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return { file, folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
