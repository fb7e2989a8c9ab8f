// The pieces that the search index is written in. FTS5 refuses every write to a table that has 2,000 of them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createBodyWriter } from '../../server/store/files/body-writer.ts';
import { openConnection } from '../../server/store/sqlite/connection.ts';
import { encodeDerived, encodeMessage, summaryOfNew } from '../../server/store/records/encode-message.ts';
import { failureOf } from '../../server/store/sqlite/failures.ts';
import {
  runRead,
  runWrite,
  type InputOf,
  type OutputOf,
  type Writes,
} from '../../server/store/operations.ts';
import { migrate } from '../../server/store/sqlite/schema.ts';
import { fullTextTables, readSegments, type FullTextTable } from '../../server/store/index/segments.ts';
import type { Store } from '../../server/store/store.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import { commitTogether, createWriting } from '../../server/store/sqlite/writing.ts';
import { sampleDerived, sampleMessage, save } from '../store/samples.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';

const bodies = { createBody: () => createBodyWriter(null) } as Pick<Store, 'createBody'> as Store;

/** The writer of a data folder, whose steps the test takes itself. */
function openWriter(file = ':memory:') {
  const connection = openConnection(file);
  migrate(connection, file);
  const writing = createWriting(connection, '/nowhere');
  function write<N extends keyof Writes>(name: N, input: InputOf<Writes, N>): OutputOf<Writes, N> {
    const [outcome] = commitTogether(writing, [() => runWrite(writing, name, input)]);
    if (outcome?.ok !== true) throw outcome?.error;
    return outcome.value as OutputOf<Writes, N>;
  }
  let count = 0;
  /** Words of its own, so that merging has pages to write. */
  const ownWords = (n: number) => Array.from({ length: 20 }, (_, word) => `w${String(n)}x${String(word)}`);
  async function receive(messages: number, wordsOf = ownWords): Promise<string[]> {
    const ids: string[] = [];
    for (let n = 0; n < messages; n += 1) {
      const message = await sampleMessage(bodies, 'm');
      const summary = summaryOfNew(message, null);
      const bytes = Buffer.from('m');
      write('saveMessage', {
        message: encodeMessage(message, summary, { bytes, file: null }),
        session: null,
      });
      count += 1;
      const text = ['common', ...wordsOf(count)].join(' ');
      write('saveDerived', encodeDerived(message.id, sampleDerived({ text, html: null })));
      ids.push(message.id);
    }
    return ids;
  }
  const index = (parsed: number) => write('indexStep', { parsed, pending: 0, sessions: 0 });
  function purge(ids: string[]): void {
    write('deleteMessages', { which: { ids: JSON.stringify(ids) }, purge: true, inbox: null });
    while (write('purgeStep', { beforeUs: 1, limit: 250 }).more);
  }
  const segments = () => Math.max(...fullTextTables.map((table) => readSegments(connection, table).count));
  const found = (word: string) =>
    connection
      .sql<{ n: number }>('SELECT count(*) AS n FROM message_words WHERE message_words MATCH ?')
      .get(word)?.n;
  return { connection, write, receive, index, purge, segments, found };
}

async function count(store: Store, word: string): Promise<number> {
  const parsed = parseSearch(word, 'messages');
  if (!parsed.ok || parsed.query === null) throw new Error(word);
  const ask = { limit: 50, query: parsed.query };
  let page = await store.listMessages(ask);
  // Where much has to be done before it, a search does not wait for all of it.
  while (page.notSearched !== undefined) page = await store.listMessages(ask);
  return page.items.length;
}

