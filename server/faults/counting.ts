// Of the moments that match a rule, which it takes: by `times`, counted apart for each key.
import type { FaultTimes } from '../../shared/fault.ts';

/** Further keys take the place of those that were longest not seen. */
const maxKeys = 10_000;

interface Counts {
  seen: number;
  drawn: number;
  taken: number;
}

export class Counting {
  readonly #times: FaultTimes;
  readonly #counts = new Map<string, Counts>();

  constructor(times: FaultTimes) {
    this.#times = times;
  }

  /** A moment has come: whether it is one that the rule takes. */
  take(key: string): boolean {
    const { skip, every, chance, count, seed } = this.#times;
    const counts = this.#of(key);
    if (count !== null && counts.taken >= count) return false;
    counts.seen++;
    if (counts.seen <= skip || (counts.seen - skip) % every !== 0) return false;
    if (chance < 100 && draw(seed, key, counts.drawn++) * 100 >= chance) return false;
    counts.taken++;
    return true;
  }

  /** A moment that was taken came to nothing. */
  giveBack(key: string): void {
    const counts = this.#counts.get(key);
    if (counts) counts.taken--;
  }

  #of(key: string): Counts {
    const counts = this.#counts.get(key) ?? { seen: 0, drawn: 0, taken: 0 };
    // Set anew, so that the first of the map is the one that was longest not seen.
    if (!this.#counts.delete(key) && this.#counts.size >= maxKeys)
      this.#counts.delete(this.#counts.keys().next().value!);
    this.#counts.set(key, counts);
    return counts;
  }
}

/** From 0 to 1, the same for the same seed, key and number: by FNV-1a and the last steps of MurmurHash3. */
function draw(seed: number, key: string, number: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ number, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
