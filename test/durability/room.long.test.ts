// Room that runs out is told before a message comes, and is no reason not to read and delete.
import { statfsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createLog } from '../../server/log.ts';
import { startTestSandbox } from '../support/sandbox.ts';
import { openWire } from '../support/wire.ts';
import { startMailscope, temporaryFolder } from '../process/mailscope.ts';

/** More than this disk has. */
const tooMuch = (folder: string): string => {
  const { bavail, bsize } = statfsSync(folder);
  return String(bavail * bsize * 2);
};

test('with less room than is to be kept free MAIL is refused, while what is there can be read and deleted', async () => {
  await using folder = await temporaryFolder();
  {
    await using mailscope = await startMailscope(folder.path);
    await using wire = await mailscope.wire();
    await wire.hello();
    expect(await wire.mail()).toMatch(/^250 /);
    expect((await mailscope.client.readStatus()).storage).toMatchObject({ state: 'ok', problem: null });
  }
  await using mailscope = await startMailscope(folder.path, ['--min-free', tooMuch(folder.path)]);
  expect(mailscope.err).toMatch(/Mail is refused: [\d,]+ MiB are free .* \(--min-free\)/);
  const { client } = mailscope;
  const { storage } = await client.readStatus();
  expect(storage).toMatchObject({
    state: 'degraded',
    problem: expect.stringMatching(/MiB are free/) as string,
  });
  await using wire = await mailscope.wire();
  await wire.hello();
  expect(await wire.say('MAIL FROM:<ann@example.test>')).toMatch(
    /^452 4\.3\.1 Insufficient system storage: /,
  );
  expect(await wire.say('RCPT TO:<bob@example.test>')).toMatch(/^503 /);
  await expect(
    client.storeMessage({ body: new Blob(['Subject: x\r\n\r\n']) as never }),
  ).rejects.toMatchObject({
    code: 'storage_full',
  });
  const { items } = await client.listMessages();
  expect(items).toHaveLength(1);
  await client.deleteMessages({ body: { all: true, purge: true } });
  expect((await client.listMessages()).items).toEqual([]);
  expect((await mailscope.stop()).code).toBe(0);
});

test('a message for which twice its declared size is not free is refused at MAIL', async () => {
  await using folder = await temporaryFolder();
  await using mailscope = await startMailscope(folder.path, [
    '--min-free',
    '1',
    '--max-size',
    tooMuch(folder.path),
  ]);
  await using wire = await mailscope.wire();
  await wire.hello();
  const { bavail, bsize } = statfsSync(folder.path);
  const size = Math.round(bavail * bsize * 0.75);
  expect(await wire.say(`MAIL FROM:<ann@example.test> SIZE=${size}`)).toMatch(
    /^452 4\.3\.1 .*twice the size/,
  );
  expect(await wire.mail()).toMatch(/^250 /);
});

test('in memory there is always room', async () => {
  await using sandbox = await startTestSandbox();
  expect((await sandbox.client.readStatus()).storage).toEqual({
    state: 'ok',
    problem: null,
    freeBytes: null,
    minFreeBytes: 64 * 2 ** 20,
  });
  await using wire = await openWire(sandbox.ports[0]!);
  await wire.hello();
  expect(await wire.say('MAIL FROM:<ann@example.test> SIZE=50000000')).toMatch(/^250 /);
});

test('where the data folder is removed under way mail is refused and the log says so, not taken and lost', async () => {
  await using folder = await temporaryFolder();
  await using mailscope = await startMailscope(folder.path);
  await using wire = await mailscope.wire();
  await wire.hello();
  expect(await wire.mail()).toMatch(/^250 /);
  await rm(join(folder.path, 'data'), { recursive: true });
  const state = async () => (await mailscope.client.readStatus()).storage.state;
  await vi.waitFor(async () => expect(await state()).toBe('degraded'), 20_000);
  expect(await wire.say('MAIL FROM:<ann@example.test>')).toMatch(
    /^452 4\.3\.1 .*the data folder was removed\. Put it back, or start Mailscope again/,
  );
  const { code, err } = await mailscope.stop();
  expect(code).toBe(0);
  expect(err).toMatch(/^\S+ warn {2}Mail is refused: the data folder was removed\. .+\n$/);
});

test('why a message could not be stored is in the log, once until it works again', async () => {
  await using folder = await temporaryFolder();
  const told: string[] = [];
  const log = createLog('warn', (line) => told.push(line));
  await using sandbox = await startTestSandbox({ data: folder.path }, { log });
  // Large messages have files of their own; root, too, can make none below a file.
  const bodies = join(folder.path, 'bodies', 'tmp');
  await rm(bodies, { recursive: true });
  await writeFile(bodies, '');
  const large = `Subject: large\r\n\r\n${'abcdefghijklmnopqrstuvwxyz\r\n'.repeat(100_000)}`;
  await using wire = await sandbox.wire();
  await wire.hello();
  for (let n = 0; n < 2; n++) expect(await wire.mail(large)).toMatch(/^451 .*see the log of Mailscope/);
  expect(told).toEqual([expect.stringMatching(/ error Mail could not be stored: .*ENOTDIR/)]);
});
