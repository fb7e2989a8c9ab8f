// What others found that a sanitiser has to stop: the fixtures of DOMPurify's own tests, in the last version that npm has
// with these (Apache-2.0 or MPL-2.0). They are kept outside the repository.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const version = '0.8.2';
const folder = join(tmpdir(), 'mailscope-corpus-packages', `dompurify-${version}`);

async function download(): Promise<void> {
  if (existsSync(folder)) return;
  const half = `${folder}.part`;
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { recursive: true });
  await run('npm', ['pack', '--silent', '--fetch-retries=0', `dompurify@${version}`], {
    cwd: half,
    timeout: 60_000,
  });
  await run('tar', ['xzf', `dompurify-${version}.tgz`], { cwd: half, timeout: 60_000 });
  await rename(half, folder);
}

/** Each payload once; none, and why, where they could not be had. */
export async function findDompurifyVectors(): Promise<{ vectors: string[]; missing: string | null }> {
  try {
    await download();
    const fixtures: unknown = createRequire(import.meta.url)(join(folder, 'package/test/fixtures/expect.js'));
    const payloads = (fixtures as { payload: string }[]).map(({ payload }) => payload);
    return { vectors: [...new Set(payloads)], missing: null };
  } catch (error) {
    return { vectors: [], missing: String(error).split('\n')[0]! };
  }
}
