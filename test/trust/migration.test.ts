// A migration that is broken off: the file is of the old schema or of the new one, with its data, and the next start ends it.
import Database from 'better-sqlite3';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openConnection, type Connection } from '../../server/store/sqlite/connection.ts';
import { migrate, newestVersion } from '../../server/store/sqlite/schema.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import type { Query } from '../../shared/search/query.ts';
import { databaseIn, makeOriginal, startDamaged, type Original } from '../durability/damage.ts';
import { digest } from '../durability/mail-storm.ts';
import { factsIn, makeOld, methodsOf } from '../durability/old-database.ts';
import {
  freePorts,
  runMailscope,
  startMailscope,
  temporaryFolder as temporaryFolderOf,
} from '../process/mailscope.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';

const killer = new URL('../durability/kill-migration.mjs', import.meta.url).href;

const schemaOf = (file: string): string[] => {
  const db = new Database(file);
  const rows = db.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name').pluck().all();
  db.close();
  return rows as string[];
};

test('killed at any statement of any step, the schema is the old or the new one, and the next start ends it', async () => {
  const folder = temporaryFolder();
  const original = await makeOriginal(join(folder, 'original'), 12, 1);
  const wanted = factsIn(databaseIn(original.folder));
  // The first version knew no tags.
  const factsOf = (version: number) => (version < 2 ? { ...wanted, message_tag: [] } : wanted);
  expect(wanted['message']).toHaveLength(13);
  expect(wanted['event']!.length).toBeGreaterThan(20);
  const fresh = join(folder, 'fresh.db');
  const made = openConnection(fresh);
  migrate(made, fresh);
  made.db.close();
  const newest = schemaOf(fresh);
  let kills = 0;
  for (let version = 0; version < newestVersion; version++) {
    const old = join(folder, `old-${version}.db`);
    makeOld(old, version, databaseIn(original.folder));
    const before = schemaOf(old);
    for (let statement = 1; ; statement++) {
      const file = join(folder, `killed-${version}-${statement}.db`);
      cpSync(old, file);
      if (!killAt(file, statement)) break;
      kills++;
      const db = new Database(file);
      const found = db.pragma('user_version', { simple: true }) as number;
      db.close();
      expect(found).toBeGreaterThanOrEqual(version);
      if (found === version) expect(schemaOf(file)).toEqual(before);
      const again = openConnection(file);
      expect(migrate(again, file)).toMatch(version === 0 ? /^[0-9a-f]{16}$/ : original.storeId);
      expect(again.db.pragma('integrity_check', { simple: true })).toBe('ok');
      again.db.close();
      expect(schemaOf(file)).toEqual(newest);
      const name = `version ${version}, statement ${statement}`;
      if (version > 0) expect(factsIn(file), name).toEqual(factsOf(version));
      // The steps that follow are those of the next version.
      if (found > version && found < newestVersion) break;
    }
  }
  expect(kills).toBeGreaterThan(100);
}, 120_000);

/** Does what a kill before the n-th statement does: what is open is never committed. False where there are fewer. */
function killAt(file: string, statement: number): boolean {
  const connection = openConnection(file);
  const { db } = connection;
  let count = 0;
  const killed = new Error('killed');
  const step = (): void => {
    if (++count === statement) throw killed;
  };
  const exec = (sql: string): Database.Database => {
    for (const each of sql.split(/;\s*\n/).filter((text) => text.trim() !== '')) {
      step();
      db.exec(each);
    }
    return db;
  };
  const pragma = (source: string, options?: Database.PragmaOptions): unknown => {
    if (source.includes('=')) step();
    return db.pragma(source, options);
  };
  const prepare = (sql: string) => {
    const found = db.prepare(sql);
    const run = (...values: unknown[]): Database.RunResult => {
      step();
      return found.run(...values);
    };
    return { run, pluck: found.pluck.bind(found) };
  };
  try {
    const counting = { ...methodsOf(db), exec, pragma, prepare } as unknown as Connection['db'];
    migrate({ ...connection, db: counting }, file);
    return false;
  } catch (error) {
    if (error !== killed) throw error;
    return true;
  } finally {
    db.close();
  }
}

