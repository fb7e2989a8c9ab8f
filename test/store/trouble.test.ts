// What the disk driver does when the disk, the folder or the last run were not as they should be.
import Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mailBytes, sampleMessage, samplePart, sampleSession, sampleTransaction, save } from './samples.ts';
import { sampleFault } from './suite-faults.ts';
import { sampleIssue } from './suite-issues.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';

describe('a full disk', () => {
  test('refuses with storage_full, stays alive, and takes mail again once there is room', async () => {
    const { store, events } = await openFolder(temporaryFolder(), { maxPages: 120 });
    const acknowledged: string[] = [];
    let refusal: unknown;
    while (refusal === undefined && acknowledged.length < 1000) {
      await save(store, 'm', { bytes: mailBytes('m', 10_000) }).then(
        ({ id }) => acknowledged.push(id),
        (error: unknown) => (refusal = error),
      );
    }
    expect(refusal).toMatchObject({
      code: 'storage_full',
      hint: expect.stringContaining('without a restart'),
    });
    const { items } = await store.listMessages({ limit: 500 });
    expect(items.map(({ id }) => id).reverse()).toEqual(acknowledged);
    expect(events).toHaveLength(acknowledged.length);
    await store.deleteMessages({ ids: acknowledged.slice(0, 5) }, true);
    const next = await save(store, 'room again', { bytes: mailBytes('m', 10_000) });
    expect((await store.listMessages({ limit: 1 })).items[0]?.id).toBe(next.id);
    await store[Symbol.asyncDispose]();
  });

  test('of many savers at once exactly those acknowledged are stored, and no file of the others', async () => {
    const folder = temporaryFolder();
    const { store } = await openFolder(folder, { maxPages: 150 });
    const messages = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        sampleMessage(store, 'm', { bytes: randomBytes(n % 10 === 0 ? 1_200_000 : 9_000) }),
      ),
    );
    const results = await Promise.allSettled(messages.map((message) => store.saveMessage(message, null)));
    const stored = messages.filter((_, n) => results[n]?.status === 'fulfilled');
    expect(stored.length).toBeGreaterThan(5);
    expect(stored.length).toBeLessThan(100);
    const { items } = await store.listMessages({ limit: 500 });
    expect(items.map(({ id }) => id).sort()).toEqual(stored.map(({ id }) => id).sort());
    const files = readdirSync(join(folder, 'bodies'), { recursive: true, withFileTypes: true });
    expect(
      files
        .filter((file) => file.isFile())
        .map(({ name }) => name)
        .sort(),
    ).toEqual(
      stored
        .filter(({ body }) => body.file !== null)
        .map(({ id }) => id)
        .sort(),
    );
    await store[Symbol.asyncDispose]();
  });
});

describe('a folder that cannot be used', () => {
  test('a second Mailscope is refused, told whose the folder is, and the first unharmed', async () => {
    const folder = temporaryFolder();
    const { store } = await openFolder(folder);
    await expect(openFolder(folder)).rejects.toThrow(
      `The data folder ${folder} is in use. Another Mailscope (process ${String(process.pid)}) has it open.`,
    );
    await save(store, 'still works');
    await store[Symbol.asyncDispose]();
    const again = await openFolder(folder);
    expect((await again.store.counts()).messages).toBe(1);
    await again.store[Symbol.asyncDispose]();
  });

  test('a link to a drive that is not there is no file', async () => {
    const link = join(temporaryFolder(), 'link');
    symlinkSync('/nowhere/unmounted/mail', link);
    await expect(openFolder(link)).rejects.toThrow(
      `${link} cannot be used. The drive or a part of its path does not exist.`,
    );
  });

  test('a file in its place is named', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'not ours');
    await expect(openFolder(file)).rejects.toThrow(/cannot be used\. It is a file\. Give a folder/);
    await expect(openFolder(join(file, 'below'))).rejects.toThrow(/A part of its path is a file\./);
    const occupied = temporaryFolder();
    mkdirSync(join(occupied, 'bodies'));
    writeFileSync(join(occupied, 'bodies', 'tmp'), 'x');
    await expect(openFolder(occupied)).rejects.toThrow(
      `The file ${join(occupied, 'bodies', 'tmp')} cannot be used. It is a file.`,
    );
    expect(readFileSync(file, 'utf8')).toBe('not ours');
  });

  test('a lock file of another program is named, and left', async () => {
    const folder = temporaryFolder();
    const lock = join(folder, 'lock.db');
    writeFileSync(lock, 'not ours'.repeat(1000));
    await expect(openFolder(folder)).rejects.toThrow(
      /Its lock\.db was written by another program\. .* delete it/,
    );
    expect(readFileSync(lock, 'utf8')).toMatch(/^not ours/);
  });

  test('a folder or a link to nowhere in the place of the database is named', async () => {
    const [one, other] = [temporaryFolder(), temporaryFolder()];
    mkdirSync(join(one, 'mailscope.db'));
    symlinkSync('/nowhere/mailscope.db', join(other, 'mailscope.db'));
    await expect(openFolder(one)).rejects.toThrow(
      `The database ${join(one, 'mailscope.db')} cannot be used. It is no file. Give another folder`,
    );
    await expect(openFolder(other)).rejects.toThrow(
      `The file ${join(other, 'mailscope.db')} cannot be used. The drive or a part of its path does not exist.`,
    );
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'one without permission is named',
    async () => {
      const folder = temporaryFolder();
      chmodSync(folder, 0o500);
      await expect(openFolder(folder)).rejects.toThrow(/no permission/);
      chmodSync(folder, 0o700);
    },
  );
});

