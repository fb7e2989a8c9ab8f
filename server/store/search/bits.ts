// A set of seqs in a stretch of the list: a bit for each.

export interface Bits {
  /** The seq of the first bit. */
  readonly low: number;
  readonly words: Uint32Array;
}

const wordBits = 32;

export const noBits = (low: number, high: number): Bits => ({
  low,
  words: new Uint32Array(Math.ceil((high - low) / wordBits)),
});

export function addSeq({ low, words }: Bits, seq: number): void {
  const at = seq - low;
  if (at >= 0 && at < words.length * wordBits) words[at >>> 5]! |= 1 << (at & 31);
}

export function hasSeq({ low, words }: Bits, seq: number): boolean {
  const at = seq - low;
  return at >= 0 && at < words.length * wordBits && ((words[at >>> 5]! >>> (at & 31)) & 1) === 1;
}

const combined = (a: Bits, b: Bits, of: (a: number, b: number) => number): Bits => ({
  low: a.low,
  words: a.words.map((word, at) => of(word, b.words[at]!)),
});

export const both = (a: Bits, b: Bits): Bits => combined(a, b, (x, y) => x & y);
export const either = (a: Bits, b: Bits): Bits => combined(a, b, (x, y) => x | y);
export const without = (a: Bits, b: Bits): Bits => combined(a, b, (x, y) => x & ~y);

export const isEmpty = ({ words }: Bits): boolean => words.every((word) => word === 0);

/** Whether there are any from `from` on and below `to`, both at the edge of a word. */
export function hasAny({ low, words }: Bits, from: number, to: number): boolean {
  for (let at = (from - low) >>> 5; at < (to - low) >>> 5; at += 1) if (words[at] !== 0) return true;
  return false;
}

export function countOf({ words }: Bits): number {
  let count = 0;
  for (let word of words) for (; word !== 0; word &= word - 1) count += 1;
  return count;
}

/** The highest first. */
export function seqsOf({ low, words }: Bits): number[] {
  const seqs: number[] = [];
  for (let at = words.length - 1; at >= 0; at -= 1) {
    let word = words[at]!;
    while (word !== 0) {
      const bit = 31 - Math.clz32(word);
      seqs.push(low + at * wordBits + bit);
      word ^= 1 << bit;
    }
  }
  return seqs;
}
