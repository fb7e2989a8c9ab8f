// The import rules of server/README.md, no cycle, file length, file names.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

function list(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return entry.name === 'fixtures' || entry.name === 'node_modules' ? [] : list(path);
    return /\.(ts|svelte|css|mjs)$/.test(entry.name) ? [path] : [];
  });
}

const sources = ['server', 'shared', 'web'].flatMap(list);
const code = sources.filter((path) => /\.(ts|svelte)$/.test(path) && !path.endsWith('.config.ts'));
const importLine =
  /^\s*(?:import|export)\b[^'"`;]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|^\s*import\s+['"]([^'"]+)['"]/gm;

interface Edge {
  from: string;
  to: string;
}
const edges: Edge[] = code.flatMap((from) =>
  [...readFileSync(join(root, from), 'utf8').matchAll(importLine)].map((found) => {
    const name = (found[1] ?? found[2] ?? found[3])!;
    return { from, to: name.startsWith('.') ? relative(root, join(root, dirname(from), name)) : name };
  }),
);

/** The part that a file of the server belongs to, or the file itself when it lies on top. */
const partOf = (path: string): string => {
  const found = /^server\/([^/]+)\//.exec(path);
  return found ? `server/${found[1]}` : path;
};

const leaves = [
  'background',
  'clock',
  'error-code',
  'find-session',
  'ids',
  'paths',
  'log',
  'own-fetch',
  'wire-bytes',
  'make-folder',
  'refusal',
  'request-body',
  'within-time',
].map((name) => `server/${name}.ts`);
/** Files that join parts. */
const joining: Record<string, string[]> = {
  'server/app.ts': ['*'],
  'server/intake.ts': [
    'server/storage-watch.ts',
    'server/store',
    'server/smtp',
    'server/mail',
    'server/inbox',
    'server/parse-queue.ts',
  ],
  'server/guests.ts': [
    ...['server/compat', 'server/http', 'server/mail', 'server/store'],
    ...['server/events.ts', 'server/submission.ts'],
  ],
  'server/storage-watch.ts': ['server/store'],
  'server/submission.ts': [
    'server/storage-watch.ts',
    'server/store',
    'server/mail',
    'server/inbox',
    'server/parse-queue.ts',
  ],
  'server/parsing.ts': ['server/mail', 'server/store', 'server/parse-queue.ts', 'server/parse-deaths.ts'],
  'server/parse-deaths.ts': ['server/mail'],
  'server/agents.ts': ['server/mcp'],
  'server/inbox-parts.ts': ['server/inbox', 'server/config', 'server/store'],
  'server/bounces.ts': [
    ...['server/faults', 'server/mail', 'server/smtp', 'server/store', 'server/submission.ts'],
  ],
  'server/fault-parts.ts': ['server/faults', 'server/config', 'server/events.ts'],
  'server/checking.ts': ['server/mail'],
  'server/diagnosing.ts': ['server/diagnosis', 'server/events.ts'],
  'server/read-status.ts': [
    ...['server/config', 'server/store', 'server/storage-watch.ts', 'server/resident-memory.ts'],
  ],
  'server/smtp-options.ts': ['server/config', 'server/smtp', 'server/certificate'],
  'server/housekeeping.ts': ['server/store', 'server/smtp'],
  'server/running.ts': ['server/smtp', 'server/events.ts'],
};

function isAllowed({ from, to }: Edge): boolean {
  if (to.startsWith('shared/')) {
    if (from.startsWith('shared/') && !from.startsWith('shared/client/'))
      return !to.startsWith('shared/client/');
    return true;
  }
  if (from.startsWith('shared/')) return false;
  if (from.startsWith('web/')) {
    if (!to.startsWith('web/')) return false;
    if (from.startsWith('web/parts/'))
      return to.startsWith('web/parts/') || to === 'web/format.ts' || !to.includes('/state/');
    if (from.startsWith('web/state/')) return to.startsWith('web/state/') || to === 'web/format.ts';
    return true;
  }
  if (!to.startsWith('server/')) return false;
  const [part, target] = [partOf(from), partOf(to)];
  if (part === target || leaves.includes(to)) return true;
  // Agents read text, also of a message that is HTML alone.
  if (part === 'server/mcp') return to === 'server/mail/html-as-text.ts';
  // server/sample and server/mcp are leaves of two users: the command, and app.ts for the web port.
  if (from.startsWith('server/cli/'))
    return (
      ['server/app.ts', 'server/checking.ts'].includes(to) ||
      ['server/config', 'server/sample', 'server/mcp'].includes(target)
    );
  // What a program starts is what the command serves; the runners' parts know nothing else of the server.
  if (from === 'server/testing/server.ts') return to === 'server/app.ts' || target === 'server/config';
  const allowed = joining[from];
  return allowed !== undefined && (allowed.includes('*') || allowed.includes(target));
}

const ours = edges.filter(
  ({ to }) => /^(server|shared|web|test)\//.test(to) && /\.(ts|svelte|css)$/.test(to),
);

test('folders import only what the rules allow', () => {
  const broken = ours.filter((edge) => !isAllowed(edge)).map(({ from, to }) => `${from} imports ${to}`);
  expect(broken).toEqual([]);
});

test('the protocol folders below server/smtp do not import the gate', () => {
  const broken = ours
    .filter(({ from }) => /^server\/smtp\/(tls|auth|record)\//.test(from))
    .filter(({ from, to }) => to.startsWith('server/smtp/') && dirname(to) !== dirname(from))
    .map(({ from, to }) => `${from} imports ${to}`);
  expect(broken).toEqual([]);
});

/** The files on top of server/store join these, and the threads run all of it. */
const storeFolders: Record<string, string[]> = {
  sqlite: [],
  files: ['sqlite'],
  records: ['sqlite', 'files'],
  index: ['sqlite', 'records'],
  search: ['sqlite', 'records', 'index'],
  changes: ['sqlite', 'records', 'index', 'search'],
  salvage: ['sqlite', 'files'],
};

test('a folder of server/store imports only those that it stands on, and others only what the store is asked by', () => {
  const words = ['store', 'kept', 'event-log', 'cursors'].map((name) => `server/store/${name}.ts`);
  const folderOf = (path: string): string | undefined => /^server\/store\/([^/]+)\//.exec(path)?.[1];
  const broken = ours
    .filter(({ to }) => to.startsWith('server/store/') && !words.includes(to))
    .filter(({ from, to }) => {
      const [folder = '', target = ''] = [folderOf(from), folderOf(to)];
      const below = storeFolders[folder];
      return below !== undefined && target !== folder && !below.includes(target);
    })
    .map(({ from, to }) => `${from} imports ${to}`);
  expect(broken).toEqual([]);
  const inside = ours
    .filter(({ from, to }) => to.startsWith('server/store/') && !from.startsWith('server/store/'))
    .filter(({ to }) => ![...words, 'server/store/open.ts'].includes(to));
  expect(inside).toEqual([]);
  const folders = new Set(code.flatMap((path) => folderOf(path) ?? []));
  expect([...folders].sort()).toEqual([...Object.keys(storeFolders), 'threads'].sort());
});

test('there is no import cycle, types included', () => {
  const next = group(ours);
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (file: string, path: string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      return;
    }
    state.set(file, 'open');
    for (const { to } of next.get(file) ?? []) visit(to, [...path, file]);
    state.set(file, 'done');
  };
  code.forEach((file) => visit(file, []));
  expect(cycles).toEqual([]);
});

function group(list: Edge[]): Map<string, Edge[]> {
  const map = new Map<string, Edge[]>();
  for (const edge of list) map.set(edge.from, [...(map.get(edge.from) ?? []), edge]);
  return map;
}

test('each third-party library is imported in one folder', () => {
  const owners: Record<string, string[]> = {};
  for (const { from, to } of edges) {
    if (to.startsWith('node:') || /^(server|shared|web|test)\//.test(to)) continue;
    const library = to.startsWith('@') ? to.split('/').slice(0, 2).join('/') : to.split('/')[0]!;
    const folder = partOf(from).split('/').slice(0, 2).join('/');
    if (!owners[library]?.includes(folder)) (owners[library] ??= []).push(folder);
  }
  // Vocabulary and view libraries are what their whole layer is written in.
  // An example for users in web/snippets has an import line of nodemailer.
  const everywhere = new Set(['zod', 'svelte', '@lucide/svelte', 'nodemailer']);
  const spread = Object.entries(owners).filter(
    ([library, folders]) => folders.length > 1 && !everywhere.has(library),
  );
  expect(spread).toEqual([]);
});

test('no file is over 300 lines', () => {
  const count = (path: string): number => readFileSync(join(root, path), 'utf8').split('\n').length - 1;
  const long = [...sources, ...list('test')]
    .filter((path) => count(path) > 300)
    .map((path) => `${path}: ${count(path)} lines`);
  expect(long).toEqual([]);
});

test('no source holds a character that is not seen, such as an escape that was written out', () => {
  const unseen = /[\0-\x08\v\f\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
  const held = sources.filter((path) => unseen.test(readFileSync(join(root, path), 'utf8')));
  expect(held).toEqual([]);
});

test('files are kebab-case, components PascalCase, and none is a drawer', () => {
  const odd = sources.filter((path) => {
    const name = path.split('/').at(-1)!;
    if (/(^|[-.])(utils?|helpers?|common|misc|index)\.(ts|mjs)$/.test(name)) return true;
    return name.endsWith('.svelte')
      ? !/^[A-Z][A-Za-z0-9]*\.svelte$/.test(name)
      : !/^[a-z0-9-]+(\.svelte|\.config|\.d)?\.(ts|css|mjs)$/.test(name);
  });
  expect(odd).toEqual([]);
});

test('nothing of ours is skipped by a test that runs only by hand', () => {
  const tests = list('test').filter((path) => path.endsWith('.test.ts'));
  const weak = tests.filter((path) =>
    /\b(it|test|describe)\.(only|todo)\(/.test(readFileSync(join(root, path), 'utf8')),
  );
  expect(weak).toEqual([]);
  expect(tests.every((path) => statSync(join(root, path)).size > 0)).toBe(true);
});
