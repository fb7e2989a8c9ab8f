// What repeats itself in a body has pieces of its own in the index; they must not keep anything from being found.
import { expect, test } from 'vitest';
import { gramMatch, stretchesOf } from '../../server/store/index/grams.ts';
import { findPieces } from './body-pieces.ts';
import { createRandom } from './random.ts';

const piecesIn = (text: string): string[] => gramMatch(text)!.match.split(' AND ');

test('any piece of a body that is full of repetitions is found, and no piece that it has not', async () => {
  const random = createRandom(7);
  const parts = ['ha', 'con', '=', '-', '😀', 'é', 'ab', '.', 'x😀'];
  const repeated = (): string => random.pick(parts).repeat(1 + random.below(9));
  const bodies = Array.from({ length: 6 }, () => Array.from({ length: 250 }, repeated).join(''));
  const piece = (): string => {
    const letters = Array.from(random.pick(bodies));
    const start = random.below(letters.length);
    return letters.slice(start, start + 3 + random.below(70)).join('');
  };
  await findPieces(bodies, Array.from({ length: 300 }, piece));
});

test('a text that has all letters of a repetition, but apart, does not have its pieces', () => {
  const [apart = ''] = stretchesOf('that data, a state and its tata');
  const [repeated = ''] = stretchesOf('a tatata');
  const isIn = (text: string) => (piece: string) => text.includes(piece.slice(1, -1));
  expect(piecesIn('tatata').every(isIn(repeated))).toBe(true);
  expect(piecesIn('tatata').every(isIn(apart))).toBe(false);
  expect(piecesIn('tat ata').every(isIn(apart))).toBe(false);
});
