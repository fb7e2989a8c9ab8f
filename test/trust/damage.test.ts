// A damaged database: what is whole of it is there after the next start, and nothing of it is deleted.
import Database from 'better-sqlite3';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { save } from '../store/samples.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';
import {
  asideIn,
  databaseIn,
  makeOriginal,
  pageSize,
  startDamaged,
  type Original,
} from '../durability/damage.ts';
import { effort, timeFor } from './effort.ts';

let original: Original;
beforeAll(async () => {
  original = await makeOriginal(mkdtempSync(join(tmpdir(), 'mailscope-damage-')), 100, 2);
});
afterAll(() => rmSync(original.folder, { recursive: true, force: true }));

const rewrite = (change: (bytes: Buffer) => Buffer) => (folder: string) =>
  writeFileSync(databaseIn(folder), change(readFileSync(databaseIn(folder))));

function readOriginal<T>(folder: string, read: (db: Database.Database) => T): T {
  const db = new Database(databaseIn(folder), { readonly: true });
  const found = read(db);
  db.close();
  // A reader leaves these behind.
  for (const suffix of ['-wal', '-shm']) rmSync(databaseIn(folder) + suffix, { force: true });
  return found;
}

const rootOf = (folder: string, table: string): number =>
  readOriginal(
    folder,
    (db) => db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table) as number,
  );

/** How many messages each page of their table holds. */
const rowsByPage = (folder: string): Map<number, number> =>
  readOriginal(
    folder,
    (db) =>
      new Map(
        db
          .prepare("SELECT pageno, ncell FROM dbstat WHERE pagetype = 'leaf' AND name = 'message'")
          .raw()
          .all() as [number, number][],
      ),
  );

describe('after a start on a database', () => {
  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['with a broken header', (bytes) => bytes.fill(7, 0, 100)],
    ['with a broken first page', (bytes) => bytes.fill(255, 100, pageSize)],
    ['whose first pages are overwritten', (bytes) => bytes.fill(170, 0, 2 * pageSize)],
  ])('%s all messages and sessions are there', async (_, change) => {
    const { ids, sessions, notices, folder } = await startDamaged(original, rewrite(change));
    expect(ids).toHaveLength(102);
    expect(sessions).toHaveLength(102);
    expect(notices).toMatch(/was damaged .* 102 messages and 102 sessions were taken over/);
    expect(asideIn(folder)).toHaveLength(1);
  });

  test.each(['message', 'body', 'session', 'message_inbox', 'message_words_data', 'header'])(
    'whose top page of the table %s is overwritten all messages are there',
    async (table) => {
      const root = rootOf(original.folder, table);
      const { ids, sessions } = await startDamaged(
        original,
        rewrite((bytes) => bytes.fill(randomBytes(pageSize), (root - 1) * pageSize, root * pageSize)),
      );
      expect(ids).toHaveLength(102);
      expect(sessions).toHaveLength(102);
    },
  );

  test('that was cut off in the middle all messages before the cut are there', async () => {
    const { ids, notices, folder } = await startDamaged(
      original,
      rewrite((bytes) => bytes.subarray(0, Math.floor(bytes.length / 2))),
    );
    expect(ids.length).toBeGreaterThan(35);
    const told = (what: RegExp): number => Number(what.exec(notices)?.[1] ?? 0);
    const harmed = told(/(\d+) messages? could be read only in part/);
    const missing = told(/(\d+) messages? could not be found/);
    expect(missing).toBeGreaterThan(0);
    expect(ids.length + harmed + missing).toBe(102);
    expect(asideIn(folder).length).toBeGreaterThan(0);
  });

  test('of other content that is kept, with the bodies that lay beside it', async () => {
    const { ids, folder } = await startDamaged(
      original,
      rewrite(() => Buffer.from('this is no database')),
    );
    expect(ids).toEqual([]);
    const aside = asideIn(folder);
    expect(aside.map((name) => name.replace(/-.*/, ''))).toEqual(['bodies.corrupt', 'mailscope.db.corrupt']);
    expect(readFileSync(join(folder, aside[1]!), 'utf8')).toBe('this is no database');
    for (const id of original.inFiles)
      expect(existsSync(join(folder, aside[0]!, id.slice(-2).toLowerCase(), id))).toBe(true);
  });

  test.each<[string, (folder: string) => void]>([
    ['was emptied', (folder) => truncateSync(databaseIn(folder))],
    ['is gone', (folder) => rmSync(databaseIn(folder))],
  ])('that %s the bodies that lay beside it are kept', async (_, damage) => {
    const { ids, folder, notices } = await startDamaged(original, damage);
    expect(ids).toEqual([]);
    expect(notices).toMatch(/2 files of other messages moved to /);
    expect(asideIn(folder).some((name) => name.startsWith('bodies.corrupt-'))).toBe(true);
  });

  test('marks and tags are as they were, and everything is parsed and found again', async () => {
    const { folder } = await startDamaged(
      original,
      rewrite((bytes) => bytes.fill(7, 0, 100)),
    );
    const { store } = await openFolder(folder);
    const [first] = original.digests.keys();
    expect(await store.findMessage(first!)).toMatchObject({ read: true, pinned: true, tags: ['kept'] });
    expect((await store.counts()).unread).toBe(101);
    expect(await store.listUnparsed(1, 500)).toHaveLength(102);
    await store[Symbol.asyncDispose]();
  });
});

