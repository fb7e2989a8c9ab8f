// A common word that the newest messages do not have: the search goes back to where it is, and not through all that have it.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openConnection, type Connection } from '../../server/store/sqlite/connection.ts';
import { runRead, type OutputOf, type Reads } from '../../server/store/operations.ts';
import { searchPage } from '../../server/store/searching.ts';
import type { SearchMessages } from '../../server/store/search/search-messages.ts';
import { reachOf } from '../../server/store/search/word-reach.ts';
import { matchStarts } from '../../server/store/search/word-starts.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import type { Query } from '../../shared/search/query.ts';
import { sampleDerived, save } from '../store/samples.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';

function ask(text: string): Query {
  const parsed = parseSearch(text, 'messages');
  if (!parsed.ok || parsed.query === null) throw new Error(text);
  return parsed.query;
}

/** One message for each text, the oldest first; their seqs begin with 1. */
async function openFilled(texts: string[]): Promise<Connection> {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder);
  for (const text of texts) {
    const { id } = await save(store, '');
    await store.saveDerived(id, sampleDerived({ subject: '', text, html: null }));
  }
  // The first search takes up all.
  while ((await store.listMessages({ limit: 1, query: ask('nothing') })).notSearched !== undefined);
  return openConnection(join(folder, 'mailscope.db'), { reader: true });
}

test('how far back so many messages have the words is told by the rarest of all, and the commonest of any', async () => {
  const texts = Array.from({ length: 40 }, (_, n) =>
    ['everywhere', n < 20 ? 'older' : '', n % 4 === 0 ? 'seldom' : '', n === 2 ? 'once' : ''].join(' '),
  );
  const reader = await openFilled(texts);
  const startOf = matchStarts(reader);
  const told = (text: string, below = 41): number | null =>
    reachOf(reader, ask(text), { startOf, below, enough: 5 });
  expect(
    Object.fromEntries(['everywhere', 'everyw', 'ever', '"everywhere"'].map((text) => [text, told(text)])),
  ).toEqual({ everywhere: 36, everyw: 36, ever: 36, '"everywhere"': 36 });
  expect(told('everywhere', 30)).toBe(25);
  expect(told('older')).toBe(16);
  // Every fourth from the first on: 37, 33, 29, 25, 21.
  expect(told('seldom')).toBe(21);
  expect(told('everywhere older seldom')).toBe(16);
  expect(told('everywhere OR older OR seldom')).toBe(36);
  expect(told('"everywhere older"')).toBe(16);
  for (const text of ['once', 'never', 'everywhere once']) expect([text, told(text)]).toEqual([text, 0]);
  // What is asked beside words only leaves fewer.
  for (const text of ['has:attachment', '-everywhere', 'from:ann'])
    expect([text, told(text)]).toEqual([text, null]);
  expect(told('everywhere from:ann')).toBe(36);
});

test('a search for a word that the newest do not have looks as far as it has to, and finds what there is', async () => {
  const texts = [
    ...Array.from({ length: 900 }, (_, n) => `common word ${n}`),
    ...Array.from({ length: 200 }, (_, n) => `another ${n}`),
  ];
  const reader = await openFilled(texts);
  const looked: SearchMessages[] = [];
  const driver = {
    read: async <N extends keyof Reads>(name: N, input: unknown) => {
      if (name === 'searchMessages') looked.push(input as SearchMessages);
      return runRead(reader, name, input) as OutputOf<Reads, N>;
    },
  };
  const seqs = async (text: string): Promise<number[]> => {
    looked.length = 0;
    const asked = { query: ask(text), below: Number.MAX_SAFE_INTEGER, limit: 10, inbox: null };
    const { items } = await searchPage(driver, asked, { first: 8, enough: 20 });
    return items.map(({ seq }) => seq);
  };
  const newest = Array.from({ length: 10 }, (_, n) => 900 - n);
  for (const text of ['common', 'comm', '"common word"', 'common word', 'common OR missing']) {
    expect([text, await seqs(text)]).toEqual([text, newest]);
    // Of 1,100: the first step has the block that the newest are in.
    expect([text, looked.length]).toEqual([text, 3]);
    expect(looked.slice(1).reduce((sum, { span }) => sum + span, 0)).toBeLessThan(400);
  }
  // Of a rare one all is looked at, at once.
  expect(await seqs('"word 7"')).toEqual([8]);
  expect(looked.length).toBe(3);
  expect(Math.min(...looked.slice(1).map(({ below }) => below))).toBeLessThan(600);
});
