// Where this package lies: the same answer from the sources (tests) and from the built bundle.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('package.json of mailscope was not found above this file');
    folder = above;
  }
  return folder;
}

export const packageRoot = findRoot();

/** A built file, e.g. `server/store-worker.js` or `web`. */
export const distPath = (name: string): string => join(packageRoot, 'dist', name);

export const version: string = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;