/** Brings a table near the limit, as an earlier version did; with a merge that was begun, or without. */
function fill(
  file: string,
  table: FullTextTable,
  column: string,
  { upTo, begun }: { upTo: number; begun: boolean },
) {
  const { connection } = openWriter(file);
  const { db, sql } = connection;
  const configure = (name: string, value: number) =>
    sql(`INSERT INTO ${table} (${table}, rank) VALUES (?, ?)`).run(name, BigInt(value));
  const insert = sql(`INSERT INTO ${table} (rowid, ${column}) VALUES (?, ?)`);
  let row = 2_000_000;
  function add(rows: number): void {
    sql('BEGIN').run();
    // In falling order each is a segment of its own.
    for (let n = 0; n < rows; n += 1) insert.run((row -= 1), `filler${String(row)}x`.repeat(200));
    sql('COMMIT').run();
  }
  configure('crisismerge', 1999);
  // Three on level 1: of level 0 alone FTS5 would merge 1,999 by itself.
  for (let n = 0; n < 3; n += 1) {
    add(8);
    configure('merge', 1000);
  }
  add(upTo - readSegments(connection, table).count);
  expect(readSegments(connection, table).count).toBe(upTo);
  if (begun) configure('merge', -20);
  configure('crisismerge', 1000);
  db.close();
}

describe('the search index', () => {
  test('a step of many messages is one piece', async () => {
    const { receive, index, segments } = openWriter();
    await receive(40);
    expect(index(40)).toBe(40);
    expect(segments()).toBe(1);
  });

  test('stays in few pieces while words of purged mail are dropped and new mail comes in', async () => {
    const { write, receive, index, purge, segments, found } = openWriter();
    const old = await receive(300);
    while (index(32) > 0);
    purge(old.slice(0, 150));
    let most = 0;
    for (let round = 0; round < 150; round += 1) {
      await receive(2);
      for (let n = 0; n < 2; n += 1) index(1);
      write('dropPurgedStep', { pages: 2 });
      write('mergeStep', { pages: 2 });
      most = Math.max(most, segments());
    }
    expect(most).toBeLessThan(100);
    expect(found('common')).toBe(150 + 300);
  });

  test('stays in few pieces when nobody merges', async () => {
    const { receive, index, segments, found } = openWriter();
    await receive(600);
    let most = 0;
    while (index(1) > 0) most = Math.max(most, segments());
    expect(most).toBeLessThan(300);
    expect(found('common')).toBe(600);
  });

  test('drops the words of purged mail also while more is purged and comes in', async () => {
    const { connection, write, receive, index, purge } = openWriter();
    let ids = await receive(300);
    while (index(32) > 0);
    const deleted = () => readSegments(connection, 'message_words').holding.length > 0;
    let wholes = 0;
    for (let round = 0; round < 60; round += 1) {
      purge(ids.slice(0, 1));
      ids = [...ids.slice(1), ...(await receive(1))];
      index(1);
      const first = deleted();
      for (let n = 0; n < 4 && write('dropPurgedStep', { pages: 8 }); n += 1);
      if (first && !deleted()) wholes += 1;
    }
    expect(wholes).toBeGreaterThan(5);
  });

  test('drops the words of purged mail also while others go by the limits', async () => {
    const { write, receive, index, purge } = openWriter();
    const ids = await receive(300);
    while (index(32) > 0);
    purge(ids.slice(200));
    const most = { maxMessages: 200, maxBytes: 0, maxAgeMs: 0 };
    let more = true;
    for (let round = 0; more && round < 60; round += 1) {
      await receive(2);
      index(2);
      write('pruneStep', { limits: most, nowUs: 0, limit: 250 });
      more = write('dropPurgedStep', { pages: 4 });
    }
    expect(more).toBe(false);
  });

  test('leaves no word of purged mail in the file, also where it is merged before they are dropped', async () => {
    const file = join(temporaryFolder(), 'mailscope.db');
    const { connection, write, receive, index, purge } = openWriter(file);
    const wordOf = (n: number, word: number) =>
      createHash('sha256')
        .update(`${String(n)} ${String(word)}`)
        .digest('hex');
    const words = 200;
    const ids: string[] = [];
    for (let n = 0; n < 40; n += 1) {
      ids.push(...(await receive(1, (nth) => Array.from({ length: words }, (_, word) => wordOf(nth, word)))));
      index(1);
    }
    for (const some of [ids.slice(0, 15), ids.slice(15, 30)]) {
      purge(some);
      while (write('mergeStep', { pages: 64 }).more);
    }
    while (write('dropPurgedStep', { pages: 128 }));
    connection.db.pragma('wal_checkpoint(TRUNCATE)');
    const left = readFileSync(file);
    // Of a word the index does not repeat what it begins with as the one before.
    const isLeft = (n: number) => left.includes(wordOf(n, 7).slice(8));
    const numbers = ids.map((_, at) => at + 1);
    expect(numbers.filter(isLeft)).toEqual(numbers.slice(30));
  });

  test('takes hundreds of purges one by one', async () => {
    const { connection, write, receive, index, purge, found } = openWriter();
    const ids = await receive(700);
    while (index(350) > 0);
    for (const id of ids.slice(0, 650)) {
      purge([id]);
      while (write('dropPurgedStep', { pages: 500 }));
    }
    expect(readSegments(connection, 'message_words')).toMatchObject({ count: 1, holding: [] });
    expect(readSegments(connection, 'message_words').levels).toBeLessThanOrEqual(502);
    expect(found('common')).toBe(50);
  });

  for (const [what, table, column, state] of [
    ['full of words', 'message_words', 'body', { upTo: 2000, begun: false }],
    ['nearly full of words', 'message_words', 'body', { upTo: 1990, begun: false }],
    ['with a merge that was begun', 'message_words', 'body', { upTo: 1990, begun: true }],
    ['full of beginnings', 'message_starts', 'starts', { upTo: 2000, begun: false }],
    ['full of sessions', 'session_words', 'listener', { upTo: 2000, begun: false }],
  ] as const) {
    test(`recovers in a folder of an earlier version: ${what}`, async () => {
      const folder = temporaryFolder();
      const first = await openFolder(folder);
      const { id } = await save(first.store, 'of before');
      await first.store.saveDerived(id, sampleDerived({ text: 'earlier', html: null }));
      expect(await count(first.store, 'earlier')).toBe(1);
      await first.store[Symbol.asyncDispose]();
      fill(join(folder, 'mailscope.db'), table, column, state);

      const { store, notices } = await openFolder(folder);
      const next = await save(store, 'of after');
      await store.saveDerived(next.id, sampleDerived({ text: 'later', html: null }));
      expect((await store.findMessage(next.id))?.parse).toBe('parsed');
      expect([await count(store, 'later'), await count(store, 'earlier')]).toEqual([1, 1]);
      await store.deleteMessages({ ids: [id] }, true);
      expect([await count(store, 'later'), await count(store, 'earlier')]).toEqual([1, 0]);
      await store[Symbol.asyncDispose]();
      expect(notices).toEqual([]);
    });
  }
});

