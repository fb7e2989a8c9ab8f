// What a part is told of bytes that are loaded on demand, and those of messages as lines.
import type { Session } from '../../../shared/session.ts';
import type { TranscriptLine } from '../../../shared/transcript.ts';
import { splitData, type DataLine } from './data-lines.ts';
import { dataFactsOf } from './line-notes.ts';

export interface Unfolding {
  state: 'loading' | 'there' | 'failed';
  bytes: Uint8Array;
  /** There is more than is shown. */
  isCut: boolean;
  problem: string | null;
}

/** Bytes are split once, however often rows are built from them. */
const split = new WeakMap<Uint8Array, DataLine[]>();

export function unfoldedLines(
  unfoldings: ReadonlyMap<number, Unfolding>,
  session: Session,
  lines: readonly TranscriptLine[],
): ReadonlyMap<number, readonly DataLine[]> {
  const found = new Map<number, readonly DataLine[]>();
  for (const [n, { state, bytes }] of unfoldings) {
    const line = lines[n]?.n === n ? lines[n] : lines.find((one) => one.n === n);
    if (state !== 'there' || line?.kind !== 'data') continue;
    const known =
      split.get(bytes) ?? splitData(bytes, dataFactsOf(session, line.transaction)?.command !== 'BDAT');
    split.set(bytes, known);
    found.set(n, known);
  }
  return found;
}
