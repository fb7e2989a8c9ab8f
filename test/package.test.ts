// What package.json must keep, because a tool that saves it would change it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  engines: { node: string };
};

test('every Node that we support gets a better-sqlite3 that runs on it', () => {
  // 12.9.0 is the last with a binary for Node 20; 13 needs Node-API 10, which is Node 22.14 and newer.
  expect(manifest.dependencies).toEqual({ 'better-sqlite3': '12.9.0 || ^13.2.0' });
  expect(manifest.engines.node).toBe('^20.19.0 || >=22.14.0');
});

test('what a new version could break by itself is pinned', () => {
  expect(manifest.devDependencies).toMatchObject({ 'smtp-server': '3.21.6', vitest: '4.1.11' });
});

test('the lock file has what the manifest asks for', () => {
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> };
  expect(lock.packages['node_modules/smtp-server']!.version).toBe('3.21.6');
  expect(lock.packages['node_modules/vitest']!.version).toBe('4.1.11');
  expect(lock.packages['node_modules/better-sqlite3']!.version).toBe('12.9.0');
});
