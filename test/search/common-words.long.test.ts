// Words that are in nearly every message: the index is asked for some of them, or for where they meet, and the rest is
// looked for in what is left.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nowUs } from '../../server/clock.ts';
import { openConnection } from '../../server/store/sqlite/connection.ts';
import { searchMessages } from '../../server/store/search/search-messages.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import type { Query } from '../../shared/search/query.ts';
import { sampleDerived, save } from '../store/samples.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';
import { createRandom } from './random.ts';

const common = ['the', 'to', 'you', 'order', 'invoices'];
const others = ['there', 'yours', 'tone', 'bestorder', 'invoice', 'zebra'];

/** In a text whose words have a blank on each side. */
const has =
  (...signs: string[]) =>
  (text: string): boolean =>
    signs.every((sign) => text.includes(sign));
const searches: [string, (text: string) => boolean][] = [
  ['the', has(' the')],
  ['"the"', has(' the ')],
  ['to', has(' to')],
  ['you', has(' you')],
  ['"you"', has(' you ')],
  ['orde', has(' orde')],
  ['invoices', has(' invoices')],
  ['"invoice"', has(' invoice ')],
  ['zebra', has(' zebra')],
  ['"to you"', has(' to you ')],
  ['body:th', has('th')],
  ['(zebra tone)', has(' zebra', ' tone')],
];

function ask(text: string): Query {
  const parsed = parseSearch(text, 'messages');
  if (!parsed.ok || parsed.query === null) throw new Error(text);
  return parsed.query;
}

async function openFilled() {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder);
  const random = createRandom(5);
  /** Newest first, words with a blank on each side. */
  const texts: [string, string][] = [];
  for (let n = 0; n < 90; n += 1) {
    const words = [
      ...common.filter(() => random.chance(n < 45 ? 0.97 : 0.6)),
      ...others.filter(() => random.chance(0.2)),
    ].sort(() => random.below(3) - 1);
    const { id } = await save(store, '');
    texts.unshift([id, ` ${words.join(' ')} `]);
    const text = words.join(random.pick([' ', ', ', '-', '\n']));
    await store.saveDerived(id, sampleDerived({ subject: '', text, html: null }));
  }
  // The first search takes up all.
  await store.listMessages({ limit: 1, query: ask('order') });
  const reader = openConnection(join(folder, 'mailscope.db'), { reader: true });
  function expectFound(text: string, fits: (text: string) => boolean): void {
    const expected = texts.filter((one) => fits(one[1])).map(([id]) => id);
    for (const mostRead of [0, 10, 40]) {
      const step = { query: ask(text), below: 1000, span: 1000, limit: 100, inbox: null, nowUs: nowUs() };
      const found = searchMessages(reader, step, mostRead).items.map(({ id }) => id);
      expect(found, `${text}, ${mostRead}`).toEqual(expected);
    }
  }
  return {
    random,
    expectFound,
    async [Symbol.asyncDispose]() {
      reader.db.close();
      await store[Symbol.asyncDispose]();
    },
  };
}

test('however many are in which, the messages without any of them are found, and those with any', async () => {
  await using filled = await openFilled();
  const { random, expectFound } = filled;
  for (let n = 0; n < 200; n += 1) {
    const some = Array.from({ length: 2 + random.below(4) }, () => random.pick(searches));
    const hasAny = (text: string): boolean => some.some(([, fits]) => fits(text));
    const terms = some.map(([term]) => term);
    expectFound(terms.join(' OR '), hasAny);
    expectFound(terms.map((term) => `-${term}`).join(' '), (text) => !hasAny(text));
  }
});

test('words are found one after the other, as they are or with a last one that goes on', async () => {
  await using filled = await openFilled();
  const { random, expectFound } = filled;
  const words = [...common, ...others, 'th', 'yo', 'inv', 'no'];
  for (let n = 0; n < 200; n += 1) {
    const sequence = Array.from({ length: 2 + random.below(2) }, () => random.pick(words));
    expectFound(`"${sequence.join(' ')}"`, has(` ${sequence.join(' ')} `));
    expectFound(sequence.join('.'), has(` ${sequence.join(' ')}`));
  }
});

test('a sequence of words does not go on from the text into the HTML', async () => {
  const { store } = await openFolder(temporaryFolder());
  const { id } = await save(store, '');
  await store.saveDerived(id, sampleDerived({ text: 'alpha omega', html: '<p>gamma delta</p>' }));
  const texts = ['"alpha omega"', 'gamma.del', 'body:"mma del"', '"omega gamma"', 'omega.gam', 'body:"a g"'];
  const found = texts.map((text) => store.listMessages({ limit: 1, query: ask(text) }));
  expect((await Promise.all(found)).map(({ items }) => items.length)).toEqual([1, 1, 1, 0, 0, 0]);
  await store[Symbol.asyncDispose]();
});
