// What repeats itself in a body has pieces of its own in the index; they must not keep anything from being found.
import { expect, test } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import { gramMatch, stretchesOf } from '../../server/store/grams.ts';
import { foldText } from '../../shared/search/fold.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import { sampleDerived, save } from '../store/samples.ts';
import { createRandom } from './random.ts';

const piecesIn = (text: string): string[] => gramMatch(text)!.match.split(' AND ');

test('any piece of a body that is full of repetitions is found, and no piece that it has not', async () => {
  const store = await openStore({ data: ':memory:', onEvents: () => undefined, onNotice: () => undefined });
  const random = createRandom(7);
  const parts = ['ha', 'con', '=', '-', '😀', 'é', 'ab', '.', 'x😀'];
  const repeated = (): string => random.pick(parts).repeat(1 + random.below(9));
  const bodies = Array.from({ length: 6 }, () => Array.from({ length: 250 }, repeated).join(''));
  for (const text of bodies) {
    const { id } = await save(store, 'repeats');
    await store.saveDerived(id, sampleDerived({ subject: 'repeats', text }));
  }
  for (let n = 0; n < 300; n += 1) {
    const letters = Array.from(random.pick(bodies));
    const start = random.below(letters.length);
    const wanted = letters.slice(start, start + 3 + random.below(70)).join('');
    const parsed = parseSearch(`body:"${wanted}"`, 'messages');
    if (!parsed.ok) throw new Error(wanted);
    const { items } = await store.listMessages({ limit: 50, query: parsed.query! });
    const matching = bodies.filter((body) => foldText(body).includes(foldText(wanted)));
    expect(items.length, wanted).toBe(matching.length);
  }
  await store[Symbol.asyncDispose]();
});

test('a text that has all letters of a repetition, but apart, does not have its pieces', () => {
  const [apart = ''] = stretchesOf('that data, a state and its tata');
  const [repeated = ''] = stretchesOf('a tatata');
  const isIn = (text: string) => (piece: string) => text.includes(piece.slice(1, -1));
  expect(piecesIn('tatata').every(isIn(repeated))).toBe(true);
  expect(piecesIn('tatata').every(isIn(apart))).toBe(false);
  expect(piecesIn('tat ata').every(isIn(apart))).toBe(false);
});
