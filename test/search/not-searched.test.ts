// While so much comes that the index is behind, a search does not wait for it, and says so.
import { expect, test } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import { save } from '../store/samples.ts';

test('a search says how many messages it did not look at, until none are left', async () => {
  const store = await openStore({ data: ':memory:', onEvents: () => undefined, onNotice: () => undefined });
  for (let n = 0; n < 1100; n += 1) await save(store, n % 100 === 0 ? 'rare' : 'order');
  const parsed = parseSearch('rare', 'messages');
  if (!parsed.ok || parsed.query === null) throw new Error('a query');
  const ask = { limit: 50, query: parsed.query };
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
