// The documents say what the code does: flags, calls, error codes, events.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Option } from '../server/config/option.ts';
import { flagOf, optionNames, options } from '../server/config/options.ts';
import { api } from '../shared/api.ts';
import { errorStatus } from '../shared/errors.ts';
import { durableEvents, ephemeralEvents } from '../shared/events.ts';
import { routes } from '../shared/routes.ts';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const readme = read('README.md');

test('the README has every flag with its default and help line, and no other', () => {
  const rows = [...readme.matchAll(/^\| `(--[a-z-]+)[^`]*` \| (.*?) \| (.*) \|$/gm)];
  expect(rows.map(([, flag]) => flag).sort()).toEqual(optionNames.map(flagOf).sort());
  for (const name of optionNames) {
    const option: Option = options[name];
    const row = rows.find(([, flag]) => flag === flagOf(name))!;
    const standard = Array.isArray(option.default) ? option.default.join(',') : String(option.default || '');
    expect(row[2], flagOf(name)).toBe(standard ? `\`${standard}\`` : '');
    expect(row[3], flagOf(name)).toBe(option.help);
  }
});

test('the README has every call', () => {
  const table = readme.slice(readme.indexOf('| call | answer |'), readme.indexOf('Errors have one body'));
  for (const { path } of Object.values(routes)) {
    const [first, ...rest] = path.split(/\/:\w+/);
    expect(table, path).toContain(first!);
    for (const piece of rest.filter(Boolean)) expect(table, path).toContain(piece);
  }
  expect(Object.keys(api)).toEqual(Object.keys(routes));
});

test('server/http/README.md has every error code with its status, and every event', () => {
  const text = read('server/http/README.md');
  for (const [code, status] of Object.entries(errorStatus))
    expect(text).toContain(`| \`${code}\` | ${status} |`);
  for (const name of [...Object.keys(durableEvents), ...Object.keys(ephemeralEvents)])
    expect(text).toContain(`\`${name}\``);
});

test('the README is short, and every file that it names exists', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(200);
  for (const [, path] of readme.matchAll(/\]\(([^)#]+)\)/g)) {
    if (!path!.startsWith('http'))
      expect(existsSync(fileURLToPath(new URL(`../${path}`, import.meta.url))), path).toBe(true);
  }
});

test.each([
  ['server', /^(?!build)[a-z-]+(?:\.ts)?$/],
  ['test', /^[a-z]+$/],
])('the table of %s/README.md names all that lies there', (folder, names) => {
  const table = read(`${folder}/README.md`);
  const there = readdirSync(new URL(`../${folder}/`, import.meta.url), { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .filter((name) => names.test(name.replace(/\/$/, '')));
  expect(there.length).toBeGreaterThan(20);
  expect(there.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
});
