// Builds dist/: the server as ESM bundles with better-sqlite3 left outside, and the UI.
// Flags: --if-stale (only when a source is newer than the build), --watch, --server-only.
import { build, context } from 'esbuild';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
    'store-worker': 'server/store/worker.ts',
    'mail-worker': 'server/mail/worker.ts',
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
  // Some dependencies are CommonJS and call require at run time.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
};

/** The client for tests, for Node and browsers alike. */
const client = {
  absWorkingDir: root,
  entryPoints: { client: 'shared/client/test-client.ts' },
  outdir: 'dist/client',
  bundle: true,
  platform: 'neutral',
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
};

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
  rmSync(join(root, 'dist', 'server'), { recursive: true, force: true });
  await Promise.all([build(server), build(client), flags.has('--server-only') ? null : buildWeb()]);
  writeFileSync(stamp, '');
  console.log(`built dist/ in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
