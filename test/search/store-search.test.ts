import Database from 'better-sqlite3';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import type { Store } from '../../server/store/store.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import type { Query, SearchScope } from '../../shared/search/query.ts';
import {
  mailBytes,
  sampleDerived,
  sampleMessage,
  samplePart,
  sampleSession,
  save,
} from '../store/samples.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';
import { cpuNow } from '../support/cpu-time.ts';
import { asItWasBefore } from './old-tables.ts';

function search(text: string, scope: SearchScope = 'messages'): Query {
  const parsed = parseSearch(text, scope);
  if (!parsed.ok || parsed.query === null) throw new Error(text);
  return parsed.query;
}

const subjects = async (store: Store, text: string): Promise<string[]> =>
  (await store.listMessages({ limit: 50, query: search(text) })).items.map(({ subject }) => subject);

const openMemory = async () => {
  const store = await openStore({ data: ':memory:', onEvents: () => undefined, onNotice: () => undefined });
  return { store };
};

describe.each([
  ['in memory', openMemory],
  ['on disk', () => openFolder(temporaryFolder())],
])('%s', (_where, open) => {
  test('a message is found by its header fields at once, and by its text once it is parsed', async () => {
    const { store } = await open();
    const { id } = await save(store, 'Your order 4711');
    expect(await subjects(store, 'order subject:471 from:ANN@ rcpt:bob -body:hello')).toEqual([
      'Your order 4711',
    ]);
    expect(await subjects(store, 'hello')).toEqual([]);
    await store.saveDerived(id, sampleDerived({ subject: 'Your order 4711', text: 'Hello Böb' }));
    expect(await subjects(store, 'hel "hello bob" body:LO header.X-Tag:Blue has:html')).toEqual([
      'Your order 4711',
    ]);
    // Parsed again, with another result.
    await store.saveDerived(id, sampleDerived({ subject: 'Your order 4711', text: 'Goodbye', html: null }));
    expect(await subjects(store, 'hello OR body:hello')).toEqual([]);
    expect(await subjects(store, 'goodbye')).toEqual(['Your order 4711']);
    await store[Symbol.asyncDispose]();
  });

  test.each([1, 2, 24, 25, 45])('the beginning of %i words finds each of them', async (count) => {
    const { store } = await open();
    const letter = (n: number) => String.fromCharCode(97 + n);
    const words = Array.from(
      { length: count },
      (_, n) => `begin${letter(n % 26)}${letter(Math.floor(n / 26))}`,
    );
    // Neighbours in the list of words, which are not meant.
    for (const word of [...words, 'begi', 'begio', 'bego']) {
      const { id } = await save(store, word);
      await store.saveDerived(id, sampleDerived({ subject: word, text: word }));
    }
    expect((await subjects(store, 'begin')).sort()).toEqual(words.sort());
    expect((await subjects(store, 'body:begin')).sort()).toEqual(words);
    expect(await subjects(store, 'begin -begin')).toEqual([]);
    expect(await subjects(store, 'beginx0')).toEqual([]);
    await store[Symbol.asyncDispose]();
  });

  test('a search for the beginnings of very many words finds them all', async () => {
    const { store } = await open();
    const letters = Array.from('abcdefghijklmnop');
    const words = letters.map((first) => letters.map((last) => `${first.repeat(5)}${last}`).join(' '));
    for (const [subject, texts] of [
      ['all', words],
      ['but one', words.slice(1)],
    ] as const) {
      const { id } = await save(store, subject);
      await store.saveDerived(id, sampleDerived({ subject, text: texts.join(' ') }));
    }
    const starts = letters.map((letter) => letter.repeat(5));
    expect(await subjects(store, starts.join(' '))).toEqual(['all']);
    expect(await subjects(store, starts.join(' OR '))).toEqual(['but one', 'all']);
    expect(await subjects(store, starts.map((start) => `body:${start}`).join(' '))).toEqual(['all']);
    await store[Symbol.asyncDispose]();
  });

  test('pages go on where the one before ended', async () => {
    const { store } = await open();
    for (let n = 0; n < 25; n += 1) await save(store, `${n % 2 === 0 ? 'even' : 'odd'} ${n}`);
    const seen: string[] = [];
    for (let cursor: string | undefined; ;) {
      const ask = { limit: 4, query: search('even') };
      const page = await store.listMessages(cursor === undefined ? ask : { ...ask, cursor });
      expect(page.items.length).toBeLessThanOrEqual(4);
      seen.push(...page.items.map(({ subject }) => subject));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0].map((n) => `even ${n}`));
    await store[Symbol.asyncDispose]();
  });

  test('the messages of one inbox are searched alone', async () => {
    const { store } = await open();
    await save(store, 'order one', { inboxes: ['shop'] });
    await save(store, 'order two');
    const page = await store.listMessages({ limit: 9, inbox: 'shop', query: search('order') });
    expect(page.items.map(({ subject }) => subject)).toEqual(['order one']);
    await store[Symbol.asyncDispose]();
  });

  test('a change is made to all that match, and to no other', async () => {
    const { store } = await open();
    const ids = [];
    for (const subject of ['order 1', 'other', 'order 2']) ids.push((await save(store, subject)).id);
    expect(await store.markMessages({ query: search('order is:unread') }, { read: true })).toBe(2);
    expect(await store.counts()).toMatchObject({ unread: 1 });
    expect(await subjects(store, 'is:unread')).toEqual(['other']);
    expect(await store.deleteMessages({ query: search('order') }, false)).toBe(2);
    expect(await subjects(store, 'order OR other')).toEqual(['other']);
    expect(await store.restoreMessages({ query: search('subject:"order 2"') })).toBe(1);
    expect(await subjects(store, 'order')).toEqual(['order 2']);
    expect(await store.deleteMessages({ query: search('order') }, true)).toBe(2);
    expect(await store.restoreMessages({ all: true })).toBe(0);
    expect(await store.counts()).toMatchObject({ messages: 1 });
    await store[Symbol.asyncDispose]();
  });

  test('of very many that match some are changed at a time, and none that comes later', async () => {
    const { store } = await open();
    for (let n = 0; n < 23; n += 1)
      await Promise.all(Array.from({ length: 100 }, (_, m) => save(store, m === 0 ? 'rare' : 'order')));
    const marking = store.markMessages({ query: search('order is:unread') }, { read: true });
    const deleting = store.deleteMessages({ query: search('rare') }, false);
    await Promise.all([marking, deleting, save(store, 'later')]);
    expect([await marking, await deleting]).toEqual([2277, 23]);
    await save(store, 'order again');
    expect(await subjects(store, 'is:unread')).toEqual(['order again', 'later']);
    expect(await subjects(store, 'rare')).toEqual([]);
    expect(await store.restoreMessages({ query: search('rare') })).toBe(23);
    const { items } = await store.readEvents(undefined, 5000);
    const changed = items.flatMap((event) =>
      event.type === 'messages:changed' ? [event.payload.ids?.length ?? 0] : [],
    );
    expect(changed.length).toBeGreaterThan(1);
    expect(Math.max(...changed)).toBeLessThanOrEqual(2000);
    expect(changed.reduce((sum, count) => sum + count)).toBe(2277);
    await store[Symbol.asyncDispose]();
  });

  test('tags are set, added and taken away; case and accents make no other tag', async () => {
    const { store } = await open();
    const { id } = await save(store, 'a');
    const tagsOf = async () => (await store.findMessage(id))?.tags;
    expect((await store.listMessages({ limit: 1 })).items[0]?.tags).toEqual([]);
    await store.markMessages({ ids: [id] }, { tags: ['Größe', 'grosse', 'GRÖßE', 'gröSSe', 'blue'] });
    expect(await tagsOf()).toEqual(['blue', 'grosse', 'Größe']);
    await store.markMessages({ all: true }, { addTags: ['new'], removeTags: ['BLUE'] });
    expect(await tagsOf()).toContain('new');
    expect(await tagsOf()).not.toContain('blue');
    expect(await subjects(store, 'tag:NEW is:tagged')).toEqual(['a']);
    expect(await subjects(store, 'tag:ne')).toEqual([]);
    await store.markMessages({ ids: [id] }, { tags: [] });
    expect(await tagsOf()).toEqual([]);
    expect(await store.counts()).toMatchObject({ messages: 1, unread: 1 });
    await store[Symbol.asyncDispose]();
  });

  test('messages know their session: its client, its codes, and when it is gone', async () => {
    const { store } = await open();
    const session = sampleSession({ clientName: 'web-1', anomalies: 1, outcome: 'captured', closedAt: 'x' });
    const part = samplePart(session);
    part.lines[0]!.code = 550;
    await store.saveMessage(await sampleMessage(store, 'with'), part);
    await save(store, 'without');
    const all = `client:WEB code:55 has:anomaly session:${session.id}`;
    expect(await subjects(store, all)).toEqual(['with']);
    const found = await store.listSessions({ limit: 5, query: search('code:5 has:anomaly web', 'sessions') });
    expect(found.items.map(({ id }) => id)).toEqual([session.id]);
    await store.deleteSessions({ all: true }, false);
    expect(await subjects(store, all.replaceAll(' ', ' OR '))).toEqual([]);
    await store[Symbol.asyncDispose]();
  });

  test('sessions that met a simulated failure are found by it', async () => {
    const { store } = await open();
    const met = sampleSession({ clientName: 'web-1', faults: 2 });
    for (const session of [sampleSession({ clientName: 'web-2' }), met])
      await store.saveSession(samplePart(session), true);
    const found = async (query: string) =>
      (await store.listSessions({ limit: 5, query: search(query, 'sessions') })).items.map(({ id }) => id);
    expect(await found('has:fault')).toEqual([met.id]);
    expect(await found('has:fault client:web-2')).toEqual([]);
    await store[Symbol.asyncDispose]();
  });

  test('after everything was purged new messages are found, and what was restored before is too', async () => {
    const { store } = await open();
    for (const subject of ['order 1', 'order 2']) {
      const { id } = await save(store, subject);
      await store.saveDerived(id, sampleDerived({ subject, text: 'hello' }));
    }
    expect(await subjects(store, 'hello')).toHaveLength(2);
    await store.deleteMessages({ all: true }, true);
    expect(await subjects(store, 'hello')).toEqual([]);
    const { id } = await save(store, 'order 3');
    await store.saveDerived(id, sampleDerived({ subject: 'order 3', text: 'hello' }));
    await store.deleteMessages({ ids: [id] }, false);
    await store.restoreMessages({ all: true });
    expect(await subjects(store, 'hello')).toEqual(['order 3']);
    await store[Symbol.asyncDispose]();
  });
});

