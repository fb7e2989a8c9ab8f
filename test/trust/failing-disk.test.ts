// A disk that is full or fails, in each way that a machine allows to make.
import { execFileSync, spawnSync } from 'node:child_process';
import { statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFault, shim } from '../durability/disk-shim.ts';
import { expectSound } from '../durability/kept.ts';
import { Correspondent, fullReply } from '../durability/refusals.ts';
import { mount, mountImage, whyNoMount } from '../durability/small-disk.ts';
import { startMailscope, temporaryFolder, type Mailscope } from '../process/mailscope.ts';
import { whereAllowed } from '../support/allowed.ts';

/** These tests fill the disk; the guard against that has tests of its own. */
const unguarded = ['--min-free', '0', '--max-bytes', '0'];

test('a limit on the size of files (ulimit -f): 452, and what was acknowledged is there', async () => {
  await using folder = await temporaryFolder();
  await using mailscope = await startMailscope(folder.path, unguarded);
  const one = new Correspondent(mailscope);
  expect(await one.send()).toMatch(/^250 /);
  setLimit(mailscope, 3_000_000);
  expect(await one.sendUntilRefused(2000, 20_000)).toMatch(fullReply);
  await one.expectDegraded();
  setLimit(mailscope, null);
  await one.expectRecovered();
  expect((await mailscope.stop()).code).toBe(0);
  expectSound(join(folder.path, 'data'));
});

const pageLimit = new URL('../durability/page-limit.mjs', import.meta.url).href;

test('a limit on the pages of the database: 452 to everybody, and mail again once there may be more', async () => {
  await using folder = await temporaryFolder();
  const env = { NODE_OPTIONS: `--import ${pageLimit}`, MAILSCOPE_TEST_MAX_PAGES: '500' };
  await using mailscope = await startMailscope(folder.path, unguarded, { env });
  const one = new Correspondent(mailscope);
  expect(await one.sendUntilRefused(200, 20_000)).toMatch(fullReply);
  const others = await Promise.all(
    Array.from({ length: 8 }, async (_, n) => {
      await using wire = await mailscope.wire();
      await wire.hello();
      return await one.storm.send(wire, `other${n}`, 400);
    }),
  );
  for (const reply of others) expect(reply).toMatch(fullReply);
  await one.expectDegraded();
  expect(one.storm.acknowledged.size).toBeGreaterThan(20);
  expect((await mailscope.stop()).code).toBe(0);
  await using again = await startMailscope(folder.path, unguarded, {
    env: { ...env, MAILSCOPE_TEST_MAX_PAGES: '1000' },
  });
  await new Correspondent(again, one.storm).expectRecovered(20_000);
  expect((await again.stop()).code).toBe(0);
  expectSound(join(folder.path, 'data'));
});

function setLimit(mailscope: Mailscope, bytes: number | null): void {
  const value = bytes === null ? 'unlimited' : String(bytes);
  execFileSync('prlimit', ['--pid', String(mailscope.child.pid), `--fsize=${value}:unlimited`]);
}

const mounting = whereAllowed('file systems of a test (mount)', whyNoMount);

mounting.test.each([
  ['tmpfs', (data: string) => mount(data, ['-t', 'tmpfs', '-o', 'size=36m', 'tmpfs'])],
  ['ext4', (data: string) => mountImage(data, `${data}.img`, 48)],
] as const)('a full disk (%s): 452, and mail again once there is room', async (_, make) => {
  await using folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  using _disk = make(data);
  const ballast = join(data, 'ballast');
  writeFileSync(ballast, Buffer.alloc(20 * 2 ** 20));
  {
    await using mailscope = await startMailscope(folder.path, unguarded);
    const one = new Correspondent(mailscope);
    expect(await one.sendUntilRefused(3000, 20_000)).toMatch(fullReply);
    for (let n = 0; n < 10; n++) expect(await one.send(n % 2 === 0 ? 40_000 : 1_200_000)).toMatch(fullReply);
    await one.expectDegraded();
    unlinkSync(ballast);
    await one.expectRecovered();
    await one.expectRecovered(1_200_000);
    expect(mailscope.child.exitCode).toBeNull();
    expect((await mailscope.stop()).code).toBe(0);
  }
  expectSound(data);
});