test('SQLite says "full" of other things too: a disk with room is not blamed', () => {
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  expect(failureOf(full, () => false)).toMatchObject({ code: 'storage_full' });
  const other = failureOf(full, () => true);
  expect(other).toMatchObject({ code: 'internal' });
  expect(other.message).toContain('though the disk of the data folder has room');
});

test('what a merge goes on to read is read before, once', async () => {
  const { connection, write, receive, index } = openWriter();
  for (let n = 0; n < 20; n += 1) {
    await receive(20);
    index(20);
  }
  write('mergeStep', { pages: 1 });
  const blocksOf = (table: FullTextTable): number[] =>
    readSegments(connection, table).inputs.map(
      ({ id, first }) =>
        connection
          .sql<{ n: number }>(
            `SELECT count(*) AS n FROM ${table}_data
             WHERE id >> 37 = ? AND (id >> 31) & 63 = 0 AND id & 0x7fffffff >= ?`,
          )
          .get(id, first)!.n,
    );
  const expected = fullTextTables.flatMap(blocksOf);
  expect(Math.min(...expected)).toBeGreaterThan(0);
  expect(expected.length).toBeGreaterThan(8);
  let blocks = 0;
  for (let some: number; (some = runRead(connection, 'readBeforeMerge', null) as number) > 0;) blocks += some;
  expect(blocks).toBe(expected.reduce((sum, n) => sum + n));
  write('mergeStep', { pages: 1 });
  expect(runRead(connection, 'readBeforeMerge', null)).toBe(0);
});