const seeds = effort('seeds', 15);
test(
  `with a random page overwritten (${seeds} times) all messages but those on it are there`,
  async () => {
    const pages = readFileSync(databaseIn(original.folder)).length / pageSize;
    const rows = rowsByPage(original.folder);
    for (let seed = 1; seed <= seeds; seed++) {
      const page = 1 + Math.floor((pages - 1) * ((seed * 0.6180339887) % 1));
      const garbage = createHash('sha512').update(String(seed)).digest();
      const bytes = Buffer.concat(Array.from({ length: pageSize / garbage.length }, () => garbage));
      const { ids, notices } = await startDamaged(
        original,
        rewrite((whole) => Buffer.from(whole.fill(bytes, page * pageSize, (page + 1) * pageSize))),
      );
      const harmed = Number(/ (\d+) messages? could be read only in part/.exec(notices)?.[1] ?? 0);
      // Of other tables a page has the bodies of a few.
      expect(harmed, `page ${page}`).toBeLessThanOrEqual(rows.get(page + 1) ?? 8);
      expect(ids.length, `page ${page}`).toBe(102 - harmed);
    }
  },
  timeFor('seeds', 15, 120_000),
);

describe('the write-ahead log', () => {
  /** As a killed Mailscope leaves it: with what was committed last only in the log. */
  async function makeKilled(): Promise<string> {
    const folder = temporaryFolder();
    const { store } = await openFolder(folder);
    const copy = temporaryFolder();
    for (let n = 0; n < 20; n += 1) await save(store, String(n));
    for (const suffix of ['', '-wal'])
      writeFileSync(databaseIn(copy) + suffix, readFileSync(databaseIn(folder) + suffix));
    await store[Symbol.asyncDispose]();
    return copy;
  }

  test.each<[string, (folder: string) => void, number]>([
    ['without its -shm file nothing is lost', () => {}, 20],
    [
      'of a database with a broken first page still counts',
      rewrite((bytes) => bytes.fill(255, 0, pageSize)),
      20,
    ],
    ['beside an emptied database still counts', (folder) => truncateSync(databaseIn(folder)), 20],
    [
      'that was zeroed is as none: what it held is gone, and the start is clean',
      (folder) => {
        const log = `${databaseIn(folder)}-wal`;
        writeFileSync(log, Buffer.alloc(readFileSync(log).length));
      },
      0,
    ],
  ])('%s', async (_, damage, left) => {
    const folder = await makeKilled();
    damage(folder);
    const { store } = await openFolder(folder);
    expect((await store.listMessages({ limit: 100 })).items).toHaveLength(left);
    await store[Symbol.asyncDispose]();
  });
});

describe('recovery', () => {
  test('that was broken off is begun again, or finished', async () => {
    const made = await startDamaged(
      original,
      rewrite((bytes) => bytes.fill(7, 0, 100)),
    );
    const database = databaseIn(made.folder);
    // Between the making of the new one and the moving of the old.
    renameSync(database, `${database}.recovered`);
    writeFileSync(database, 'the damaged one');
    writeFileSync(`${database}-wal`, 'and its log');
    const { store } = await openFolder(made.folder);
    expect((await store.counts()).messages).toBe(102);
    await store[Symbol.asyncDispose]();
    expect(asideIn(made.folder).filter((name) => name.endsWith('-wal'))).toHaveLength(1);
    // In the making of the new one.
    writeFileSync(`${database}.recovering`, 'half');
    rewrite((bytes) => bytes.fill(7, 0, 100))(made.folder);
    const again = await openFolder(made.folder);
    expect((await again.store.counts()).messages).toBe(102);
    await again.store[Symbol.asyncDispose]();
  });

  test('comes with the start after damage was met, however large the database is', async () => {
    const folder = temporaryFolder();
    const { store } = await openFolder(folder);
    const bodies = Array.from({ length: 60 }, () => randomBytes(300_000));
    const ids: string[] = [];
    for (const bytes of bodies) ids.push((await save(store, 'large', { bytes })).id);
    await store[Symbol.asyncDispose]();
    const whole = readFileSync(databaseIn(folder));
    expect(whole.length).toBeGreaterThan(16 * 1024 * 1024);
    // In the middle of a body, where no start looks by itself.
    const page = Math.floor(whole.indexOf(bodies[30]!.subarray(150_000, 150_100)) / pageSize);
    writeFileSync(databaseIn(folder), whole.fill(170, page * pageSize, (page + 1) * pageSize));

    const first = await openFolder(folder);
    expect(first.notices.join()).toBe('');
    await expect(first.store.findBody(ids[30]!)).rejects.toMatchObject({
      message: expect.stringContaining('damaged') as string,
      hint: expect.stringContaining('Restart Mailscope') as string,
    });
    await first.store[Symbol.asyncDispose]();
    const second = await openFolder(folder);
    expect(second.notices.join()).toMatch(/59 messages and 0 sessions were taken over .* 1 message could/);
    for (const [n, id] of ids.entries()) {
      const body = await second.store.findBody(id);
      if (n === 30) expect(body).toBeUndefined();
      else expect((await body!.bytes()).equals(bodies[n]!)).toBe(true);
    }
    await second.store[Symbol.asyncDispose]();
  });
});

describe('a database that is held by another', () => {
  test('program is not touched, and the text says so', async () => {
    const folder = temporaryFolder();
    const { store } = await openFolder(folder);
    await store[Symbol.asyncDispose]();
    const other = new Database(databaseIn(folder));
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN EXCLUSIVE');
    await expect(openFolder(folder)).rejects.toThrow(
      /is locked\. Another program has it open, such as sqlite3\./,
    );
    other.close();
    const again = await openFolder(folder);
    expect(again.notices).toEqual([]);
    await again.store[Symbol.asyncDispose]();
  });
});
