// Where two words of a body meet is in the index; that must not keep anything from being found.
import { expect, test } from 'vitest';
import { jointMatch, jointWords } from '../../server/store/joints.ts';
import { openStore } from '../../server/store/open.ts';
import { foldText } from '../../shared/search/fold.ts';
import { parseSearch } from '../../shared/search/parse-search.ts';
import { sampleDerived, save } from '../store/samples.ts';
import { createRandom } from './random.ts';

test('any piece of a body is found however its words meet, and no piece that it has not', async () => {
  const store = await openStore({ data: ':memory:', onEvents: () => undefined, onNotice: () => undefined });
  const random = createRandom(17);
  const words = [
    'hello',
    'the',
    'a',
    'ab',
    'É',
    'Straße',
    'пароль',
    '密码',
    '😀😀',
    '42',
    'x1',
    '-',
    'İstanbul',
    '¥',
  ];
  const between = [' ', ' ', ' ', ' ', '  ', '\n', ', ', '. ', '\t', '\u00a0', ''];
  const written = (): string => random.pick(words) + random.pick(between);
  const bodies = Array.from({ length: 8 }, () => Array.from({ length: 300 }, written).join(''));
  for (const text of bodies) {
    const { id } = await save(store, 'joints');
    await store.saveDerived(id, sampleDerived({ subject: 'joints', text, html: null }));
  }
  let some = 0;
  for (let n = 0; n < 500; n += 1) {
    const letters = Array.from(random.pick(bodies));
    const start = random.below(letters.length);
    const wanted = letters.slice(start, start + 4 + random.below(30)).join('');
    const parsed = parseSearch(`body:"${wanted}"`, 'messages');
    if (!parsed.ok) throw new Error(wanted);
    const { items } = await store.listMessages({ limit: 50, query: parsed.query! });
    const matching = bodies.filter((body) => foldText(body).includes(foldText(wanted)));
    expect(items.length, wanted).toBe(matching.length);
    if (matching.length < bodies.length && jointMatch(foldText(wanted)) !== null) some += 1;
  }
  expect(some).toBeGreaterThan(200);
  await store[Symbol.asyncDispose]();
});

test('words that do not stand one after the other have no joint', () => {
  const joints = jointWords('hello anna, the order').split(' ');
  expect(joints).toHaveLength(2);
  const isKnown = (text: string): boolean => joints.includes(jointMatch(text)!.slice(1, -1));
  expect(isKnown('hello an')).toBe(true);
  expect(isKnown('ello anna')).toBe(true);
  expect(isKnown('hello the')).toBe(false);
  for (const text of ['hello', 'lo a', 'o an', 'hello  an', 'lo, th', ''])
    expect(jointMatch(text)).toBeNull();
});