const everyFile = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

test('of a purged message no word is left in the index', async () => {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder);
  const marker = 'qxzw7781marker';
  const hits = (): number => everyFile(folder).filter((file) => readFileSync(file).includes(marker)).length;
  for (let n = 0; n < 30; n += 1) {
    const { id } = await save(store, 'other', { bytes: mailBytes('other') });
    await store.saveDerived(id, sampleDerived({ subject: 'other', text: `some text ${n}` }));
  }
  const { id } = await save(store, 'one', { bytes: mailBytes('one') });
  const headers = [{ name: 'X-Secret', value: marker, raw: '', offset: 0, length: 0 }];
  await store.saveDerived(id, sampleDerived({ subject: 'one', text: `text ${marker} text`, headers }));
  await store.markMessages({ ids: [id] }, { tags: [marker] });
  expect(await subjects(store, marker)).toEqual(['one']);
  expect(hits()).toBeGreaterThan(0);
  await store.deleteMessages({ ids: [id] }, true);
  // The announcement of the tag is in the log of events, which is kept on purpose.
  const database = new Database(join(folder, 'mailscope.db'), { readonly: true });
  const words = database.prepare(
    'SELECT count(*) FROM message_words_data WHERE instr(block, CAST(? AS BLOB)) > 0',
  );
  expect(words.pluck().get(marker)).toBe(0);
  database.close();
  expect(await subjects(store, 'text')).toHaveLength(30);
  await store[Symbol.asyncDispose]();
});

