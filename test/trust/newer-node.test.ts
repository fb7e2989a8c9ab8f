// The package on newer versions of Node, which npm brings, with the driver that it brings for them.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { sayRaw } from '../http/support.ts';
import { idIn, startMailscope, temporaryFolder } from '../process/mailscope.ts';
import { findTool } from '../support/tools.ts';
import { pack } from './install-packed.ts';

const run = promisify(execFile);

async function install(what: string, folder: string, path: string[] = []): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const PATH = [...path, process.env.PATH].join(delimiter);
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error', what];
  await run(findTool('npm')!, args, { cwd: folder, env: { ...process.env, PATH }, timeout: 200_000 });
}

/** The folder of its programs; null, and told, where there is no registry to bring it. */
async function fetchNode(version: number, folder: string): Promise<string | null> {
  try {
    await install(`node@${version}`, folder);
  } catch (error) {
    console.warn(`\nnot run: the package on Node ${version}, which npm did not bring: ${String(error)}\n`);
    return null;
  }
  return join(folder, 'node_modules', 'node', 'bin');
}

/** Java's client offers HTTP/2 with its first request (RFC 9110 §7.8); Node 26 hands over its body in another way. */
const asJavaDoes = (body: string): string =>
  [
    'POST /api/messages/delete HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');

test.for([22, 24, 26])(
  'on Node %i the package installs without compiling, takes mail, answers an offer of HTTP/2 and ends in order',
  { timeout: 400_000 },
  async (version, { skip }) => {
    await using folder = await temporaryFolder();
    const bin = await fetchNode(version, join(folder.path, 'node'));
    if (bin === null) return skip();
    const app = join(folder.path, 'app');
    await install(join(folder.path, (await pack(folder.path)).filename), app, [bin]);
    expect(existsSync(join(app, 'node_modules', 'better-sqlite3', 'build'))).toBe(false);

    const main = join(app, 'node_modules', 'mailscope', 'dist', 'server', 'main.js');
    await using mailscope = await startMailscope(app, [], { main, node: join(bin, 'node') });
    expect((await fetch(mailscope.ready.http)).status).toBe(200);
    await using wire = await mailscope.wire();
    await wire.hello();
    const id = idIn(await wire.mail('Subject: newer\r\n\r\nYour code is 482913.\r\n'));
    await wire.quit();
    expect(await mailscope.client.readMessage({ params: { id } })).toMatchObject({
      subject: 'newer',
      parse: 'parsed',
      codes: [{ code: '482913' }],
    });
    const { port } = new URL(mailscope.ready.http);
    const deletion = asJavaDoes(JSON.stringify({ ids: [id] }));
    expect(await sayRaw(Number(port), deletion, /count/)).toContain('{"count":1}');
    const { code, err } = await mailscope.stop();
    expect({ code, err }).toEqual({ code: 0, err: '' });
  },
);
