// Runs of random input, bounded in time. What fails is told with its seed, which makes the same input again.
import { createRandom, type Random } from '../search/random.ts';

export interface Budget {
  seconds: number;
  /** Of the first run; the next ones count on from it. */
  firstSeed: number;
}

export async function fuzz(
  { seconds, firstSeed }: Budget,
  once: (random: Random) => unknown,
): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let seed = firstSeed;
  do {
    try {
      await once(createRandom(seed));
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
    seed++;
    // Long synchronous work must not keep servers in this process from answering.
    if ((seed - firstSeed) % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  } while (performance.now() < end);
  return seed - firstSeed;
}

export const randomBytes = (random: Random, longest: number): Buffer =>
  Buffer.from(Array.from({ length: random.below(longest + 1) }, () => random.below(256)));

/** Bytes changed, left out, said twice, or put in from elsewhere. */
export function mutate(random: Random, bytes: Buffer, other: Buffer): Buffer {
  let text = bytes.toString('latin1');
  for (let n = random.below(6); n >= 0; n--) {
    const at = random.below(text.length + 1);
    const end = Math.min(text.length, at + random.below(random.pick([3, 40, 400])));
    const from = random.below(other.length + 1);
    const piece = random.pick([
      String.fromCharCode(random.below(256)),
      random.pick([
        '\r\n',
        '\n',
        '\r',
        '\r\n\r\n',
        '--',
        '=?',
        '?=',
        '"',
        '(',
        ';',
        ':',
        '=',
        '\0',
        '\x1b$B',
        '.',
      ]),
      other.toString('latin1', from, from + random.below(200)),
      text.slice(at, end).repeat(2),
      '',
    ]);
    text = text.slice(0, at) + piece + text.slice(random.chance(0.5) ? at : end);
  }
  return Buffer.from(text.slice(0, 200_000), 'latin1');
}
