// A second thread reads while somebody searches, or is about to, and is gone when nobody does any more.
import { expect, test } from 'vitest';
import { parseSearch } from '../../shared/search/parse-search.ts';
import type { Store } from '../../server/store/store.ts';
import { save } from './samples.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';
import { areThreadsKnown, threads } from './threads.ts';

function searchIn(store: Store) {
  const parsed = parseSearch('subject:kept', 'messages');
  if (!parsed.ok || parsed.query === null) throw new Error('a query');
  return store.listMessages({ limit: 10, query: parsed.query });
}

test.runIf(areThreadsKnown)('a second reader is there only while somebody searches', async () => {
  const { store } = await openFolder(temporaryFolder(), { searchIdleMs: 500 });
  await save(store, 'kept');
  expect((await store.listMessages({ limit: 10 })).items).toHaveLength(1);
  const before = threads();
  const searchAtOnce = async (): Promise<number> => {
    const pages = await Promise.all(Array.from({ length: 20 }, () => searchIn(store)));
    for (const page of pages) expect(page.items).toHaveLength(1);
    return threads();
  };
  for (let n = 0; n < 2; n += 1) {
    await expect.poll(searchAtOnce).toBe(before + 1);
    await expect.poll(threads).toBe(before);
  }
  await store[Symbol.asyncDispose]();
});

test.runIf(areThreadsKnown)(
  'a large store is ready for a search from its start, and once its list is looked at',
  async () => {
    const folder = temporaryFolder();
    {
      const { store } = await openFolder(folder);
      await save(store, 'kept');
      await store[Symbol.asyncDispose]();
    }
    const { store } = await openFolder(folder, { searchIdleMs: 500, largeBytes: 1 });
    const ready = threads();
    await expect.poll(threads).toBe(ready - 1);
    expect((await store.listMessages({ limit: 10 })).items).toHaveLength(1);
    await expect.poll(threads).toBe(ready);
    expect((await searchIn(store)).items).toHaveLength(1);
    await store[Symbol.asyncDispose]();
  },
);

test.runIf(areThreadsKnown)(
  'a second reader that takes longer to start than it is wanted ends all the same',
  async () => {
    const { store } = await openFolder(temporaryFolder(), { searchIdleMs: 1, largeBytes: 1 });
    const starting = threads();
    await expect.poll(threads).toBe(starting - 1);
    await store[Symbol.asyncDispose]();
  },
);

test.each([{}, { largeBytes: 1 }])('a store closes while its second reader starts, %o', async (options) => {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder, options);
  await save(store, 'kept');
  expect((await searchIn(store)).items).toHaveLength(1);
  await store[Symbol.asyncDispose]();
  const again = await openFolder(folder, options);
  expect((await searchIn(again.store)).items).toHaveLength(1);
  await again.store[Symbol.asyncDispose]();
});
