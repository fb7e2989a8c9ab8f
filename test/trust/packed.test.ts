// The tarball that npm would publish, installed into an empty folder without a network.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installPacked, root } from './install-packed.ts';
import { idIn, runMailscope, startMailscope, temporaryFolder } from '../process/mailscope.ts';

test('the packed package starts, shows its page, takes a message and gives it back', async () => {
  expect(
    existsSync(join(root, 'dist', 'web', 'index.html')),
    'the web interface is not built: run npm run build',
  ).toBe(true);
  await using folder = await temporaryFolder();
  const { empty, files } = await installPacked(folder.path);
  const paths = files.map(({ path }) => path);
  for (const needed of ['package.json', 'dist/server/main.js', 'dist/server/app.js', 'dist/web/index.html'])
    expect(paths).toContain(needed);
  // What is published runs; what it is made from and tested with stays here.
  expect(
    paths.filter((path) => /^(server|shared|web|test|node_modules)\/|(?<!\.d)\.ts$|\.svelte$/.test(path)),
  ).toEqual([]);

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
}, 240_000);
