// Parts of this checkout as a module that the bench can import: Node 20 reads no TypeScript.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** `contents` names what is wanted, with paths from the top of the checkout. */
export async function importBundle(outfile, contents) {
  await build({
    ...{ stdin: { contents, resolveDir: root, loader: 'ts' }, outfile, bundle: true, platform: 'node' },
    ...{ format: 'esm', target: 'node20.19', external: ['better-sqlite3'], logLevel: 'warning' },
  });
  return import(pathToFileURL(outfile));
}