mounting.test(
  'a disk without inodes: what needs a file of its own is answered 452, the rest is taken',
  async () => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'data');
    using _disk = mountImage(data, `${data}.img`, 64, ['-N', '64']);
    await using mailscope = await startMailscope(folder.path, unguarded);
    const one = new Correspondent(mailscope);
    expect(await one.send(1_200_000)).toMatch(/^250 /);
    const fillers: string[] = [];
    while (statfsSync(data).ffree > 0) {
      fillers.push(join(data, `filler-${fillers.length}`));
      writeFileSync(fillers.at(-1)!, '');
    }
    expect(await one.send(1_200_000)).toMatch(fullReply);
    await one.expectDegraded();
    expect(await one.send(5000)).toMatch(/^250 /);
    fillers.forEach((filler) => unlinkSync(filler));
    await one.expectRecovered(1_200_000);
  },
);

mounting.test('a disk that its errors made read-only: 452, and nothing acknowledged is lost', async () => {
  await using folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  using _disk = mountImage(data, `${data}.img`, 64);
  const first = await startMailscope(folder.path, unguarded);
  const one = new Correspondent(first);
  for (let n = 0; n < 20; n++) expect(await one.send()).toMatch(/^250 /);
  // What ext4 does itself upon an error, with errors=remount-ro.
  execFileSync('mount', ['-o', 'remount,abort', data]);
  for (let n = 0; n < 5; n++) expect(await one.send()).toMatch(fullReply);
  await one.expectDegraded();
  await first.stop();
  execFileSync('umount', ['--lazy', data]);
  spawnSync('e2fsck', ['-p', '-f', `${data}.img`]);
  execFileSync('mount', ['-o', 'loop', `${data}.img`, data]);
  await using again = await startMailscope(folder.path, unguarded);
  const { items } = await again.client.listMessages({ query: { limit: 500 } });
  expect(new Set(items.map(({ id }) => id))).toEqual(new Set(one.storm.acknowledged.keys()));
});

const shimmed = whereAllowed('failing calls to the disk', shim.why);

shimmed.test.each(['EIO', 'EROFS', 'ENOSPC'] as const)(
  'a disk that fails with %s: 452, and mail again once it works',
  async (error) => {
    await using folder = await temporaryFolder();
    const fault = makeFault(join(folder.path, 'data'), join(folder.path, 'fault'));
    await using mailscope = await startMailscope(folder.path, unguarded, { env: fault.env });
    const one = new Correspondent(mailscope);
    expect(await one.send()).toMatch(/^250 /);
    fault.begin(error, ['write', 'sync', 'create']);
    for (const bytes of [5000, 100_000, 1_200_000]) expect(await one.send(bytes)).toMatch(fullReply);
    await one.expectDegraded();
    fault.end();
    for (const bytes of [5000, 100_000, 1_200_000]) await one.expectRecovered(bytes);
    expect((await mailscope.stop()).code).toBe(0);
    expectSound(join(folder.path, 'data'));
  },
);

shimmed.test('of a disk on which the n-th call fails, for each n: 250 is stored, 452 is not', async () => {
  await using folder = await temporaryFolder();
  const fault = makeFault(join(folder.path, 'data'), join(folder.path, 'fault'));
  const one = await (async () => {
    await using mailscope = await startMailscope(folder.path, unguarded, { env: fault.env });
    const one = new Correspondent(mailscope);
    let refused = 0;
    for (const calls of [['write'], ['sync'], ['create']] as const) {
      for (let n = 0; n < 24; n++) {
        fault.begin('EIO', [...calls], n, 1);
        const reply = await one.send(n % 4 === 0 ? 1_200_000 : 9000);
        expect(reply).toMatch(/^(250|452 4\.3\.1) /);
        if (reply.startsWith('452')) refused++;
        fault.end();
      }
    }
    expect(refused).toBeGreaterThan(5);
    await one.expectRecovered();
    await mailscope.stop('SIGKILL');
    return one;
  })();
  await using again = await startMailscope(folder.path, unguarded);
  const { items } = await again.client.listMessages({ query: { limit: 500 } });
  expect(new Set(items.map(({ id }) => id))).toEqual(new Set(one.storm.acknowledged.keys()));
  expect((await again.stop()).code).toBe(0);
  expectSound(join(folder.path, 'data'));
});
