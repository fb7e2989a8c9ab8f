// The columns of a stretch of the list, and what is found in them.
import { blockOf, isThere, rowsOfBlock, type Corpus } from '../index/search-blocks.ts';
import type { SeqWindow } from '../index/search-sql.ts';
import type { Connection } from '../sqlite/connection.ts';
import { addSeq, hasAny, noBits, type Bits } from './bits.ts';
import { openPieces } from './search-pieces.ts';

/** Where a search looks only at some rows, `within` has them: blocks without any are passed over. */
export type Within = Bits | null;

export interface Columns {
  /** None of this stretch. */
  none(): Bits;
  /** Some of the newest rows: what a look finds among them tells how much it finds. */
  some(): Bits;
  /** Rows with a text that has the value, or is it. */
  withText(column: string, value: string, within: Within, match?: 'part' | 'whole'): Bits;
  withNumber(column: string, fits: (value: number) => boolean, within: Within): Bits;
  /** For each row its number. */
  eachNumber(column: string, within: Within, take: (seq: number, value: number) => void): void;
}

/** Blocks that tell how much a look finds. */
const sampled = 8;

/** The stretch begins and ends with a block. */
export function openColumns(
  connection: Connection,
  corpus: Corpus,
  { low, high }: Pick<SeqWindow, 'low' | 'high'>,
): Columns {
  const first = blockOf(low);
  const last = blockOf(Math.max(low, high - 1));
  const none = (): Bits => noBits(first * rowsOfBlock, (last + 1) * rowsOfBlock);
  const pieces = openPieces(connection, corpus);

  function blocksWithin(within: Within): number[] {
    const blocks: number[] = [];
    for (let block = last; block >= first; block -= 1)
      if (within === null || hasAny(within, block * rowsOfBlock, (block + 1) * rowsOfBlock))
        blocks.push(block);
    return blocks;
  }

  function eachNumber(column: string, within: Within, take: (seq: number, value: number) => void): void {
    const blocks = blocksWithin(within);
    const known = pieces.numbers(column, blocks);
    for (const block of blocks) {
      const base = block * rowsOfBlock;
      const values = known.get(block)!;
      for (let n = 0; n < values.length; n += 1) take(base + n, values[n]!);
    }
  }

  return {
    none,
    some() {
      const found = none();
      found.words.fill(-1, Math.max(0, found.words.length - (sampled * rowsOfBlock) / 32));
      return found;
    },
    eachNumber,
    withText(column, value, within, match = 'part') {
      const found = none();
      const blocks = blocksWithin(within);
      const known = pieces.texts(column, blocks);
      for (const block of blocks) addHits(found, known.get(block)!, value, block * rowsOfBlock, match);
      return found;
    },
    withNumber(column, fits, within) {
      const found = none();
      eachNumber(column, within, (seq, value) => {
        if (fits(value)) addSeq(found, seq);
      });
      return found;
    },
  };
}

function addHits(found: Bits, text: string, needle: string, base: number, match: 'part' | 'whole'): void {
  let start = 0;
  for (let seq = base, at = text.indexOf(needle); at >= 0;) {
    let end = text.indexOf('\0', start);
    for (; end >= 0 && end < at; end = text.indexOf('\0', start)) {
      start = end + 1;
      seq += 1;
    }
    const length = (end < 0 ? text.length : end) - start;
    if (match === 'part' || length === needle.length) addSeq(found, seq);
    if (end < 0) return;
    start = end + 1;
    seq += 1;
    at = text.indexOf(needle, start);
  }
}

export const rowIsThere = (flags: number): boolean => (flags & isThere) !== 0;
