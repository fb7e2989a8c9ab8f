// What a search has at hand of a stretch of the list.
import { addSeq, type Bits } from './bits.ts';
import type { Connection } from './connection.ts';
import { rowIsThere, type Columns, type Within } from './search-columns.ts';
import { costs, look, type Look } from './search-plan.ts';
import type { Corpus } from './search-blocks.ts';
import type { SeqWindow, Sql } from './search-sql.ts';

export interface Stretch {
  connection: Connection;
  columns: Columns;
  window: SeqWindow;
  nowUs: number;
  /** So many messages are read one by one; to ask the index would take as long. */
  mostRead: number;
  /** Those that are in the full-text tables, or those that are not yet. */
  finished: boolean;
}

export const mostRead = 5000;

/** All rows of the stretch that are finished, or not. */
export function allOf({ columns, finished }: Stretch, { unfinished }: Corpus, within: Within = null): Bits {
  const isFinished = (flags: number): boolean => (flags & unfinished) === 0;
  return columns.withNumber('flags', (flags) => rowIsThere(flags) && isFinished(flags) === finished, within);
}

/** The rows of a statement that gives their seqs. They come as one text: a row for each would take twice as long. */
export function bitsOf({ connection, columns }: Stretch, { text, values }: Sql): Bits {
  const { seqs } = connection
    .sql<{ seqs: string }>(`SELECT json_group_array(seq) AS seqs FROM (${text})`)
    .get(...values) as { seqs: string };
  const found = columns.none();
  for (const seq of JSON.parse(seqs) as number[]) addSeq(found, seq);
  return found;
}

export const inRows = (stretch: Stretch, cost: number, rows: Sql): Look =>
  look(cost, () => bitsOf(stretch, rows));

export const inText = ({ columns }: Stretch, column: string, folded: string): Look =>
  look(costs.text, (within) => columns.withText(column, folded, within));

export const inNumber = ({ columns }: Stretch, column: string, fits: (value: number) => boolean): Look =>
  look(costs.number, (within) => columns.withNumber(column, fits, within));

export const everything = (stretch: Stretch, corpus: Corpus): Look =>
  look(costs.number, (within) => within ?? allOf(stretch, corpus));

export const nothing = ({ columns }: Stretch): Look => look(costs.number, () => columns.none());
