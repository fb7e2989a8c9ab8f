// mailscope import and export where something is in the way: broken links, empty mailboxes, full disks, signals.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, request as ask, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { run } from './command.ts';
import { useCommand } from './use-command.ts';

const own = useCommand();
const { call } = own;
const mail = (subject: string): string => `From: a@x.test\nTo: b@x.test\nSubject: ${subject}\n\nhi\n`;

test('a link that leads nowhere hides nothing else of its folder, and an empty mbox is a mailbox', async () => {
  await using sandbox = await startTestSandbox();
  const root = join(own.folder, 'linked');
  await mkdir(join(root, 'c'), { recursive: true });
  for (const [name, content] of [
    ['b.eml', mail('b')],
    ['c/d.eml', mail('d')],
    ['e.mbox', ''],
  ] as const)
    await writeFile(join(root, name), content);
  await symlink(join(root, 'nowhere'), join(root, 'a.eml'));
  await symlink(join(root, 'nowhere'), join(root, 'link'));
  const { code, out, err } = await call(sandbox, ['import', root]);
  expect([code, out]).toEqual([1, '2 imported, 2 not imported\n']);
  const { items } = await sandbox.client.listMessages();
  expect(items.map(({ subject }) => subject)).toEqual(['d', 'b']);
  for (const name of ['a.eml', 'link']) expect(err).toContain(`mailscope: ${join(root, name)}: ENOENT`);
  expect(await call(sandbox, ['import', join(root, 'e.mbox')])).toMatchObject({
    code: 0,
    out: '0 imported, 0 not imported\n',
    err: '',
  });
});

test.skipIf(!existsSync('/dev/full'))(
  'what cannot be printed, an export or what came, is no success, and says why',
  async () => {
    await using sandbox = await startTestSandbox();
    await call(sandbox, ['import', '-', '--quiet'], mail('one'));
    const shell = (words: string) =>
      promisify(execFile)('sh', ['-c', `"$0" "$1" ${words}`, process.execPath, own.command], {
        env: { ...process.env, MAILSCOPE_URL: sandbox.url },
      });
    for (const words of ['export --quiet', 'wait --print id', 'ready', 'wait --help', '--version'])
      await expect(shell(`${words} > /dev/full`), words).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^mailscope: Standard output cannot be written\.\n {2}Why: .*ENOSPC/),
      });
    expect(await shell('export --quiet | head -c 4')).toMatchObject({ stdout: 'From', stderr: '' });
    expect(await shell('wait --print json | true')).toMatchObject({ stdout: '', stderr: '' });
  },
);

/** Passes requests on to the sandbox; the first that `isHeld` picks is never answered. */
async function startHolding({ url }: TestSandbox, isHeld: (request: IncomingMessage) => boolean) {
  let tell = (): void => {};
  const held = new Promise<void>((done) => (tell = done));
  const server = createServer((request, response) => {
    if (isHeld(request)) return tell();
    const { method = 'GET', headers } = request;
    const onward = ask(url + request.url!, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    held,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await promisify(server.close.bind(server))();
    },
  };
}

test('an import that is interrupted says how many messages came so far', async () => {
  await using sandbox = await startTestSandbox();
  let stored = 0;
  await using holding = await startHolding(sandbox, ({ method }) => method === 'POST' && ++stored === 2);
  const box = join(own.folder, 'two.mbox');
  await writeFile(box, `From x Mon\n${mail('one')}\nFrom x Mon\n${mail('two')}`);
  const importing = run(own.command, ['import', box, '--url', holding.url]);
  await holding.held;
  importing.child.kill('SIGINT');
  expect(await importing.ended).toMatchObject({
    code: 130,
    out: '1 imported, 0 not imported before it was interrupted\n',
    err: '',
  });
});

test.each(['mbox', 'eml', 'maildir'])(
  'an export as %s that is interrupted leaves nothing unfinished',
  async (format) => {
    await using sandbox = await startTestSandbox();
    for (const subject of ['one', 'two', 'three'])
      await call(sandbox, ['import', '-', '--quiet'], mail(subject));
    const { id } = await sandbox.client.readMessage({ params: { id: 'latest' } });
    await using holding = await startHolding(sandbox, ({ url }) => url!.includes(`${id}/raw`));
    const place = join(own.folder, `interrupted-${format}`);
    await mkdir(place);
    const output = format === 'mbox' ? join(place, 'all.mbox') : place;
    const exporting = run(own.command, [
      'export',
      '--format',
      format,
      '--output',
      output,
      '--url',
      holding.url,
    ]);
    await holding.held;
    const files = async () =>
      (await readdir(place, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    await vi.waitFor(async () => expect((await files()).length).toBeGreaterThan(0), 10_000);
    exporting.child.kill('SIGTERM');
    const { code, err } = await exporting.ended;
    expect(code).toBe(143);
    expect(err).toMatch(/^[012] exported before it was interrupted\n$/);
    const left = await files();
    expect(left.length).toBeGreaterThanOrEqual(Number(err[0]));
    if (format === 'mbox') expect(left).toEqual([]);
    for (const { name, parentPath } of left) {
      expect(parentPath).not.toMatch(/tmp$/);
      expect(await readFile(join(parentPath, name), 'utf8')).toMatch(/\n\nhi\n$/);
    }
  },
);
