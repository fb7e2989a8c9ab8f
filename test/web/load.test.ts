// What a browser fetches before it shows the page, as it goes over the wire.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const built = fileURLToPath(new URL('../../dist/web/', import.meta.url));

test('the page opens with less than 130 KB, its font included', () => {
  const html = readFileSync(`${built}index.html`, 'utf8');
  const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path]) => path as string);
  expect(named.some((path) => path.endsWith('.js'))).toBe(true);
  expect(named.some((path) => path.endsWith('.woff2'))).toBe(true);
  const bytes = ['index.html', ...named].map((path) => gzipSync(readFileSync(built + path)).length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(130_000);
});
