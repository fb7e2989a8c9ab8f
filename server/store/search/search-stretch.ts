// What a search has at hand of a stretch of the list.
import { foldText } from '../../../shared/search/fold.ts';
import type { Corpus } from '../index/search-blocks.ts';
import type { SeqWindow, Sql } from '../index/search-sql.ts';
import type { Connection } from '../sqlite/connection.ts';
import { addSeq, both, countOf, isEmpty, type Bits } from './bits.ts';
import { rowIsThere, type Columns, type Within } from './search-columns.ts';
import { carryOut, costs, look, type Look, type Plan } from './search-plan.ts';
import type { MatchStart } from './word-starts.ts';
import { rowsOfTable, type WordTable } from './words-match.ts';

export interface Stretch {
  connection: Connection;
  columns: Columns;
  window: SeqWindow;
  nowUs: number;
  startOf: MatchStart;
  /** So many messages are read one by one; to ask the index would take as long. */
  mostRead: number;
  /** Those that are in the full-text tables, or those that are not yet. */
  finished: boolean;
}

export const mostRead = 5000;

/** A search asks for all of them more than once. */
const everyRow = new WeakMap<Columns, Map<boolean, Bits>>();

/** All rows of the stretch that are finished, or not: at least those within. */
export function allOf({ columns, finished }: Stretch, { unfinished }: Corpus, within: Within = null): Bits {
  const known = everyRow.get(columns) ?? new Map<boolean, Bits>();
  const all = known.get(finished);
  if (all !== undefined) return all;
  const isFinished = (flags: number): boolean => (flags & unfinished) === 0;
  const fits = (flags: number): boolean => rowIsThere(flags) && isFinished(flags) === finished;
  const found = columns.withNumber('flags', fits, within);
  if (within === null) everyRow.set(columns, known.set(finished, found));
  return found;
}

const zero = '0'.charCodeAt(0);

/**
 * The rows of the stretch among those of a statement that gives their seqs. They come as one text, a list of JSON, and
 * its digits are read as they lie: a row for each would take more than twice as long, to parse the list a third more.
 */
export function bitsOf({ connection, columns }: Stretch, { text, values }: Sql): Bits {
  const found = columns.none();
  const list = connection
    .sql<Buffer>(`SELECT CAST(json_group_array(seq) AS BLOB) FROM (${text})`)
    .pluck()
    .get(...values)!;
  const end = list.length - 1;
  if (end === 1) return found;
  let seq = 0;
  for (let at = 1; at < end; at += 1) {
    const byte = list[at]!;
    if (byte >= zero) seq = seq * 10 + byte - zero;
    else {
      addSeq(found, seq);
      seq = 0;
    }
  }
  addSeq(found, seq);
  return found;
}

const rowsLooked = 1024;

/** Of how many messages the words are, of some at the end that is nearer to that of the list: the way there is short. */
export function shareAtEnd(stretch: Stretch, match: string, table: WordTable = 'message_words'): number {
  const { low, high, isNewer } = stretch.window;
  const ends = isNewer
    ? { low: Math.max(low, high - rowsLooked), high }
    : { low, high: Math.min(high, low + rowsLooked) };
  const some = { ...ends, isNewer, isFarFromOldest: isNewer, isLowOpen: false, isHighOpen: false };
  return countOf(bitsOf(stretch, rowsOfTable(table, match, some))) / (some.high - some.low);
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

/** The value as it is folded, anywhere in the column; an empty one is in all of them. */
export function inColumn(stretch: Stretch, corpus: Corpus, column: string, value: string): Look {
  const folded = foldText(value);
  return folded === '' ? everything(stretch, corpus) : inText(stretch, column, folded);
}

export const hasFlag = (stretch: Stretch, bit: number): Look =>
  inNumber(stretch, 'flags', (flags) => (flags & bit) !== 0);

/** The rows of the stretch for which the plan holds: of those within, or of all. */
export function carryOutOn(stretch: Stretch, corpus: Corpus, plan: Plan, within: Within): Bits {
  const found = carryOut(plan, within, {
    all: () => allOf(stretch, corpus),
    some: () => stretch.columns.some(),
  });
  return isEmpty(found) ? found : both(found, allOf(stretch, corpus, found));
}
