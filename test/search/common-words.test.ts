// Words that are in nearly every message: some of them are asked of the index, and the rest is looked for in what is left.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nowUs } from '../../server/clock.ts';
import { openConnection } from '../../server/store/connection.ts';
import { searchMessages } from '../../server/store/search-messages.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
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

test('however many are in which, the messages without any of them are found, and those with any', async () => {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder);
  const random = createRandom(5);
  const texts = new Map<string, string>();
  for (let n = 0; n < 90; n += 1) {
    const words = [
      ...common.filter(() => random.chance(n < 45 ? 0.97 : 0.6)),
      ...others.filter(() => random.chance(0.2)),
    ].sort(() => random.below(3) - 1);
    const { id } = await save(store, '');
    texts.set(id, ` ${words.join(' ')} `);
    const text = words.join(random.pick([' ', ', ', '-', '\n']));
    await store.saveDerived(id, sampleDerived({ subject: '', text, html: null }));
  }
  const ask = (text: string) => {
    const parsed = parseSearch(text, 'messages');
    if (!parsed.ok || parsed.query === null) throw new Error(text);
    return parsed.query;
  };
  // The first search takes up all.
  await store.listMessages({ limit: 1, query: ask('order') });
  const reader = openConnection(join(folder, 'mailscope.db'), { reader: true });
  const find = (text: string, mostRead: number): string[] => {
    const step = { query: ask(text), below: 1000, span: 1000, limit: 100, inbox: null, nowUs: nowUs() };
    return searchMessages(reader, step, mostRead).items.map(({ id }) => id);
  };
  for (let n = 0; n < 200; n += 1) {
    const some = Array.from({ length: 2 + random.below(4) }, () => random.pick(searches));
    const hasAny = (text: string): boolean => some.some(([, fits]) => fits(text));
    const terms = some.map(([term]) => term);
    const expected = [...texts].reverse();
    const having = expected.filter(([, text]) => hasAny(text)).map(([id]) => id);
    const without = expected.filter(([, text]) => !hasAny(text)).map(([id]) => id);
    for (const mostRead of [0, 10, 40]) {
      expect(find(terms.join(' OR '), mostRead), `${terms.join(' OR ')}, ${mostRead}`).toEqual(having);
      const negated = terms.map((term) => `-${term}`).join(' ');
      expect(find(negated, mostRead), `${negated}, ${mostRead}`).toEqual(without);
    }
  }
  reader.db.close();
  await store[Symbol.asyncDispose]();
});
