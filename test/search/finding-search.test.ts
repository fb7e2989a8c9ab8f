// Messages are found by what rules found wrong with them, in memory and on disk.
import { expect, test } from 'vitest';
import { parseSearch } from '../../shared/search/parse-search.ts';
import type { Found } from '../../shared/finding.ts';
import { openStore } from '../../server/store/open.ts';
import type { Store } from '../../server/store/store.ts';
import { sampleDerived, save } from '../store/samples.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';

const openMemory = async () => ({
  store: await openStore({ data: ':memory:', onEvents: () => undefined, onNotice: () => undefined }),
});

async function subjects(store: Store, text: string): Promise<string[]> {
  const parsed = parseSearch(text, 'messages');
  if (!parsed.ok || parsed.query === null) throw new Error(text);
  return (await store.listMessages({ limit: 50, query: parsed.query })).items.map(({ subject }) => subject);
}

test.each([
  ['in memory', openMemory],
  ['on disk', () => openFolder(temporaryFolder())],
])('%s, messages with which a rule found something wrong are found by it', async (_where, open) => {
  const { store } = await open();
  const of = (severity: Found['severity']): Found => ({
    ...{ rule: 'header.no-date', severity, confidence: 1, vars: {} },
    evidence: [{ kind: 'missing-header', header: 'Date' }],
  });
  const lists = { bad: [of('warning'), of('info')], fair: [of('info')], good: [] };
  for (const [subject, findingList] of Object.entries(lists))
    await store.saveDerived((await save(store, subject)).id, sampleDerived({ subject, findingList }));
  expect(await subjects(store, 'has:finding')).toEqual(['bad']);
  expect(await subjects(store, '-has:finding')).toEqual(['good', 'fair']);
  const { items } = await store.listMessages({ limit: 5 });
  expect(items.map(({ findings }) => findings)).toEqual([
    undefined,
    undefined,
    { count: 1, worst: 'warning' },
  ]);
  await store[Symbol.asyncDispose]();
});
