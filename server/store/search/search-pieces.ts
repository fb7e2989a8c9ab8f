// The pieces of a stretch's columns, read when they are first asked for: as they were kept, lately or in the table, or
// else from the rows.
import {
  keptNumbers,
  keptTexts,
  keptMade,
  readNumbers,
  readTexts,
  type BlockRange,
  type Corpus,
} from '../index/search-blocks.ts';
import type { Connection } from '../sqlite/connection.ts';
import { recentPieces } from './recent-pieces.ts';

/** By their block; there may be others among them. */
export interface Pieces {
  texts(column: string, blocks: number[]): Map<number, string>;
  numbers(column: string, blocks: number[]): Map<number, Float64Array>;
}

/** How the pieces of a kind are read. */
interface Reading<T> {
  known: Map<string, Map<number, T>>;
  kept(column: string, range: BlockRange): [number, T][];
  fromRows(column: string, block: number): T;
}

/** To read one by its number takes as long as so many in a row. */
const inARow = 4;

/** What is to be read for the blocks, which come newest first. */
function rangesOf(blocks: number[]): BlockRange[] {
  const [last, first] = [blocks[0], blocks.at(-1)];
  if (last === undefined || first === undefined) return [];
  if (blocks.length * inARow < last - first) return blocks.map((block) => ({ first: block, last: block }));
  return [{ first, last }];
}

export function openPieces(connection: Connection, corpus: Corpus): Pieces {
  const recent = recentPieces(connection);
  const made = new Map<number, number>();

  function learnMade(blocks: number[]): void {
    for (const range of rangesOf(blocks.filter((block) => !made.has(block))))
      for (const [block, number] of keptMade(connection, corpus, range)) made.set(block, number);
  }

  const texts: Reading<string> = {
    known: new Map(),
    kept: (column, range) => (column === corpus.words ? [] : keptTexts(connection, corpus, column, range)),
    fromRows: (column, block) => readTexts(connection, corpus, column, block),
  };
  const numbers: Reading<Float64Array> = {
    known: new Map(),
    kept: (column, range) => keptNumbers(connection, corpus, column, range),
    fromRows: (column, block) => readNumbers(connection, corpus, column, block),
  };

  function piecesOf<T extends string | Float64Array>(
    { known, kept, fromRows }: Reading<T>,
    column: string,
    blocks: number[],
  ): Map<number, T> {
    const pieces = known.get(column) ?? new Map<number, T>();
    known.set(column, pieces);
    const wanted = blocks.filter((block) => !pieces.has(block));
    if (wanted.length === 0) return pieces;
    learnMade(wanted);
    const name = `${corpus.blocks}.${column}`;
    recent.use(name);
    const missing: number[] = [];
    for (const block of wanted) {
      const piece = recent.get(name, block, made.get(block));
      if (piece === undefined) missing.push(block);
      else pieces.set(block, piece as T);
    }
    for (const range of rangesOf(missing))
      for (const [block, piece] of kept(column, range)) {
        pieces.set(block, piece);
        recent.keep(name, block, made.get(block), piece);
      }
    for (const block of missing) if (!pieces.has(block)) pieces.set(block, fromRows(column, block));
    return pieces;
  }

  return {
    texts: (column, blocks) => piecesOf(texts, column, blocks),
    numbers: (column, blocks) => piecesOf(numbers, column, blocks),
  };
}
