// An error in how the program was called or configured: what is wrong, why, and what to do about it.
import { wordDistance } from '../../shared/word-distance.ts';

export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly why: string;
  readonly hint: string;

  constructor(what: string, why: string, hint: string) {
    super(what);
    this.why = why;
    this.hint = hint;
  }
}

/** `harm`: what it would do, where that has to be said. */
export const emptyError = (name: string, needs: 'a value' | 'a path', harm = ''): UsageError =>
  new UsageError(
    `${name} is empty.`,
    `It was perhaps taken from a variable that is not set.${harm}`,
    `Give it ${needs}, or leave it out altogether.`,
  );

/** The known word that was perhaps meant; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 40) return undefined;
  const plain = (text: string): string => text.replace(/^-+/, '').toLowerCase();
  const ranked = known.map((other) => ({ other, far: wordDistance(plain(word), plain(other)) }));
  const best = ranked.sort((a, b) => a.far - b.far)[0];
  return best && best.far <= Math.max(1, Math.floor(plain(word).length / 3)) ? best.other : undefined;
}
