// Random, and the same each time.
export interface Random {
  /** From 0 up to, but not including, n. */
  below(n: number): number;
  pick<T>(from: readonly T[]): T;
  chance(share: number): boolean;
}

/** Numbers from 0 up to, but not including, 1: Mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const createRandom = (seed: number): Random => randomFrom(randomNumbers(seed));

export function randomFrom(next: () => number): Random {
  const below = (n: number): number => Math.floor(next() * n);
  return { below, pick: (from) => from[below(from.length)]!, chance: (share) => next() < share };
}
