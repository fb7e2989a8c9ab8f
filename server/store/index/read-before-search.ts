// Goes through the full-text tables before the first search, so that they are in what the machine keeps of its disk: a
// first search would otherwise wait for each page that it comes to.
import type { Connection } from '../sqlite/connection.ts';
import { messageTables } from './segments.ts';

/** Of 4 KB: some milliseconds even where each is read from the disk. */
const blocksAtOnce = 100;
/** A list may have to wait for a step, and so may the writer before it begins its log anew. */
export const stepMs = 15;
/** Some 256 MB. Of a larger table, more would drive out what else the machine keeps. */
const mostBlocks = 64_000;

export interface NextToRead {
  table: number;
  /** Blocks of the table that were read, and the id of the last. */
  blocks: number;
  after: number;
}

export const fromStart: NextToRead = { table: 0, blocks: 0, after: 0 };

/** A step; gives where the next one goes on, null at the end. */
export function readBeforeSearch(connection: Connection, from: NextToRead): NextToRead | null {
  const until = performance.now() + stepMs;
  let at: NextToRead | null = from;
  do at = readSome(connection, at);
  while (at !== null && performance.now() < until);
  return at;
}

function readSome({ sql }: Connection, { table, blocks, after }: NextToRead): NextToRead | null {
  const name = messageTables[table];
  if (name === undefined) return null;
  // A block is a row that fills its page: to pass over it reads it.
  const { count, last } = sql<{ count: number; last: number }>(
    `SELECT count(*) AS count, max(id) AS last
     FROM (SELECT id FROM ${name}_data WHERE id > ? ORDER BY id LIMIT ${String(blocksAtOnce)})`,
  ).get(after)!;
  return count < blocksAtOnce || blocks + count >= mostBlocks
    ? { ...fromStart, table: table + 1 }
    : { table, blocks: blocks + count, after: last };
}
