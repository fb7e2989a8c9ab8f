// What a full-text table is made of. Each commit that writes to it adds a segment, merging makes fewer of them, and
// at 2,000 it refuses every write with SQLITE_FULL: "database or disk is full".
import type { Connection } from '../sqlite/connection.ts';

export const messageTables = ['message_words', 'message_starts', 'message_grams'] as const;
export const fullTextTables = [...messageTables, 'session_words'] as const;
export type FullTextTable = (typeof fullTextTables)[number];

/** FTS5_MAX_SEGMENT. */
export const mostSegments = 2000;

export interface Segments {
  count: number;
  /** Each merge of all is written a level higher; past 2,000 FTS5 takes its own record for damaged. */
  levels: number;
  /** A merge was begun and is to be gone on with. */
  merging: boolean;
  /** Those that hold what was deleted, until they are merged; each by what no later one is like. */
  holding: string[];
  /** From which a merge reads that was begun. */
  inputs: SegmentPages[];
}

/** The pages of a segment that no merge has read yet. */
export interface SegmentPages {
  id: number;
  first: number;
  last: number;
}

/** Where FTS5 keeps the list of segments: FTS5_STRUCTURE_ROWID. */
const structureRow = 10;
/** A cookie of four bytes and the mark of version 2, which `contentless_delete` brings. */
const headerLength = 8;

/** Reads the list of segments as FTS5 last wrote it, so outside of what a statement has gathered since. */
export function readSegments({ sql }: Connection, table: FullTextTable): Segments {
  const block = sql<{ block: Buffer }>(`SELECT block FROM ${table}_data WHERE id = ?`).get(
    structureRow,
  )?.block;
  const segments: Segments = { count: 0, levels: 0, merging: false, holding: [], inputs: [] };
  if (block === undefined) return segments;
  let at = headerLength;
  // SQLite's varint; none of these needs its ninth byte.
  function next(): number {
    let value = 0;
    for (;;) {
      const byte = block?.[at++] ?? 0;
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
  }
  segments.levels = next();
  segments.count = next();
  next(); // The write counter.
  for (let level = 0; level < segments.levels && at < block.length; level += 1) {
    const merged = next();
    if (merged > 0) segments.merging = true;
    const count = next();
    for (let n = 0; n < count && at < block.length; n += 1) {
      const [id, first, last, from, to] = [next(), next(), next(), next(), next()];
      if (n < merged) segments.inputs.push({ id, first, last });
      // An id is given again, but not for the same commits.
      if (next() > 0) segments.holding.push([id, from, to].join());
      // Entries deleted, and entries.
      next();
      next();
    }
  }
  return segments;
}
