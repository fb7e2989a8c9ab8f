// While so much comes that the index is behind, a search does not wait for it, and says so.
import { expect, test } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import { save } from '../store/samples.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';

const parsed = parseSearch('rare', 'messages');
if (!parsed.ok || parsed.query === null) throw new Error('a query');
const rare = parsed.query;

test('a search ends while mail goes on to come', { timeout: 20_000 }, async () => {
  const { store } = await openFolder(temporaryFolder());
  for (let n = 0; n < 50; n += 1) await save(store, 'order');
  let isPouring = true;
  const pour = async (): Promise<void> => {
    while (isPouring) await save(store, 'order');
  };
  const poured = Array.from({ length: 16 }, pour);
  expect((await store.listMessages({ limit: 1, query: rare })).items).toEqual([]);
  isPouring = false;
  await Promise.all(poured);
  await store[Symbol.asyncDispose]();
});

test('a search says how many messages it did not look at, until none are left', async () => {
  const store = await openStore({ data: ':memory:', onEvents: () => undefined, onNotice: () => undefined });
  for (let n = 0; n < 1100; n += 1) await save(store, n % 100 === 0 ? 'rare' : 'order');
  const ask = { limit: 50, query: rare };
  const missing: number[] = [];
  let page = await store.listMessages(ask);
  for (; page.notSearched !== undefined; page = await store.listMessages(ask)) {
    missing.push(page.notSearched);
    expect(page.items.length).toBeLessThan(11);
  }
  expect(missing[0]).toBe(1100);
  expect(missing).toEqual(missing.toSorted((a, b) => b - a));
  expect(page.items).toHaveLength(11);
  expect((await store.listMessages({ limit: 50 })).notSearched).toBeUndefined();
  await store[Symbol.asyncDispose]();
});
