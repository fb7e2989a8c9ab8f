// Random input, guided by coverage. What a run is made of are its random decisions: those that led to code that had not
// run before are kept, varied, and put together with others.
import { createRandom, randomFrom, randomNumbers, type Random } from '../search/random.ts';
import type { Budget } from './budget.ts';
import { watchCoverage } from './coverage.ts';

/** The same run again, from what its failure told. */
export function replay(decisions: string): Random {
  const bytes = Buffer.from(decisions, 'base64');
  let at = 0;
  return randomFrom(() => (at < bytes.length ? bytes.readUInt32LE(at++ * 4) / 2 ** 32 : 0));
}

const told = (decisions: number[]): string => {
  const bytes = Buffer.alloc(decisions.length * 4);
  decisions.forEach((decision, at) => bytes.writeUInt32LE(decision * 2 ** 32, at * 4));
  return bytes.toString('base64');
};

/** Resolves with what to tell of it. */
export async function fuzzGuided(
  { seconds, firstSeed }: Budget,
  once: (random: Random) => unknown,
  files = /\/(server|shared)\/.*\.ts/,
): Promise<string> {
  await using coverage = await watchCoverage(files);
  const dice = createRandom(firstSeed);
  const kept: number[][] = [];
  const end = performance.now() + seconds * 1000;
  let runs = 0;
  do {
    const given = kept.length > 0 && dice.chance(0.8) ? vary(dice, dice.pick(kept), dice.pick(kept)) : [];
    const fresh = randomNumbers(firstSeed + runs);
    const decisions: number[] = [];
    const next = (): number => {
      const decision = given[decisions.length] ?? fresh();
      decisions.push(decision);
      return decision;
    };
    try {
      await once(randomFrom(next));
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      throw new Error(`${what}\nreplay('${told(decisions)}')`, { cause: error });
    }
    runs++;
    if (await coverage.grew()) kept.push(decisions);
    // Long synchronous work must not keep servers in this process from answering.
    if (runs % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  } while (performance.now() < end);
  return `${runs} runs from seed ${firstSeed}, ${kept.length} of them led to new code (${coverage.size} characters of it)`;
}

/** Decisions changed, left out, made twice, or taken over from another run. */
function vary(dice: Random, decisions: number[], other: number[]): number[] {
  const varied = [...decisions];
  const decide = (): number => dice.below(2 ** 32) / 2 ** 32;
  for (let n = dice.below(4); n >= 0; n--) {
    const at = dice.below(varied.length + 1);
    const length = dice.below(dice.pick([2, 8, 64]));
    switch (dice.below(5)) {
      case 0:
        varied.splice(at, length);
        break;
      case 1:
        varied.splice(at, 0, ...varied.slice(at, at + length));
        break;
      case 2: {
        const from = dice.below(other.length + 1);
        varied.splice(at, length, ...other.slice(from, from + length));
        break;
      }
      case 3:
        // Here the one ends and the other goes on.
        varied.splice(at, varied.length, ...other.slice(at));
        break;
      default:
        varied.splice(at, 1, decide());
    }
  }
  return varied;
}
