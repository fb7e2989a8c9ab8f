// server/mcp/README.md names every tool, and no other.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tools } from '../../server/mcp/tools.ts';

test('every tool is documented', () => {
  const readme = readFileSync(fileURLToPath(new URL('../../server/mcp/README.md', import.meta.url)), 'utf8');
  const rows = [...readme.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, name]) => name);
  expect(rows).toEqual(tools.map(({ name }) => name));
});
