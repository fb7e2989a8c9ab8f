// The tarball that npm would publish, installed into an empty folder without a network.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findTool } from '../support/tools.ts';
import { idIn, runMailscope, startMailscope, temporaryFolder } from './mailscope.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

async function npm(args: string[], cwd: string): Promise<string> {
  const { stdout } = await run(
    findTool('npm')!,
    [...args, '--offline', '--ignore-scripts', '--loglevel=error'],
    {
      cwd,
      timeout: 60_000,
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

test('the packed package starts, shows its page, takes a message and gives it back', async () => {
  expect(
    existsSync(join(root, 'dist', 'web', 'index.html')),
    'the web interface is not built: run npm run build',
  ).toBe(true);
  await using folder = await temporaryFolder();
  const packed = JSON.parse(await npm(['pack', '--json', '--pack-destination', folder.path], root)) as [
    { filename: string; files: { path: string }[] },
  ];
  const { filename, files } = packed[0];
  const paths = files.map(({ path }) => path);
  for (const needed of ['package.json', 'dist/server/main.js', 'dist/server/app.js', 'dist/web/index.html'])
    expect(paths).toContain(needed);
  // What is published runs; what it is made from and tested with stays here.
  expect(
    paths.filter((path) => /^(server|shared|web|test|node_modules)\/|\.ts$|\.svelte$/.test(path)),
  ).toEqual([]);

  const empty = join(folder.path, 'empty');
  await mkdir(empty);
  await writeFile(join(empty, 'package.json'), '{ "private": true }');
  await copyDriver('better-sqlite3', empty);
  await npm(['install', '--no-audit', '--no-fund', join('..', filename)], empty);
  const installed = join(empty, 'node_modules', 'mailscope');
  const main = join(installed, 'dist', 'server', 'main.js');
  if (process.platform !== 'win32')
    expect(existsSync(join(empty, 'node_modules', '.bin', 'mailscope'))).toBe(true);

  await using asking = runMailscope(['--version'], empty, { main });
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    version: string;
  };
  expect((await asking.ended).out).toBe(`${version}\n`);

  await using mailscope = await startMailscope(empty, [], { main });
  const page = await fetch(`${mailscope.ready.http}/`);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  const html = await page.text();
  const assets = [...html.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css|svg))"/g)].map((found) => found[1]!);
  expect(assets.length).toBeGreaterThan(1);
  for (const asset of assets) {
    const answer = await fetch(mailscope.ready.http + asset);
    expect(answer.status, asset).toBe(200);
    expect((await answer.text()).length, asset).toBeGreaterThan(100);
  }

  const sent = 'Subject: packed\r\n\r\n.hello\r\n';
  await using wire = await mailscope.wire();
  await wire.hello();
  const id = idIn(await wire.mail(sent.replace('\r\n.', '\r\n..')));
  expect(Buffer.from(await mailscope.client.readRaw({ params: { id } })).toString()).toBe(sent);
  expect(await mailscope.client.readMessage({ params: { id } })).toMatchObject({
    subject: 'packed',
    parse: 'parsed',
    text: '.hello\n',
  });
  const { code, err } = await mailscope.stop();
  expect({ code, err }).toEqual({ code: 0, err: '' });
}, 60_000);
