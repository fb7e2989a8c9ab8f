// A database in which single bits or sectors are others, as a bad disk makes them: what was not harmed is there, what cannot
// be helped is said and left as it is, and the program dies on none of it again and again.
import Database from 'better-sqlite3';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  asideIn,
  databaseIn,
  makeOriginal,
  pageSize,
  startDamaged,
  type Original,
} from '../durability/damage.ts';
import { listAll } from '../durability/kept.ts';
import { digest } from '../durability/mail-storm.ts';
import {
  freePorts,
  runMailscope,
  startMailscope,
  temporaryFolder as folderOfProcess,
} from '../process/mailscope.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';
import { effort, timeFor } from './effort.ts';

let original: Original;
beforeAll(async () => {
  original = await makeOriginal(mkdtempSync(join(tmpdir(), 'mailscope-damage-')), 100, 2);
});
afterAll(() => rmSync(original.folder, { recursive: true, force: true }));

const count = 102;
const seeds = Math.ceil(effort('seeds', 15) / 3);

const rewrite = (change: (bytes: Buffer) => void) => (folder: string) => {
  const bytes = readFileSync(databaseIn(folder));
  change(bytes);
  writeFileSync(databaseIn(folder), bytes);
};
const flip = (at: number, bit: number) => rewrite((bytes) => (bytes[at]! ^= 1 << bit));

/** Where a page of a table begins in the file, and how many rows it has; for a seed always the same one. */
function pageOf(table: string, type: 'leaf' | 'overflow', seed: number): { at: number; rows: number } {
  const db = new Database(databaseIn(original.folder), { readonly: true });
  const pages = db
    .prepare('SELECT pageno, ncell FROM dbstat WHERE name = ? AND pagetype = ? ORDER BY pageno')
    .raw()
    .all(table, type) as [number, number][];
  db.close();
  // A reader leaves these behind.
  for (const suffix of ['-wal', '-shm']) rmSync(databaseIn(original.folder) + suffix, { force: true });
  expect(pages.length).toBeGreaterThan(0);
  const [page, rows] = pages[Math.floor(pages.length * ((seed * 0.6180339887) % 1))]!;
  return { at: (page - 1) * pageSize, rows };
}

test.each([
  ['the text at its beginning', 3, 5],
  ['the size of its pages', 16, 3],
  ['the version for writing', 18, 2],
  ['the room that is left on each page', 20, 2],
  ['the largest share of a row', 21, 7],
  ['the least share of a row', 23, 2],
  ['the number of its pages', 30, 4],
  ['the format of its schema', 47, 4],
] as const)('with a bit changed in the header, in %s, all messages are there', async (_, at, bit) => {
  const { ids, sessions, notices } = await startDamaged(original, flip(at, bit));
  expect(notices).toMatch(/was damaged .* 102 messages and 102 sessions were taken over/);
  expect(ids).toHaveLength(count);
  expect(sessions).toHaveLength(count);
});

test.each([
  ['the version of its tables', 61, 1, /was written by a newer Mailscope .* Nothing was changed\./],
  ['whose it is', 70, 6, /is a database of another program\. Nothing was changed\./],
] as const)(
  'with a bit changed in %s it is refused each time, and left as it is',
  async (_, at, bit, text) => {
    const folder = temporaryFolder();
    cpSync(original.folder, folder, { recursive: true });
    flip(at, bit)(folder);
    const before = readFileSync(databaseIn(folder));
    for (let n = 0; n < 2; n++) await expect(openFolder(folder)).rejects.toThrow(text);
    expect(readFileSync(databaseIn(folder)).equals(before)).toBe(true);
    expect(asideIn(folder)).toEqual([]);
  },
);

test(
  `with a bit changed in a body (${seeds} times) all other messages are as they were`,
  async () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const folder = temporaryFolder();
      cpSync(original.folder, folder, { recursive: true });
      // Behind the number of the next page; the last page of a body may be filled in part only.
      flip(pageOf('body', 'overflow', seed).at + 4 + seed, seed % 8)(folder);
      const { store, notices } = await openFolder(folder);
      const { items } = await store.listMessages({ limit: 500 });
      const altered: string[] = [];
      for (const { id } of items)
        if (digest(await (await store.findBody(id))!.bytes()) !== original.digests.get(id)) altered.push(id);
      await store[Symbol.asyncDispose]();
      expect({ seed, count: items.length, altered: altered.length, notices }).toEqual({
        seed,
        count,
        altered: 1,
        notices: [],
      });
    }
  },
  timeFor('seeds', 15, 120_000),
);

test.each(['message', 'body', 'session', 'header', 'message_inbox', 'transcript'])(
  'with the first sector of a page of the table %s changed all messages but those on it are there',
  async (table) => {
    const { at, rows } = pageOf(table, 'leaf', table.length);
    const { ids, notices, folder } = await startDamaged(
      original,
      rewrite((bytes) => randomBytes(512).copy(bytes, at)),
    );
    expect(notices).toMatch(/was damaged/);
    expect(count - ids.length).toBeLessThanOrEqual(/^(message|body)$/.test(table) ? rows : 0);
    expect(asideIn(folder)).toHaveLength(1);
  },
);

test.each<[string, (bytes: Buffer) => Buffer, number]>([
  ['a broken header', (bytes) => bytes.fill(7, 0, 100), count],
  ['a broken page', (bytes) => bytes.fill(170, 110 * pageSize, 111 * pageSize), count - 8],
  ['only its first half', (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)), 35],
])(
  'Mailscope starts on a database with %s, tells what it did, and the next start has nothing to tell',
  async (_, damage, least) => {
    await using folder = await folderOfProcess();
    const data = join(folder.path, 'data');
    cpSync(original.folder, data, { recursive: true });
    writeFileSync(databaseIn(data), damage(readFileSync(databaseIn(data))));
    const found: string[][] = [];
    for (const text of [/was damaged .* messages and \d+ sessions were taken over .* moved to /, /^$/]) {
      await using mailscope = await startMailscope(folder.path);
      expect(mailscope.err).toMatch(text);
      found.push((await listAll(mailscope.client)).map(({ id }) => id));
      expect((await mailscope.stop()).code).toBe(0);
    }
    expect(found[0]!.length).toBeGreaterThanOrEqual(least);
    expect(found[1]).toEqual(found[0]);
    expect(asideIn(data).length).toBeGreaterThan(0);
  },
);

test('Mailscope does not start on the database of another program, says so each time, and leaves it', async () => {
  await using folder = await folderOfProcess();
  const data = join(folder.path, 'data');
  cpSync(original.folder, data, { recursive: true });
  const bytes = readFileSync(databaseIn(data));
  // The application id, in the header.
  bytes.write('ELSE', 68, 'latin1');
  writeFileSync(databaseIn(data), bytes);
  for (let n = 0; n < 2; n++) {
    await using running = runMailscope(['--data', data, ...freePorts], folder.path);
    const { code, out, err } = await running.ended;
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/is a database of another program\.\n.*Nothing was changed\.\n.*Give another folder/);
  }
  expect(readFileSync(databaseIn(data)).equals(bytes)).toBe(true);
});
