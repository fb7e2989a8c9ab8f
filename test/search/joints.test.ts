// Where two words meet is in the index; that must not keep anything from being found.
import { expect, test } from 'vitest';
import { jointMatch, jointWords } from '../../server/store/index/joints.ts';
import { foldText, wordsOf } from '../../shared/search/fold.ts';
import { findPieces } from './body-pieces.ts';
import { createRandom } from './random.ts';

test('any piece of a body is found however its words meet, and no piece that it has not', async () => {
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
  const piece = (): string => {
    const letters = Array.from(random.pick(bodies));
    const start = random.below(letters.length);
    return letters.slice(start, start + 4 + random.below(30)).join('');
  };
  const pieces = Array.from({ length: 500 }, piece);
  const counts = await findPieces(bodies, pieces);
  const isTelling = (text: string, n: number): boolean =>
    counts[n]! < bodies.length && jointMatch(wordsOf(foldText(text))) !== null;
  expect(pieces.filter(isTelling).length).toBeGreaterThan(200);
});

test('words that do not stand one after the other have no joint', () => {
  const joints = jointWords(['hello anna, the order', 'to you'].map(wordsOf)).split(' ');
  expect(joints).toHaveLength(7);
  const isKnown = (text: string): boolean =>
    jointMatch(wordsOf(text))!
      .split(' AND ')
      .every((joint) => joints.includes(joint.slice(1, -1)));
  for (const text of ['hello an', 'hello. anna', 'jello anna', 'lo anna', 'na the or', 'to yo'])
    expect(isKnown(text), text).toBe(true);
  for (const text of ['hello the', 'order to', 'to yes', 'helo anna', 'hello anna order'])
    expect(isKnown(text), text).toBe(false);
  for (const text of ['hello', 'lo a', 'o an', '', '😀😀 an'])
    expect(jointMatch(wordsOf(text)), text).toBeNull();
});
