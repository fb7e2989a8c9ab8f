// The help against the sources that bind keys.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { keyGroups } from '../../web/parts/key-list.ts';
import { messageTabs } from '../../web/state/route.svelte.ts';

const web = fileURLToPath(new URL('../../web/', import.meta.url));
const sources = readdirSync(web, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.svelte'))
  .map((path) => readFileSync(web + path, 'utf8'));

/** The names in `<Keys keys={{ … }}>`: those that stand one level deep. */
function boundIn(source: string): string[] {
  return [...source.matchAll(/<Keys\b[\s\S]*?keys=\{(\{[\s\S]*?\n {2}\})\}/g)].flatMap(([, block = '']) => {
    const names = [...block.matchAll(/^ {4}(?:'([^']+)'|(\w+)):/gm)].map(
      ([, quoted, bare]) => quoted ?? bare,
    );
    // The tabs of a message, by their number.
    const tabs = block.includes('messageTabs.map') ? messageTabs.map((_, index) => String(index + 1)) : [];
    return [...names, ...tabs].filter((name) => name !== undefined);
  });
}

/** What the rows of a list hear themselves while they have the focus. */
function boundInGrid(): string[] {
  const press =
    /function press\([\s\S]*?\n {2}\}/.exec(readFileSync(`${web}parts/list/Grid.svelte`, 'utf8'))?.[0] ?? '';
  return [...press.matchAll(/event\.key === '([^']+)'|\b((?:Arrow|Page)\w+):/g)].map(
    ([, key, step]) => key ?? step ?? '',
  );
}

test('the help lists every key that works, and no other', () => {
  const listed = new Set(keyGroups.flatMap(({ rows }) => rows.flatMap(({ keys, binds }) => binds ?? keys)));
  const bound = sources.flatMap(boundIn);
  const works = new Set([...bound, ...boundInGrid()]);
  expect(bound.length).toBeGreaterThan(30);
  // `g` alone is the beginning of `g i`; in a list, `a` is Ctrl A.
  expect([...works].filter((key) => !listed.has(key) && !['g', 'a'].includes(key))).toEqual([]);
  expect([...listed].filter((key) => !works.has(key))).toEqual([]);
});