describe('a damaged database', () => {
  // More kinds of damage: test/trust/damage.test.ts.
  const damages: Record<string, (bytes: Buffer) => Buffer> = {
    'with a broken header': (bytes) => Buffer.concat([Buffer.alloc(100, 7), bytes.subarray(100)]),
    'whose number of its tables is another': (bytes) => bytes.fill(0, 60, 64),
    'with a broken page inside': (bytes) => bytes.fill(170, 4096 * 110, 4096 * 111),
  };
  for (const [kind, damage] of Object.entries(damages)) {
    test(`${kind} is moved aside, and what is whole of it taken over into a new one`, async () => {
      const folder = temporaryFolder();
      const { store } = await openFolder(folder);
      const ids: string[] = [];
      for (let n = 0; n < 20; n += 1)
        ids.push((await save(store, String(n), { bytes: randomBytes(9000) })).id);
      ids.push((await save(store, 'large', { bytes: randomBytes(2_000_000) })).id);
      const { told, ...fault } = sampleFault('f_1');
      await store.faults.saveFault(fault, told, 'fault:created');
      const issue = sampleIssue('i_1', { note: 'kept' });
      await store.issues.saveIssues([{ issue, isTold: true }], []);
      await store[Symbol.asyncDispose]();
      const file = join(folder, 'mailscope.db');
      const broken = damage(readFileSync(file));
      writeFileSync(file, broken);
      const again = await openFolder(folder);
      expect(again.notices.join()).toMatch(
        /was damaged .* messages and 0 sessions were taken over .* moved to .*corrupt-\d{8}T\d{6}Z/,
      );
      expect(again.store.id).not.toBe(store.id);
      await save(again.store, 'new');
      const kept = (await again.store.listMessages({ limit: 100 })).items.map(({ id }) => id);
      expect(ids.filter((id) => kept.includes(id)).length).toBeGreaterThanOrEqual(10);
      for (const id of kept) expect((await again.store.findBody(id))?.size).toBeGreaterThan(0);
      expect((await again.store.counts()).messages).toBe(kept.length);
      expect(await again.store.faults.loadFaults()).toEqual([fault]);
      expect(await again.store.issues.loadIssues()).toEqual([issue]);
      await again.store[Symbol.asyncDispose]();
      const moved = readdirSync(folder).find((name) => name.startsWith('mailscope.db.corrupt-'))!;
      expect(readFileSync(join(folder, moved)).equals(broken)).toBe(true);
    });
  }

  test('an empty file is a new database', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'mailscope.db'), '');
    const { store, notices } = await openFolder(folder);
    await save(store, 'first');
    expect(notices).toEqual([]);
    await store[Symbol.asyncDispose]();
  });

  test('one of a newer Mailscope, or of another program, is refused and left as it is', async () => {
    for (const [sql, text] of [
      ['PRAGMA application_id = 0x4d534350; PRAGMA user_version = 99', /newer Mailscope/],
      ['CREATE TABLE theirs (x)', /database of another program/],
    ] as const) {
      const folder = temporaryFolder();
      const file = join(folder, 'mailscope.db');
      const db = new Database(file);
      db.exec(sql);
      db.close();
      await expect(openFolder(folder)).rejects.toThrow(text);
      expect(readdirSync(folder).some((name) => name.includes('corrupt'))).toBe(false);
    }
  });
});

describe('the last run', () => {
  test('left files behind: they are removed, those of messages stay', async () => {
    const folder = temporaryFolder();
    const { store } = await openFolder(folder);
    const { id } = await save(store, 'kept', { bytes: randomBytes(2_000_000) });
    await store[Symbol.asyncDispose]();
    writeFileSync(join(folder, 'bodies', 'tmp', 'half'), 'half a message');
    mkdirSync(join(folder, 'bodies', 'zz'), { recursive: true });
    writeFileSync(join(folder, 'bodies', 'zz', 'm_zz'), 'never committed');
    const again = await openFolder(folder);
    expect(again.notices.join()).toMatch(/^2 files of messages/);
    expect(existsSync(join(folder, 'bodies', 'zz', 'm_zz'))).toBe(false);
    expect((await (await again.store.findBody(id))?.bytes())?.length).toBe(2_000_000);
    await again.store[Symbol.asyncDispose]();
  });

  test('ended while a session ran: it is interrupted, with when and in which phase', async () => {
    const folder = temporaryFolder();
    const { store } = await openFolder(folder);
    const message = await sampleMessage(store, 'stored');
    const transactions = [sampleTransaction(1, { messageId: message.id }), sampleTransaction(2)];
    const part = samplePart(sampleSession({ transactions }));
    const { id } = part.session;
    await store.saveMessage(message, part);
    const before = store.cursor();
    await store[Symbol.asyncDispose]();

    const again = await openFolder(folder);
    const found = await again.store.findSession(id);
    expect(found).toMatchObject({
      outcome: 'interrupted',
      durationUs: 900,
      ended: { by: 'server', how: 'error', phase: 'transaction 1' },
      transactions: [{ outcome: 'stored' }, { outcome: 'aborted' }],
      ehlo: part.session.ehlo,
    });
    expect((await again.store.listSessions({ limit: 1 })).items[0]).toMatchObject({ outcome: 'interrupted' });
    expect((await again.store.readTranscript(id, 0, 100)).lines).toEqual(part.lines);
    const { items } = await again.store.readEvents(before, 10);
    expect(items).toMatchObject([
      { type: 'session:closed', payload: { session: { id, outcome: 'interrupted' } } },
    ]);
    expect(again.notices).toEqual(['1 session of the last run did not end and now says: interrupted.']);
    await again.store[Symbol.asyncDispose]();
  });
});
