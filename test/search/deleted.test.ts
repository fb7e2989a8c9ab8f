// What was deleted stays in the search index until it is purged, which in a large store takes a while.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nowUs } from '../../server/clock.ts';
import { openConnection } from '../../server/store/sqlite/connection.ts';
import { searchMessages } from '../../server/store/search/search-messages.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import { sampleDerived, save } from '../store/samples.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';

test('a search does not go through what was deleted before the oldest of the list', async () => {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder);
  const saveSome = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      const { id } = await save(store, '');
      await store.saveDerived(id, sampleDerived({ text: 'order ready', html: null }));
    }
  };
  await saveSome(400);
  await store.deleteMessages({ all: true }, false);
  await saveSome(10);

  const reader = openConnection(join(folder, 'mailscope.db'), { reader: true });
  let rows = 0;
  // In the place of the one that brings what the index gives.
  reader.db.aggregate('json_group_array', {
    start: (): unknown[] => [],
    step(all: unknown[], seq: unknown) {
      rows += 1;
      return [...all, seq];
    },
    result: (all) => JSON.stringify(all),
  });
  for (const text of ['order', '"order ready"', 'body:or', 'body:rde']) {
    const parsed = parseSearch(text, 'messages');
    if (!parsed.ok || parsed.query === null) throw new Error(text);
    // The first search takes up all.
    await store.listMessages({ limit: 1, query: parsed.query });
    const ask = { query: parsed.query, below: Number.MAX_SAFE_INTEGER, span: 4096, limit: 20, inbox: null };
    rows = 0;
    expect(searchMessages(reader, { ...ask, nowUs: nowUs() }, 0).items, text).toHaveLength(10);
    expect(rows, text).toBeGreaterThan(0);
    expect(rows, text).toBeLessThan(150);
  }
  reader.db.close();
  await store[Symbol.asyncDispose]();
});
