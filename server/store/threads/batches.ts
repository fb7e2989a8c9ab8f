// What the writer is given to commit next. What has come meanwhile goes together, of what was parsed only some; a step of
// a long change goes alone and in turn with that, so that mail waits for one step at most, and never in the same commit.
import type { Writes } from '../operations.ts';
import type { Request } from './protocol.ts';

/** A commit takes in what has come meanwhile, up to so much. */
const largest = { requests: 256, bytes: 16 * 1024 * 1024 };
/** Parsed after a pause, hundreds come at once, each of which takes longer than a mail. */
const mostParsed = 32;

export interface Gathered {
  request: Request;
  transfer: ArrayBuffer[];
}

/** What is not to be kept goes by these. */
export const removingSteps = [
  'purgeStep',
  'purgeSessionsStep',
  'pruneStep',
  'pruneInboxStep',
  'dropIndexStep',
  'dropPurgedStep',
  'shrinkStep',
] satisfies (keyof Writes)[];

const steps = new Set<string>([
  ...removingSteps,
  ...(['indexStep', 'indexPass', 'makeRoom', 'mergeStep', 'sealStep'] satisfies (keyof Writes)[]),
]);

/** What changes all, or all that match, goes in steps, too. */
const isOfMany = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && 'which' in input && !('ids' in (input.which as object));

export interface Batches {
  add(gathered: Gathered): void;
  /** Empty: nothing waits. `close` comes when nothing else does. */
  next(): Gathered[];
}

export function createBatches(): Batches {
  const quick: Gathered[] = [];
  const parsed: Gathered[] = [];
  const long: Gathered[] = [];
  let wasLong = false;

  function takeQuick(): Gathered[] {
    let bytes = 0;
    let count = 0;
    while (count < quick.length && count < largest.requests && bytes < largest.bytes)
      bytes += sizeOf(quick[count++]!);
    return [...quick.splice(0, count), ...parsed.splice(0, mostParsed)];
  }

  return {
    add(gathered) {
      const { name, input } = gathered.request;
      const isLong = name === 'close' || steps.has(name) || isOfMany(input);
      (isLong ? long : name === 'saveDerived' ? parsed : quick).push(gathered);
    },
    next() {
      const isLast = long[0]?.request.name === 'close';
      const isQuick = quick.length + parsed.length > 0;
      wasLong = long.length > 0 && (!isQuick || (!wasLong && !isLast));
      return wasLong ? long.splice(0, 1) : takeQuick();
    },
  };
}

const sizeOf = ({ transfer }: Gathered): number =>
  transfer.reduce((sum, { byteLength }) => sum + byteLength, 0);
