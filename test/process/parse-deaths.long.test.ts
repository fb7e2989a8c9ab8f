// A message of which the whole process dies, again and again, costs no more than two starts.
import { cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DERIVED_VERSION } from '../../server/mail/derived.ts';
import { packageRoot } from '../../server/paths.ts';
import { save } from '../store/samples.ts';
import { openFolder } from '../store/temporary-folder.ts';
import { freePorts, idIn, runMailscope, startMailscope, temporaryFolder } from './mailscope.ts';

/** Nothing that we know of kills the process; what once will is played by a thread that is killed as it parses. */
const deadly = 'Subject: deadly';
const worker = `
  import { parentPort } from 'node:worker_threads';
  import './whole-worker.js';
  parentPort.on('message', ({ bytes }) => {
    if (Buffer.from(bytes).includes('${deadly}')) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
  });`;

/** A copy of the built program with that thread; the file to run. */
function buildDeadly(folder: string): string {
  const dist = join(folder, 'copy', 'dist', 'server');
  mkdirSync(dist, { recursive: true });
  cpSync(join(packageRoot, 'dist', 'server'), dist, { recursive: true });
  cpSync(join(packageRoot, 'package.json'), join(folder, 'copy', 'package.json'));
  symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'copy', 'node_modules'));
  renameSync(join(dist, 'mail-worker.js'), join(dist, 'whole-worker.js'));
  writeFileSync(join(dist, 'mail-worker.js'), worker);
  return join(dist, 'main.js');
}

/** Too large to be with the thread beside others. */
const body = (subject: string): Buffer =>
  Buffer.from(`Subject: ${subject}\r\n\r\n${'text\r\n'.repeat(20_000)}`);

test('the second time the process dies of a message is the last: it says so, and all else is parsed', async () => {
  await using folder = await temporaryFolder();
  const main = buildDeadly(folder.path);
  const data = join(folder.path, 'data');
  const ids: Record<string, string> = {};
  {
    const { store } = await openFolder(data);
    for (const subject of ['first', 'deadly', 'second'])
      ids[subject] = (await save(store, subject, { bytes: body(subject) })).id;
    await store[Symbol.asyncDispose]();
  }
  const unparsed = async (): Promise<string[]> => {
    const { store } = await openFolder(data);
    const found = await store.listUnparsed(DERIVED_VERSION, 10);
    await store[Symbol.asyncDispose]();
    return found;
  };
  const args = ['--host', '127.0.0.1', ...freePorts, '--data', data];

  expect((await runMailscope(args, folder.path, { main }).ended).signal).toBe('SIGKILL');
  expect(await unparsed()).toContain(ids.deadly);
  // The rest comes first now.
  expect((await runMailscope(args, folder.path, { main }).ended).signal).toBe('SIGKILL');
  expect(await unparsed()).toEqual([ids.deadly]);

  await using mailscope = await startMailscope(folder.path, [], { main });
  const { client } = mailscope;
  await expect
    .poll(() => client.readMessage({ params: { id: ids.deadly! } }))
    .toMatchObject({
      parse: 'failed',
      problem: expect.stringMatching(/died 2 times while it parsed this message/) as string,
      subject: 'deadly',
    });
  expect(mailscope.err).toContain(`Message ${ids.deadly} is not parsed`);
  for (const subject of ['first', 'second'])
    expect(await client.readMessage({ params: { id: ids[subject]! } })).toMatchObject({ parse: 'parsed' });
  expect(Buffer.from(await client.readRaw({ params: { id: ids.deadly! } }))).toEqual(body('deadly'));
  await using wire = await mailscope.wire();
  await wire.hello();
  const id = idIn(await wire.mail('Subject: after\r\n\r\nx\r\n'));
  await expect.poll(() => client.readMessage({ params: { id } })).toMatchObject({ parse: 'parsed' });
  expect((await mailscope.stop()).code).toBe(0);
});
