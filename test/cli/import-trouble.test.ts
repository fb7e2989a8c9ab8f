// mailscope import and export where something is in the way: broken links, empty mailboxes, full disks.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { buildCommand, run } from './command.ts';

let command: string;
let folder: string;
beforeAll(async () => {
  command = await buildCommand();
  folder = await mkdtemp(join(tmpdir(), 'import-'));
});
afterAll(async () => {
  await rm(dirname(dirname(command)), { recursive: true });
  await rm(folder, { recursive: true });
});

const call = (sandbox: TestSandbox, args: string[], input?: string) =>
  run(command, args, { env: { MAILSCOPE_URL: sandbox.url }, ...(input === undefined ? {} : { input }) })
    .ended;
const mail = (subject: string): string => `From: a@x.test\nTo: b@x.test\nSubject: ${subject}\n\nhi\n`;

test('a link that leads nowhere hides nothing else of its folder, and an empty mbox is a mailbox', async () => {
  await using sandbox = await startTestSandbox();
  const root = join(folder, 'linked');
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
  'an export for which there is no room is no success, and says why',
  async () => {
    await using sandbox = await startTestSandbox();
    await call(sandbox, ['import', '-', '--quiet'], mail('one'));
    const shell = (target: string) =>
      promisify(execFile)('sh', ['-c', `"$0" "$1" export --quiet ${target}`, process.execPath, command], {
        env: { ...process.env, MAILSCOPE_URL: sandbox.url },
      });
    await expect(shell('> /dev/full')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^mailscope: Standard output cannot be written\.\n {2}Why: .*ENOSPC/),
    });
    expect(await shell('| head -c 4')).toMatchObject({ stdout: 'From', stderr: '' });
  },
);