test('a folder from before there was a search is taken up: its messages, headers and sessions are found', async () => {
  const folder = temporaryFolder();
  const before = await openFolder(folder);
  const part = samplePart(sampleSession({ clientName: 'old-client', closedAt: 'x', outcome: 'captured' }));
  part.lines[0]!.code = 421;
  const { id } = await before.store.saveMessage(await sampleMessage(before.store, 'old order'), part);
  await before.store.saveDerived(id, sampleDerived({ subject: 'old order', text: 'hello' }));
  await before.store[Symbol.asyncDispose]();
  asItWasBefore(join(folder, 'mailscope.db'));
  const { store } = await openFolder(folder);
  expect(await subjects(store, 'hello order header.x-tag:blue cc:carl to:bob -to:carl code:421')).toEqual([
    'old order',
  ]);
  expect((await store.listSessions({ limit: 5, query: search('old', 'sessions') })).items).toHaveLength(1);
  expect((await store.readEvents(undefined, 50)).items[0]?.payload).toMatchObject({ message: { tags: [] } });
  await store[Symbol.asyncDispose]();
});

test('a search in a store that arriving mail is written to waits for nothing but its own step', async () => {
  const { store } = await openFolder(temporaryFolder());
  const ids = await Promise.all(
    Array.from({ length: 300 }, async (_, n) => (await save(store, `mail ${n}`)).id),
  );
  const saving = Promise.all(ids.map((id) => store.saveDerived(id, sampleDerived({ text: 'hello' }))));
  expect(await subjects(store, 'mail OR parsed')).toHaveLength(50);
  await saving;
  const started = cpuNow();
  expect((await store.listMessages({ limit: 500, query: search('hello') })).items).toHaveLength(300);
  expect(cpuNow() - started).toBeLessThan(2000);
  await store[Symbol.asyncDispose]();
});
