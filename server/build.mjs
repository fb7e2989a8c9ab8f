// Builds dist/: the server as ESM bundles with better-sqlite3 left outside, and the UI.
// Flags: --if-stale (only when a source is newer than the build), --watch, --server-only.
import { build, context } from 'esbuild';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildTypes } from './build-types.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const flags = new Set(process.argv.slice(2));
const stamp = join(root, 'dist', '.built');

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}

const stale = () =>
  !existsSync(stamp) ||
  Math.max(
    ...['server', 'shared', 'web'].map((folder) => newest(join(root, folder))),
    statSync(join(root, 'package.json')).mtimeMs,
  ) > statSync(stamp).mtimeMs;

const server = {
  absWorkingDir: root,
  entryPoints: {
    main: 'server/cli/main.ts',
    app: 'server/app.ts',
    'store-worker': 'server/store/threads/worker.ts',
    'mail-worker': 'server/mail/worker.ts',
    sandbox: 'server/testing/server.ts',
  },
  outdir: 'dist/server',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  minifySyntax: true,
  legalComments: 'none',
  external: ['better-sqlite3', 'bufferutil', 'utf-8-validate'],
  inject: ['server/testing/real-timers.ts'],
  // Some dependencies are CommonJS and call require at run time.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
};

/** What tests import, by the name behind `mailscope/`. The client and the commands of Cypress also run in browsers. */
const sdkEntries = {
  client: 'shared/client/entry.ts',
  main: 'server/testing/main.ts',
  vitest: 'server/testing/vitest.ts',
  jest: 'server/testing/jest.ts',
  playwright: 'server/testing/playwright.ts',
  cypress: 'server/testing/cypress.ts',
};
const sdk = {
  absWorkingDir: root,
  entryPoints: sdkEntries,
  outdir: 'dist/sdk',
  bundle: true,
  platform: 'node',
  target: 'es2022',
  logLevel: 'warning',
};
const sdkEsm = { ...sdk, format: 'esm', splitting: true, chunkNames: 'chunks/[name]-[hash]' };
const sdkCjs = { ...sdk, format: 'cjs', outExtension: { '.js': '.cjs' } };
// Those that know where they lie; the others stay free of Node.
const located = ['main', 'vitest', 'jest', 'playwright'];
const pick = (names) => Object.fromEntries(names.map((name) => [name, sdkEntries[name]]));
const sdkBuilds = [
  sdkEsm,
  { ...sdkCjs, entryPoints: pick(['client', 'cypress']) },
  {
    ...sdkCjs,
    entryPoints: pick(located),
    define: { 'import.meta.url': '__moduleUrl' },
    banner: { js: "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  },
];

async function buildWeb() {
  const { build: viteBuild } = await import('vite');
  await viteBuild({ configFile: join(root, 'web', 'vite.config.ts'), logLevel: 'warn' });
}

if (flags.has('--watch')) {
  const watching = await context({ ...server, logLevel: 'info' });
  await watching.watch();
  const { build: viteBuild } = await import('vite');
  await viteBuild({ configFile: join(root, 'web', 'vite.config.ts'), build: { watch: {} } });
} else if (!flags.has('--if-stale') || stale()) {
  const started = Date.now();
  for (const folder of ['server', 'sdk', 'types'])
    rmSync(join(root, 'dist', folder), { recursive: true, force: true });
  await Promise.all([
    build(server),
    ...sdkBuilds.map(build),
    buildTypes(root, sdkEntries),
    flags.has('--server-only') ? null : buildWeb(),
  ]);
  writeFileSync(stamp, '');
  console.log(`built dist/ in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
