// Packs what npm would publish and installs it into an empty folder, without a network.
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findTool } from '../support/tools.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

async function npm(args: string[], cwd: string): Promise<string> {
  const { stdout } = await run(
    findTool('npm')!,
    [...args, '--offline', '--ignore-scripts', '--loglevel=error'],
    {
      cwd,
      timeout: 200_000,
    },
  );
  return stdout;
}

/** Copies the compiled driver and what it needs at run time, since nothing can be compiled or fetched here. */
async function copyDriver(name: string, to: string): Promise<void> {
  const target = join(to, 'node_modules', name);
  // The sources of SQLite are only for compiling.
  const unneeded = ['deps', 'src', join('build', 'deps')].map((part) => join('better-sqlite3', part));
  const filter = (path: string): boolean => !unneeded.some((part) => path.endsWith(sep + part));
  await cp(join(root, 'node_modules', name), target, { recursive: true, filter });
  const description = join(target, 'package.json');
  const read = JSON.parse(await readFile(description, 'utf8')) as { dependencies?: Record<string, string> };
  // This one would fetch it.
  delete read.dependencies?.['prebuild-install'];
  await writeFile(description, JSON.stringify(read));
  for (const needed of Object.keys(read.dependencies ?? {})) await copyDriver(needed, to);
}

export async function pack(folder: string): Promise<{ filename: string; files: { path: string }[] }> {
  const packed = await npm(['pack', '--json', '--pack-destination', folder], root);
  return (JSON.parse(packed) as [{ filename: string; files: { path: string }[] }])[0];
}

/** `empty` is the folder that it is installed in, `files` are those of the package. */
export async function installPacked(folder: string): Promise<{ empty: string; files: { path: string }[] }> {
  const { filename, files } = await pack(folder);
  const empty = join(folder, 'empty');
  await mkdir(empty);
  await writeFile(join(empty, 'package.json'), '{ "private": true }');
  await copyDriver('better-sqlite3', empty);
  await npm(['install', '--no-audit', '--no-fund', join('..', filename)], empty);
  return { empty, files };
}