/** Of the only version that knows no tags they are gone. */
const untagged = <T extends { tags: string[] }>(items: T[], version: number): T[] =>
  version < 2 ? items.map((item) => ({ ...item, tags: [] })) : items;

const search = (text: string): Query => {
  const parsed = parseSearch(text, 'messages');
  if (!parsed.ok || parsed.query === null) throw new Error(text);
  return parsed.query;
};

/** What a user sees of it: the list, what is found, and the sessions. */
async function seenIn(folder: string) {
  const { store, notices } = await openFolder(folder);
  const find = async (text: string): Promise<string[]> => {
    const found = await store.listMessages({ limit: 100, query: search(text) });
    expect(found.notSearched).toBeUndefined();
    return found.items.map(({ id }) => id);
  };
  const isIndexed = async () => (await store.listMessages({ limit: 1, query: search('x') })).notSearched;
  await expect.poll(isIndexed, { timeout: 20_000 }).toBeUndefined();
  const { items } = await store.listMessages({ limit: 100 });
  const sessions = (await store.listSessions({ limit: 100 })).items;
  const found = {
    items,
    texts: await find('hello body:bob'),
    headers: await find('header.x-tag:blue'),
    subjects: await find('subject:3'),
    sessions,
    transcripts: await Promise.all(sessions.map(({ id }) => store.readTranscript(id, 0, 100))),
    events: (await store.readEvents(`${store.id}.0`, 500)).items,
  };
  await store[Symbol.asyncDispose]();
  return { ...found, notices };
}

test('of each old version mail, sessions and events are there as they were, and are found', async () => {
  const original = await makeOriginal(temporaryFolder(), 12, 1);
  const { notices: _, ...wanted } = await seenIn(original.folder);
  expect(wanted.texts).toHaveLength(5);
  expect(wanted.headers).toHaveLength(5);
  expect(wanted.subjects).toHaveLength(1);
  for (let version = 1; version < newestVersion; version++) {
    const { ids, notices, storeId, folder } = await startDamaged(original, (folder) =>
      replaceByOld(original, folder, version),
    );
    expect({ count: ids.length, notices, storeId }).toEqual({
      count: 13,
      notices: '',
      storeId: original.storeId,
    });
    const { notices: told, ...seen } = await seenIn(folder);
    expect(told).toEqual([]);
    expect(seen, `version ${version}`).toEqual({ ...wanted, items: untagged(wanted.items, version) });
  }
});

function replaceByOld(original: Original, folder: string, version: number): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(databaseIn(folder) + suffix, { force: true });
  makeOld(databaseIn(folder), version, databaseIn(original.folder));
}

test.each([
  [1, 1],
  [1, 10],
  [3, 3],
  [6, 2],
  [11, 2],
])(
  'a Mailscope killed while it brings a database of version %i up to date does so with the next start (statement %i)',
  async (version, statement) => {
    const original = await makeOriginal(temporaryFolder(), 6, 1);
    await using folder = await temporaryFolderOf();
    const data = join(folder.path, 'data');
    cpSync(original.folder, data, { recursive: true });
    replaceByOld(original, data, version);
    const env = { NODE_OPTIONS: `--import ${killer}`, MAILSCOPE_TEST_KILL_AT: String(statement) };
    const killed = runMailscope(['--data', data, ...freePorts], folder.path, { env });
    expect((await killed.ended).signal).toBe('SIGKILL');
    const db = new Database(databaseIn(data));
    expect(db.pragma('user_version', { simple: true })).toBe(version);
    db.close();
    await using mailscope = await startMailscope(folder.path);
    expect(mailscope.err).toBe('');
    const { items } = await mailscope.client.listMessages();
    expect(items.map(({ id }) => id).sort()).toEqual([...original.digests.keys()].sort());
    for (const { id } of items)
      expect(digest(await mailscope.client.readRaw({ params: { id } }))).toBe(original.digests.get(id));
  },
);
