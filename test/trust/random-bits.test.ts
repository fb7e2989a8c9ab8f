// A single bit of the database is another, wherever it lies: what is damaged is said, and no start dies of it, nor has fewer
// messages than it tells.
import Database from 'better-sqlite3';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseIn, makeOriginal, pageSize, type Original } from '../durability/damage.ts';
import { startOnFlipped, type Start } from '../durability/flipped.ts';
import { createRandom } from '../search/random.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { effort, timeFor } from './effort.ts';

const messages = 102;
const seeds = Math.ceil((2 * effort('seeds', 15)) / 3);

interface Page {
  number: number;
  table: string;
  type: 'internal' | 'leaf' | 'overflow';
}

let original: Original;
let pages: Page[];
beforeAll(async () => {
  original = await makeOriginal(mkdtempSync(join(tmpdir(), 'mailscope-bits-')), 100, 2);
  const db = new Database(databaseIn(original.folder), { readonly: true });
  pages = db
    .prepare('SELECT pageno AS number, name AS "table", pagetype AS type FROM dbstat')
    .all() as Page[];
  db.close();
  // A reader leaves these behind.
  for (const suffix of ['-wal', '-shm']) rmSync(databaseIn(original.folder) + suffix, { force: true });
});
afterAll(() => rmSync(original.folder, { recursive: true, force: true }));

/** Rarely in the middle of a body, which is most of the file; often in the head of a page, which says where all else is. */
function pickBit(seed: number): { at: number; bit: number; page: Page } {
  const random = createRandom(seed);
  const page = random.pick(random.chance(0.15) ? pages : pages.filter(({ type }) => type !== 'overflow'));
  const offset = random.below(random.pick([12, 100, pageSize]));
  return { at: (page.number - 1) * pageSize + offset, bit: random.below(8), page };
}

const lostIn = ({ notices }: Start): number =>
  Number(/ (\d+) messages? could be read only in part/.exec(notices)?.[1] ?? 0);

test(
  `with a random bit changed (${seeds} times) each start tells what is lost, and mail is taken as before`,
  async () => {
    const whole = readFileSync(databaseIn(original.folder));
    let told = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const { at, bit, page } = pickBit(seed);
      const where = `seed ${seed}: bit ${bit} of byte ${at % pageSize} of page ${page.number} (${page.type} of ${page.table})`;
      const folder = temporaryFolder();
      cpSync(original.folder, folder, { recursive: true });
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 1 << bit;
      writeFileSync(databaseIn(folder), bytes);

      const digests = new Map(original.digests);
      let expected = messages;
      for (let n = 0; n < 3; n++) {
        const start = await startOnFlipped(folder, digests).catch((cause: unknown) => {
          throw new Error(`${where}, start ${n}`, { cause });
        });
        const all = `${where}, start ${n}: ${JSON.stringify({ ...start, ids: start.ids.length })}`;
        if (n > 0 && start.refused === null) expect(start.failed, all).toEqual([]);
        if (start.refused !== null) {
          told++;
          // The head of the file is not as it was; another start finds no other.
          expect(page.number, all).toBe(1);
          continue;
        }
        if (start.notices !== '' || start.altered.length + start.unfound.length > 0) told++;
        expected -= lostIn(start);
        if (start.failed.length === 0) expect(start.ids.length, all).toBe(expected);
        if (start.taken !== null) expected++;
        else expect(n, all).toBe(0);
        if (!/sessions were taken over/.test(start.notices) && n === 0 && start.failed.length === 0)
          expect(start.sessions, all).toBe(messages);
        // SQLite has no checksums: a bit within a body is not noticed.
        expect(start.altered.length, all).toBeLessThanOrEqual(page.table === 'body' ? 1 : 0);
        if (start.failed.length === 0) expect(start.unfound, all).toEqual([]);
      }
      rmSync(folder, { recursive: true, force: true });
    }
    // The bits are such as matter.
    expect(told).toBeGreaterThan(seeds / 5);
  },
  timeFor('seeds', 15, 120_000),
);

test.each(['message', 'sqlite_autoindex_message_1'])(
  'with a bit changed in an id in %s it is said, and each message that is listed is found',
  async (table) => {
    const whole = readFileSync(databaseIn(original.folder));
    const [id] = [...original.digests.keys()].slice(50);
    const here = pages.filter((page) => page.table === table && page.type === 'leaf');
    const inPage = ({ number }: Page): number =>
      whole.subarray((number - 1) * pageSize, number * pageSize).indexOf(id!);
    const page = here.find((each) => inPage(each) >= 0)!;
    const folder = temporaryFolder();
    cpSync(original.folder, folder, { recursive: true });
    // The last character.
    whole[(page.number - 1) * pageSize + inPage(page) + id!.length - 1]! ^= 1;
    writeFileSync(databaseIn(folder), whole);
    const start = await startOnFlipped(folder, new Map(original.digests));
    expect(start.notices).toMatch(/was damaged .* 102 messages and 102 sessions were taken over/);
    expect(start).toMatchObject({ unfound: [], failed: [] });
    expect(start.ids).toHaveLength(messages);
  },
);
