// Reads what a merge is about to read, on a thread for which no mail waits: where the machine does not keep all of a large
// store, the writer would wait for the disk at each page, and a list of a million entries is merged in one go.
import type Database from 'better-sqlite3';
import type { Connection } from '../sqlite/connection.ts';
import { stepMs } from './read-before-search.ts';
import { fullTextTables, readSegments, type FullTextTable, type SegmentPages } from './segments.ts';

/** Of each segment: the longest lists have some hundred. */
const pagesAhead = 400;
/** The time is looked at after so many. */
const pagesAtOnce = 50;
/** In the id of a block its page stands behind the id of its segment: FTS5_DATA_PAGE_B and those of the height. */
const pageBits = 2 ** 37;
/** So many segments there are not at once. */
const mostKnown = 4000;

/** Up to which page a segment was read. */
const known = new WeakMap<Database.Database, Map<string, number>>();

function knownOf({ db }: Connection): Map<string, number> {
  const pages = known.get(db) ?? new Map<string, number>();
  if (pages.size > mostKnown) pages.clear();
  known.set(db, pages);
  return pages;
}

/** A step. How many blocks it read; none: all that comes next is read. */
export function readBeforeMerge(connection: Connection, _input: null): number {
  const pages = knownOf(connection);
  const until = performance.now() + stepMs;
  let blocks = 0;
  for (const table of fullTextTables)
    for (const { id, first, last } of readSegments(connection, table).inputs) {
      const key = `${table} ${String(id)} ${String(last)}`;
      const end = Math.min(last, first + pagesAhead);
      for (let from = Math.max(first, (pages.get(key) ?? 0) + 1); from <= end; from += pagesAtOnce) {
        const to = Math.min(end, from + pagesAtOnce - 1);
        blocks += readBlocks(connection, table, { id, first: from, last: to });
        pages.set(key, to);
        if (performance.now() > until) return blocks;
      }
    }
  return blocks;
}

/** A block is a row that fills its page: to pass over it reads it. */
const readBlocks = ({ sql }: Connection, table: FullTextTable, { id, first, last }: SegmentPages): number =>
  sql<{ count: number }>(
    `SELECT count(*) AS count FROM (SELECT id FROM ${table}_data WHERE id BETWEEN ? AND ?)`,
  ).get(id * pageBits + first, id * pageBits + last)?.count ?? 0;
