// A disk that fails in the middle of a message that is kept as a file: 452 and no file, or 250 and every byte.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { makeFault, shim, type Fault } from '../durability/disk-shim.ts';
import { expectSound } from '../durability/kept.ts';
import { Correspondent, fullReply } from '../durability/refusals.ts';
import { startMailscope, temporaryFolder, type Mailscope } from '../process/mailscope.ts';
import { whereAllowed } from '../support/allowed.ts';
import { findTool } from '../support/tools.ts';

/** The guard against a full disk has tests of its own. */
const unguarded = ['--min-free', '0', '--max-bytes', '0'];
const sizes = [1_200_000, 2_000_000];

/** The bodies that are files are those of what was acknowledged, and none is half. */
async function expectFiles(data: string, { client }: Mailscope, least: number): Promise<void> {
  const files = readdirSync(join(data, 'bodies'), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map(({ name }) => name);
  const { items } = await client.listMessages({ query: { limit: 500 } });
  const large = items.filter(({ size }) => size > 2 ** 20).map(({ id }) => id);
  expect(large.length).toBeGreaterThanOrEqual(least);
  expect(files.sort()).toEqual(large.sort());
}

function setLimit({ child }: Mailscope, bytes: number | null): void {
  const value = bytes === null ? 'unlimited' : String(bytes);
  execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${value}:unlimited`]);
}

const shimmed = whereAllowed('failing calls to the disk', shim.why);

/** Only what is written of bodies fails; rows go into the database as ever. */
async function startOnBadBodies(
  folder: string,
): Promise<{ mailscope: Mailscope; fault: Fault; data: string }> {
  const data = join(folder, 'data');
  const fault = makeFault(join(data, 'bodies'), join(folder, 'fault'));
  return { mailscope: await startMailscope(folder, unguarded, { env: fault.env }), fault, data };
}

shimmed.test.each(['EIO', 'ENOSPC'] as const)(
  'a message of whose file the n-th write fails with %s, for each n: 452 and no file, and the next is taken',
  async (error) => {
    await using folder = await temporaryFolder();
    const { mailscope, fault, data } = await startOnBadBodies(folder.path);
    await using _ = mailscope;
    const one = new Correspondent(mailscope);
    let inTheMiddle = 0;
    for (const bytes of sizes) {
      for (let n = 0, wasHit = true; wasHit; n++) {
        fault.begin(error, ['write'], n, 1);
        const reply = await one.send(bytes);
        const { failed, worked } = fault.end();
        wasHit = failed === 1;
        expect(reply, `write ${n} of ${bytes} bytes`).toMatch(wasHit ? fullReply : /^250 /);
        if (wasHit && worked > 0) inTheMiddle++;
        if (n === 1) await one.expectDegraded();
      }
    }
    expect(inTheMiddle).toBeGreaterThanOrEqual(3);
    await expectFiles(data, mailscope, sizes.length);
    await one.expectRecovered(1_200_000);
    await expectFiles(data, mailscope, sizes.length + 1);
    expect((await mailscope.stop()).code).toBe(0);
    expectSound(data);
  },
);

shimmed.test('a disk that takes half of each write of a file: 250, and every byte is there', async () => {
  await using folder = await temporaryFolder();
  const { mailscope, fault, data } = await startOnBadBodies(folder.path);
  await using _ = mailscope;
  const one = new Correspondent(mailscope);
  for (const bytes of [...sizes, ...sizes]) {
    fault.begin('half', ['write']);
    expect(await one.send(bytes)).toMatch(/^250 /);
    expect(fault.end().failed).toBeGreaterThan(10);
  }
  await one.expectKept();
  await expectFiles(data, mailscope, 2 * sizes.length);
});

whereAllowed(
  'a limit on the size of files (prlimit)',
  findTool('prlimit') === null ? 'there is no prlimit' : null,
).test(
  'a limit on the size of files (ulimit -f) that is met in the middle of a message: 452, and no file of it',
  async () => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'data');
    await using mailscope = await startMailscope(folder.path, unguarded);
    const one = new Correspondent(mailscope);
    expect(await one.send(1_200_000)).toMatch(/^250 /);
    setLimit(mailscope, 1_500_000);
    for (let n = 0; n < 3; n++) expect(await one.send(2_000_000)).toMatch(fullReply);
    await one.expectDegraded();
    // One that fits under the limit is taken meanwhile.
    expect(await one.send(1_200_000)).toMatch(/^250 /);
    setLimit(mailscope, null);
    await one.expectRecovered(2_000_000);
    await expectFiles(data, mailscope, 3);
    expect((await mailscope.stop()).code).toBe(0);
    expectSound(data);
  },
);
