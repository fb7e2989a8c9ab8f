// The columns of the search, each of 128 rows in one piece: what would be a look at every row of a wide table is one at
// a few pieces. A piece is made when its rows are complete, and goes as soon as one of them changes; rows without one
// are read as they lie.
import { randomInt } from 'node:crypto';
import type { Connection } from '../sqlite/connection.ts';
import type { Writing } from '../sqlite/writing.ts';

export const rowsOfBlock = 128;

export interface Corpus {
  rows: 'message_search' | 'session_search';
  blocks: 'message_block' | 'session_block';
  texts: readonly string[];
  numbers: readonly string[];
  /** Of rows that are not in the full-text tables yet; '' or null in the others. */
  words: 'words';
  /** The flag of those. */
  unfinished: number;
  /** Rows of what is still to be taken up. */
  unsearched: string;
}

export const messageCorpus: Corpus = {
  ...{ rows: 'message_search', blocks: 'message_block', words: 'words', unfinished: 64 },
  texts: [
    ...['sender', 'recipient', 'subject', 'rcpt', 'cc', 'bcc', 'user', 'filenames', 'attachments', 'tls'],
  ],
  numbers: ['flags', 'received_us', 'size', 'session_seq'],
  unsearched: 'message WHERE searched = 0',
};
export const sessionCorpus: Corpus = {
  ...{ rows: 'session_search', blocks: 'session_block', words: 'words', unfinished: 16 },
  texts: [
    ...['codes', 'client', 'mechanism', 'user', 'tls', 'listener', 'peer', 'sender', 'rcpt', 'outcome'],
  ],
  numbers: ['flags', 'opened_us'],
  unsearched: 'session WHERE searched = 0',
};

/** Bit of `flags` in a block: there is a row. */
export const isThere = 1 << 20;

export const blockOf = (seq: number): number => Math.floor(seq / rowsOfBlock);

/** Stands behind the columns: a number that tells a block from what it was before its rows changed. */
const made = 'made';
const mostMade = 2 ** 47;

/** The blocks from `first` to `last`. */
export interface BlockRange {
  first: number;
  last: number;
}

const columnsOf = ({ texts, numbers }: Corpus): string[] => [...texts, ...numbers, made];

/** Where the piece of a column is kept. */
const columnStep = 2 ** 40;
const idOf = (corpus: Corpus, column: string, block: number): bigint =>
  BigInt(columnsOf(corpus).indexOf(column)) * BigInt(columnStep) + BigInt(block);

function* readRows<T>(
  { sql }: Connection,
  { rows }: Corpus,
  column: string,
  block: number,
): Generator<[number, T]> {
  const found = sql(`SELECT seq, ${column} FROM ${rows} WHERE seq >= ? AND seq < ?`)
    .raw()
    .all(block * rowsOfBlock, (block + 1) * rowsOfBlock) as unknown as [number, T][];
  for (const [seq, value] of found) yield [seq % rowsOfBlock, value];
}

/** The texts of a block with NUL between: there is none in a folded text. */
export function readTexts(connection: Connection, corpus: Corpus, column: string, block: number): string {
  const values = new Array<string>(rowsOfBlock).fill('');
  for (const [n, value] of readRows<string | null>(connection, corpus, column, block))
    values[n] = value ?? '';
  return values.join('\0');
}

export function readNumbers(
  connection: Connection,
  corpus: Corpus,
  column: string,
  block: number,
): Float64Array {
  const values = new Float64Array(rowsOfBlock);
  const more = column === 'flags' ? isThere : 0;
  for (const [n, value] of readRows<number>(connection, corpus, column, block)) values[n] = value + more;
  return values;
}

const numbersOf = (bytes: Buffer): Float64Array => new Float64Array(new Uint8Array(bytes).buffer);

/** The pieces of a column that are kept. */
function keptPieces<T>(
  { sql }: Connection,
  corpus: Corpus,
  column: string,
  { first, last }: BlockRange,
): [number, T][] {
  const pieces = sql(`SELECT id - ? AS block, data FROM ${corpus.blocks} WHERE id >= ? AND id <= ?`)
    .raw()
    .all(idOf(corpus, column, 0), idOf(corpus, column, first), idOf(corpus, column, last));
  return pieces as unknown as [number, T][];
}

type Kept<T> = (...from: Parameters<typeof keptPieces>) => [number, T][];
export const keptTexts: Kept<string> = (...from) => keptPieces<string>(...from);
export const keptNumbers: Kept<Float64Array> = (...from) =>
  keptPieces<Buffer>(...from).map(([block, bytes]) => [block, numbersOf(bytes)]);

/** A block that was made by an earlier version has none. */
export const keptMade = (connection: Connection, corpus: Corpus, range: BlockRange): [number, number][] =>
  keptPieces<number>(connection, corpus, made, range);

export const isKept = ({ sql }: Connection, corpus: Corpus, block: number): boolean =>
  sql(`SELECT 1 FROM ${corpus.blocks} WHERE id = ?`).get(idOf(corpus, 'flags', block)) !== undefined;

export function keepBlock(writing: Writing, corpus: Corpus, block: number): void {
  const insert = writing.sql(`INSERT OR REPLACE INTO ${corpus.blocks} (id, data) VALUES (?, ?)`);
  for (const column of corpus.texts)
    insert.run(idOf(corpus, column, block), readTexts(writing, corpus, column, block));
  for (const column of corpus.numbers) {
    const { buffer } = readNumbers(writing, corpus, column, block);
    insert.run(idOf(corpus, column, block), Buffer.from(buffer));
  }
  insert.run(idOf(corpus, made, block), randomInt(mostMade));
}

export function removeBlock(writing: Writing, corpus: Corpus, block: number): void {
  if (!isKept(writing, corpus, block)) return;
  const remove = writing.sql(`DELETE FROM ${corpus.blocks} WHERE id = ?`);
  for (const column of columnsOf(corpus)) remove.run(idOf(corpus, column, block));
}
