// What the explanations cost a browser.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../../shared/explain/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));

async function bundle(names: string[]): Promise<{ gzip: number; inputs: string[] }> {
  const contents = names.map((name) => `export * from './${name}';`).join('\n');
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    ...{
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      write: false,
      metafile: true,
      logLevel: 'silent',
    },
  });
  return { gzip: gzipSync(outputFiles[0]!.contents).length, inputs: Object.keys(metafile.inputs) };
}

test('all explanations together are under 30 KB gzip', async () => {
  expect((await bundle(files)).gzip).toBeLessThan(30 * 1024);
});

test.each(files)('%s needs nothing but its own folder at run time', async (name) => {
  const { inputs } = await bundle([name]);
  expect(inputs.filter((path) => path !== '<stdin>' && !path.startsWith('shared/explain/'))).toEqual([]);
});

test.each(['reply.ts', 'command.ts', 'header.ts', 'received.ts', 'client.ts', 'calendar.ts'])(
  '%s can be loaded without the others',
  async (name) => {
    expect((await bundle([name])).gzip).toBeLessThan(8 * 1024);
  },
);
