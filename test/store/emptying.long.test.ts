// A store with very many messages is emptied in steps, between which mail comes in.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Store } from '../../server/store/store.ts';
import type { DurableEvents } from '../../shared/events.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import { openStore } from '../../server/store/open.ts';
import type { Opened } from './opened.ts';
import { sampleDerived, save } from './samples.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';

async function openMemory(): Promise<Opened> {
  const events: Opened['events'] = [];
  const onEvents = (told: Opened['events']) => void events.push(...told);
  return { store: await openStore({ data: ':memory:', onEvents, onNotice: () => {} }), events };
}

async function find(store: Store, text: string): Promise<string[]> {
  const parsed = parseSearch(text, 'messages');
  if (!parsed.ok || parsed.query === null) throw new Error(text);
  return (await store.listMessages({ limit: 5, query: parsed.query })).items.map(({ subject }) => subject);
}

/** Of the first step, in in-steps.ts, and of the next one however slow that was. */
const stepRows = 2000;
const fewestRows = 200;

test('a deletion of all goes in steps, mail that comes in between stays, and each step tells what is gone', async () => {
  const { store, events } = await openMemory();
  const count = stepRows + fewestRows - 1;
  for (let n = 0; n < count; n += 1) await save(store, 'old');
  events.length = 0;
  const deleted = store.deleteMessages({ all: true }, false);
  await save(store, 'new');
  expect(await deleted).toBe(count);
  expect((await store.listMessages({ limit: 5 })).items.map(({ subject }) => subject)).toEqual(['new']);
  expect(await store.counts()).toMatchObject({ messages: 1, unread: 1 });
  const told = events.filter(({ type }) => type === 'messages:deleted').map(({ payload }) => payload);
  expect(told).toEqual([
    { ids: null, upToSeq: stepRows, reason: 'request' },
    { ids: null, upToSeq: count, reason: 'request' },
  ]);

  expect(await store.restoreMessages({ all: true })).toBe(count);
  expect(await store.counts()).toMatchObject({ messages: count + 1, unread: count + 1 });
  expect(await store.markMessages({ all: true }, { read: true })).toBe(count + 1);
  expect(await store.counts()).toMatchObject({ unread: 0 });
  const changed = events
    .filter(({ type }) => type === 'messages:changed')
    .map(({ payload }) => (payload as DurableEvents['messages:changed']).ids?.length);
  expect(changed).toEqual([stepRows, fewestRows]);
  await store[Symbol.asyncDispose]();
});

const readFolder = (folder: string): Buffer =>
  Buffer.concat(
    readdirSync(folder)
      .filter((name) => name.startsWith('mailscope.db'))
      .map((name) => readFileSync(join(folder, name))),
  );

test('a large index is set aside when all is purged: mail that comes is found, and nothing is left in the file', async () => {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder);
  let state = 1;
  const word = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return `q${state.toString(36)}`;
  };
  const text = () => Array.from({ length: 9000 }, word).join(' ');
  const texts = Array.from({ length: 30 }, text);
  for (const each of texts) {
    const { id } = await save(store, 'old');
    await store.saveDerived(id, sampleDerived({ text: each, html: null, subject: 'old' }));
  }
  const last = texts.at(-1)!.split(' ').at(-1)!;
  await expect.poll(() => find(store, last)).toEqual(['old']);
  await store.deleteMessages({ all: true }, false);
  // What came before the purge is found after it, too.
  const early = await save(store, 'early');
  await store.saveDerived(early.id, sampleDerived({ text: 'early', html: null, subject: 'early' }));
  await expect.poll(() => find(store, 'early')).toEqual(['early']);
  // Each call does some of it: on a busy machine the first may only clear what is free already.
  let purged = 0;
  const purge = async () => (purged += await store.purgeDeleted(Date.now() * 2000));
  await expect.poll(purge, { interval: 1 }).toBe(texts.length);
  await expect.poll(() => find(store, 'early')).toEqual(['early']);
  const { id } = await save(store, 'new');
  await store.saveDerived(id, sampleDerived({ text: 'fresh', html: null, subject: 'new' }));
  await expect.poll(() => find(store, 'fresh')).toEqual(['new']);
  expect(await find(store, last)).toEqual([]);
  const searched = ['gone_message', ...texts.map((each) => each.split(' ')[50] ?? '')];
  const readLeft = () => {
    const bytes = readFolder(folder);
    return searched.filter((each) => bytes.includes(each));
  };
  await expect.poll(() => store.purgeDeleted(1).then(readLeft), { interval: 1 }).toEqual([]);
  await store[Symbol.asyncDispose]();
  expect(readLeft()).toEqual([]);
});
