// An error in how the program was called or configured: what is wrong, why, and what to do about it.
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

/** How many letters are wrong, missing, too many or swapped with their neighbour. */
function distance(a: string, b: string): number {
  let above: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, replaced, isSwap ? above[j - 2]! + 1 : Infinity));
    }
    [above, row] = [row, next];
  }
  return row[b.length]!;
}

/** The known word that was perhaps meant; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 40) return undefined;
  const plain = (text: string): string => text.replace(/^-+/, '').toLowerCase();
  const ranked = known.map((other) => ({ other, far: distance(plain(word), plain(other)) }));
  const best = ranked.sort((a, b) => a.far - b.far)[0];
  return best && best.far <= Math.max(1, Math.floor(plain(word).length / 3)) ? best.other : undefined;
}
