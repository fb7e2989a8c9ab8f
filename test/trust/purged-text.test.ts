// Nothing of what was purged can be read in the data folder: also not what the index, blocks and sessions had moved
// before, whose pages were free when the purge came.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nowUs } from '../../server/clock.ts';
import type { Store } from '../../server/store/store.ts';
import { openConnection } from '../../server/store/sqlite/connection.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import {
  closedSession,
  mailBytes,
  sampleDerived,
  samplePart,
  sampleSession,
  save,
} from '../store/samples.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';

const mark = (what: string): string => `${what}z${randomBytes(8).toString('hex')}`;

/** All marks that are in a file of the folder, whose and where ever. */
function marksIn(folder: string): Set<string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const bytes = Buffer.concat(files.map(({ parentPath, name }) => readFileSync(join(parentPath, name))));
  return new Set(bytes.toString('latin1').match(/[a-z]{4,7}z[0-9a-f]{16}/g));
}

/** A mail that has each of its marks in another place. */
async function saveMarked(store: Store, n: number): Promise<{ id: string; marks: string[] }> {
  const [subject, name, header] = [mark('subject'), mark('name'), mark('header')];
  const words = Array.from({ length: 5 + ((n * 37) % 180) }, () => mark('word'));
  const text = words.join(' ');
  const { id } = await save(store, subject, { bytes: mailBytes(subject, 500), receivedAtUs: nowUs() });
  const field = {
    name: 'X-Own',
    value: header,
    raw: `X-Own: ${header}`,
    offset: 0,
    length: 7 + header.length,
  };
  const from = [{ name, address: 'ann@a.test' }];
  await store.saveDerived(
    id,
    sampleDerived({ subject, from, text, snippet: text, html: null, headers: [field] }),
  );
  return { id, marks: [subject, name, header, ...words] };
}

/** A session that is saved as it goes on, and becomes longer. */
async function saveMarkedSession(store: Store): Promise<{ id: string; marks: string[] }> {
  const [clientName, user] = [mark('client'), mark('user')];
  const part = samplePart(sampleSession({ clientName, user, openedAtUs: nowUs() - 10_000_000 }));
  await store.saveSession(part, false);
  await store.saveSession({ ...part, session: closedSession(part.session), lines: [], chunks: [] }, true);
  return { id: part.session.id, marks: [clientName, user] };
}

/** Where much is missing a search does not wait for it. */
async function indexed(store: Store): Promise<void> {
  const parsed = parseSearch('word', 'messages');
  if (!parsed.ok || parsed.query === null) throw new Error();
  const { query } = parsed;
  const missing = async () => (await store.listMessages({ limit: 1, query })).notSearched;
  await expect.poll(missing, { timeout: 20_000 }).toBeUndefined();
}

function freePagesOf(folder: string): number {
  const { db } = openConnection(join(folder, 'mailscope.db'));
  const free = db.pragma('freelist_count', { simple: true }) as number;
  db.close();
  return free;
}

const count = 300;
const isGone = (_: unknown, n: number): boolean => n % 3 === 0;

const title =
  'what was purged is nowhere in the files, whatever was moved before, with $pages pages free and more';
const timeout = 60_000;

test.each([{ pages: 100 }, { pages: 3000 }])(title, { timeout }, async ({ pages }) => {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder);
  // What retention takes leaves pages that nothing needs for long.
  for (let n = 0; n < count; n += 1) {
    await saveMarked(store, n);
    await save(store, 'large', { bytes: randomBytes((pages * 4096) / count) });
  }
  await indexed(store);
  const mails = [];
  const sessions = [];
  for (let n = 0; n < count; n += 1) {
    mails.push(await saveMarked(store, n));
    sessions.push(await saveMarkedSession(store));
  }
  await indexed(store);
  await store.prune({ maxMessages: count, maxBytes: 0, maxAgeMs: 0 }, 0);
  const marksOf = (list: { marks: string[] }[]): string[] => list.flatMap(({ marks }) => marks);
  const gone = marksOf([...mails, ...sessions].filter(isGone));
  const left = (): string[] => gone.filter(Set.prototype.has, marksIn(folder));
  expect(left()).toEqual(gone);
  expect(freePagesOf(folder)).toBeGreaterThan(pages);
  await store.deleteMessages({ ids: mails.filter(isGone).map(({ id }) => id) }, true);
  await store.deleteSessions({ ids: sessions.filter(isGone).map(({ id }) => id) }, true);
  await expect
    .poll(async () => (await store.purgeDeleted(1), left()), { timeout: 20_000, interval: 200 })
    .toEqual([]);
  const there = marksIn(folder);
  expect(marksOf([...mails, ...sessions]).filter((each) => !there.has(each))).toHaveLength(gone.length);
  await store[Symbol.asyncDispose]();
  const { db } = openConnection(join(folder, 'mailscope.db'));
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
  expect(left()).toEqual([]);
});

test('the log says nothing of what was purged, however long ago it came and however often it was parsed', async () => {
  const { store } = await openFolder(temporaryFolder());
  const kept = await save(store, 'kept');
  const mails: Awaited<ReturnType<typeof saveMarked>>[] = [];
  const sessions: typeof mails = [];
  const add = async (): Promise<void> => {
    mails.push(await saveMarked(store, 0), await saveMarked(store, 1));
    sessions.push(await saveMarkedSession(store));
  };
  await add();
  for (let at = 0; at < 42; at += 1)
    await Promise.all(
      Array.from({ length: 250 }, (_, n) => store.markMessages({ ids: [kept.id] }, { read: n % 2 === 0 })),
    );
  await add();
  await store.saveDerived(mails[0]!.id, sampleDerived({ subject: mails[0]!.marks[0]! }));
  await store.deleteMessages({ ids: mails.map(({ id }) => id) }, true);
  await store.deleteSessions({ ids: sessions.map(({ id }) => id) }, true);
  const told: string[] = [];
  for (let since: string | undefined = `${store.id}.0`; since !== undefined;) {
    const { items, next } = await store.readEvents(since, 1000, null);
    told.push(...items.map((event) => JSON.stringify(event)));
    since = items.length === 0 ? undefined : next;
  }
  const marks = [...mails, ...sessions].flatMap((each) => each.marks);
  expect(told.length).toBeGreaterThan(10_500);
  expect(marks.filter((each) => told.some((event) => event.includes(each)))).toEqual([]);
  await store[Symbol.asyncDispose]();
});
