// A disk without a free byte: what is there can be deleted, in every way, and that makes room for mail.
import Database from 'better-sqlite3';
import { statSync, truncateSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { expectSound, listAll } from '../durability/kept.ts';
import { Correspondent, fullReply } from '../durability/refusals.ts';
import { freeBytes, mountImage, takeAllRoom, whyNoMount } from '../durability/small-disk.ts';
import { startMailscope, temporaryFolder, type Mailscope } from '../process/mailscope.ts';
import { whereAllowed } from '../support/allowed.ts';

const mounting = whereAllowed('file systems of a test (mount)', whyNoMount);
/** The guard against a full disk has tests of its own. */
const unguarded = ['--min-free', '0', '--max-bytes', '0'];
const each = 100_000;
/** A slow machine takes its time: each step is tried, refused, and tried again with the room of the reserve. */
const patience = { timeout: 100_000 };

/** Somebody who reads keeps the log from being begun anew: it becomes as long as it ever does. */
function keepReading(data: string): Disposable {
  const db = new Database(join(data, 'mailscope.db'), { readonly: true });
  db.exec('BEGIN');
  db.prepare('SELECT count(*) FROM message').get();
  return { [Symbol.dispose]: () => void db.close() };
}

const reserveIn = (data: string): number =>
  statSync(join(data, 'reserve'), { throwIfNoEntry: false })?.size ?? 0;

/** With mail in it, and then filled by another program, and by mail until that is refused. */
async function startOnFullDisk({ isRead = false } = {}) {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const data = join(folder.path, 'data');
  const disk = mountImage(data, `${data}.img`, 200);
  onTestFinished(() => disk[Symbol.dispose]());
  const mailscope = await startMailscope(folder.path, unguarded);
  onTestFinished(() => mailscope[Symbol.asyncDispose]());
  const one = new Correspondent(mailscope);
  expect(await one.send(1_200_000)).toMatch(/^250 /);
  {
    using _ = isRead ? keepReading(data) : null;
    for (let n = 0; n < 60; n++) expect(await one.send(each)).toMatch(/^250 /);
  }
  // What is kept for this case is made once there is something that could be deleted.
  await expect.poll(() => reserveIn(data), patience).toBeGreaterThan(18_000_000);
  const fill = async (): Promise<void> => {
    for (let n = 0; n < 1000; n++) {
      takeAllRoom(join(data, 'ballast'));
      const reply = await one.send(each);
      if (freeBytes(data) === 0 && fullReply.test(reply)) return;
    }
    throw new Error(`${freeBytes(data)} bytes are free again and again`);
  };
  await fill();
  return { folder, data, one, mailscope, fill };
}

/** The index of a large store is set aside and taken apart in steps: meanwhile it is no sound one. */
async function waitUntilTakenApart(data: string): Promise<void> {
  const db = new Database(join(data, 'mailscope.db'), { readonly: true });
  try {
    const left = db.prepare("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'gone_%'").pluck();
    await expect.poll(() => left.get(), patience).toBe(0);
  } finally {
    db.close();
  }
}

const idsOf = async ({ client }: Mailscope): Promise<string[]> => (await listAll(client)).map(({ id }) => id);

mounting.test.for([false, true])(
  'what is on a full disk can be deleted: one message, half, and all (with a log that had been long: %s)',
  { timeout: 300_000 },
  async (isRead) => {
    const { data, one, mailscope, fill } = await startOnFullDisk({ isRead });
    const { client } = mailscope;
    const before = await idsOf(mailscope);
    const [newest = ''] = before;
    await client.deleteMessages({ body: { ids: [newest] } });
    expect(await idsOf(mailscope)).toEqual(before.slice(1));
    await client.restoreMessages({ body: { ids: [newest] } });
    expect(await idsOf(mailscope)).toEqual(before);
    await client.deleteMessages({ body: { ids: [newest], purge: true } });
    expect(await idsOf(mailscope)).toEqual(before.slice(1));

    const half = before.slice(before.length / 2);
    await client.deleteMessages({ body: { ids: half, purge: true } });
    expect(freeBytes(data)).toBeGreaterThan((half.length * each) / 2);
    for (let n = 0; n < 10; n++) expect(await one.send(each)).toMatch(/^250 /);

    await fill();
    await client.deleteMessages({ body: { all: true, purge: true } });
    expect(await idsOf(mailscope)).toEqual([]);
    expect(await one.send(1_200_000)).toMatch(/^250 /);
    await waitUntilTakenApart(data);
    expect((await mailscope.stop()).code).toBe(0);
    expectSound(data);
  },
);

mounting.test(
  'mail that comes while another program takes what is free uses up nothing of what is kept for deletions',
  patience,
  async () => {
    const { data, one, mailscope } = await startOnFullDisk();
    const { client } = mailscope;
    const before = await idsOf(mailscope);
    await client.deleteMessages({ body: { ids: before.slice(before.length / 2), purge: true } });
    // There had not been room for all of it.
    truncateSync(join(data, 'reserve'), 8_000_000);
    for (let n = 0; n < 20; n++) {
      if (fullReply.test(await one.send(each))) break;
      // What was read of the message is in the log then, which the database has no room for.
      await client.readMessage({ params: { id: 'latest' } });
      takeAllRoom(join(data, 'ballast'));
    }
    expect(reserveIn(data)).toBeGreaterThanOrEqual(8_000_000);
    await client.deleteMessages({ body: { all: true, purge: true } });
    expect(await idsOf(mailscope)).toEqual([]);
  },
);

mounting.test(
  'the limits are kept after a start on a full disk',
  async () => {
    const { folder, data, mailscope } = await startOnFullDisk();
    expect((await mailscope.stop()).code).toBe(0);
    await rm(join(data, 'ballast'));
    takeAllRoom(join(data, 'ballast'));
    expect(freeBytes(data)).toBe(0);
    await using again = await startMailscope(folder.path, [...unguarded, '--max-messages', '20']);
    await expect.poll(() => idsOf(again), patience).toHaveLength(20);
    const one = new Correspondent(again);
    // The limits are looked at a moment after a mail has come: until then the next one may find no room.
    for (let n = 0; n < 11; n++) await expect.poll(() => one.send(each), patience).toMatch(/^250 /);
    await again.client.deleteMessages({ body: { all: true, purge: true } });
    expect(await idsOf(again)).toEqual([]);
    await waitUntilTakenApart(data);
    expect((await again.stop()).code).toBe(0);
    expectSound(data);
  },
  300_000,
);
