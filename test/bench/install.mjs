// The package as npm would publish it: its size, what it takes installed, and how soon `npx mailscope` of it is ready.
import { readdirSync, lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, run, start, stop, until } from './processes.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

function bytesIn(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += lstatSync(join(entry.parentPath ?? entry.path, entry.name)).size;
  return bytes;
}

export async function measureInstall({ base, results, quick }) {
  const folder = mkdtempSync(join(base, 'install-'));
  const add = (key, title, unit, value) =>
    results.add(key, { title, unit, better: 'less' }, 'mailscope', value);
  // The checkout is built already; --ignore-scripts keeps npm from building it again.
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const { output } = await run('npm', pack, { cwd: root, timeoutMs: 60_000 });
  const [{ filename, size }] = JSON.parse(output.slice(output.indexOf('[')));
  const tarball = join(folder, filename);
  add('packed', 'the package, packed', 'MB', size / 1e6);
  // npm takes a minute where the network or the machine is slow.
  if (quick) return;
  const app = join(folder, 'app');
  mkdirSync(app);
  const quiet = ['--no-audit', '--no-fund', '--prefix', app];
  // Older Node compiles better-sqlite3, for which a busy machine takes minutes.
  await run('npm', ['install', tarball, ...quiet], { cwd: app, timeoutMs: 600_000 });
  add(
    'installed',
    'the package, installed with what it needs',
    'MB',
    bytesIn(join(app, 'node_modules')) / 1e6,
  );
  await measureNpx(folder, tarball, add, results);
}

/** As on a machine where npm has never been asked for anything of it. */
async function measureNpx(folder, tarball, add, results) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isNew = major > 22 || (major === 22 && minor >= 14);
  // Node 22 from the registry, where this one is older; it is fetched before the clock runs.
  let node = isNew ? process.execPath : null;
  if (node === null) {
    const place = join(folder, 'node');
    mkdirSync(place);
    try {
      await run('npm', ['install', 'node@22', '--no-audit', '--no-fund', '--prefix', place], {
        cwd: place,
        timeoutMs: 180_000,
      });
      node = join(place, 'node_modules', 'node', 'bin', 'node');
      await run(node, ['--version'], { timeoutMs: 10_000 });
    } catch (error) {
      results.note(
        `*** NOT MEASURED: npx with Node 22.14 or newer (${error.message.split('\n')[0].slice(0, 120)}) ***`,
      );
      return;
    }
  }
  const npx = join(dirname(process.execPath), 'npx');
  const { output: version } = await run(node, ['--version'], { timeoutMs: 10_000 });
  const port = await freePort();
  const ports = ['--smtp-port', port, '--submission-port', 0, '--smtps-port', 0, '--http-port', 0].map(
    String,
  );
  const cache = join(folder, 'npm-cache');
  const env = {
    ...process.env,
    PATH: `${dirname(node)}:${process.env.PATH}`,
    npm_config_cache: cache,
    XDG_CONFIG_HOME: join(folder, 'config'),
  };
  const args = [
    '--yes',
    `--package=${tarball}`,
    'mailscope',
    '--ready-json',
    '--data',
    join(folder, 'data'),
    ...ports,
  ];
  const startedAt = performance.now();
  const child = start(npx, args, { cwd: folder, env, detached: true });
  try {
    await until(
      () => {
        if (child.exited()) throw new Error(`npx ended: ${child.output().slice(-300)}`);
        return child.output().includes('"event":"ready"');
      },
      { everyMs: 10, timeoutMs: 120_000, what: 'The ready line of npx mailscope' },
    );
    const seconds = (performance.now() - startedAt) / 1000;
    add('npx', 'npx of the packed tarball, empty cache: until ready', 's', seconds);
    results.note(`npx was measured with Node ${version.trim()}.`);
  } finally {
    // npx starts the server as a child of its own.
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It is gone.
    }
    await stop(child);
  }
}
