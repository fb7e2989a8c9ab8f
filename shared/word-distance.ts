// How near two words are, for "did you mean".

/** How many letters are wrong, missing, too many or swapped with their neighbour. */
export function wordDistance(a: string, b: string): number {
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
