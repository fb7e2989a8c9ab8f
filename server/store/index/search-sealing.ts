// When columns are put together in pieces, and when pieces go.
import type Database from 'better-sqlite3';
import type { Writing } from '../sqlite/writing.ts';
import {
  blockOf,
  isKept,
  keepBlock,
  messageCorpus,
  removeBlock,
  rowsOfBlock,
  sessionCorpus,
  type Corpus,
} from './search-blocks.ts';

/** Blocks that may have no pieces: those from `next` on, and some that were looked at. */
interface Open {
  next: number;
  blocks: Set<number>;
}

/** Only saves looking: a block that is not among them is read from its rows. */
const opens = new WeakMap<Database.Database, Map<Corpus, Open>>();

function openOf({ db }: Writing, corpus: Corpus): Open {
  const byCorpus = opens.get(db) ?? new Map<Corpus, Open>();
  opens.set(db, byCorpus);
  const open = byCorpus.get(corpus) ?? { next: 0, blocks: new Set<number>() };
  byCorpus.set(corpus, open);
  return open;
}

/** To be called before rows change or go. */
export function dropBlocks(writing: Writing, corpus: Corpus, seqs: number[]): void {
  const open = openOf(writing, corpus);
  for (const block of new Set(seqs.map(blockOf))) {
    removeBlock(writing, corpus, block);
    if (block < open.next) open.blocks.add(block);
  }
}

/** Before the selected rows go. */
export function dropSelectedBlocks(writing: Writing, corpus: Corpus): void {
  const first = writing
    .sql<{ seq: number }>(`SELECT DISTINCT seq / ${rowsOfBlock} * ${rowsOfBlock} AS seq FROM temp.selection`)
    .all();
  dropBlocks(
    writing,
    corpus,
    first.map(({ seq }) => seq),
  );
}

/** Looked at in a step. */
const lookedAt = 200;

interface Ends {
  oldest: number | null;
  newest: number | null;
}

/**
 * Puts rows that are complete together, of at most so many blocks. Not the oldest: they go one after the other where
 * the number of messages is limited. Returns whether there may be more.
 */
export const sealStep = (writing: Writing, { blocks }: { blocks: number }): boolean =>
  [messageCorpus, sessionCorpus].map((corpus) => sealSome(writing, corpus, blocks)).includes(true);

function sealSome(writing: Writing, corpus: Corpus, most: number): boolean {
  const open = openOf(writing, corpus);
  const { rows } = corpus;
  const { oldest, newest } = writing
    .sql<Ends>(`SELECT (SELECT min(seq) FROM ${rows}) AS oldest, (SELECT max(seq) FROM ${rows}) AS newest`)
    .get() as unknown as Ends;
  if (oldest === null || newest === null) return false;
  open.next = Math.max(open.next, blockOf(oldest));
  const end = Math.min(blockOf(newest + 1), open.next + lookedAt);
  for (; open.next < end; open.next += 1) open.blocks.add(open.next);
  let kept = 0;
  // The newest first, which are searched first.
  for (const block of [...open.blocks].sort((a, b) => b - a).slice(0, lookedAt)) {
    // What a rollback took back is found to be open still by the step after.
    if (block <= blockOf(oldest) || isKept(writing, corpus, block)) open.blocks.delete(block);
    else if (isComplete(writing, corpus, block)) {
      keepBlock(writing, corpus, block);
      kept += 1;
      if (kept === most) break;
    }
  }
  return kept > 0 || open.next < blockOf(newest + 1);
}

/** All of its rows are taken up, and finished. */
function isComplete({ sql }: Writing, { rows, unfinished, unsearched }: Corpus, block: number): boolean {
  const range = 'seq >= ? AND seq < ?';
  const ends = [block * rowsOfBlock, (block + 1) * rowsOfBlock];
  return (
    sql(`SELECT 1 FROM ${rows} WHERE flags & ${String(unfinished)} <> 0 AND ${range}`).get(...ends) ===
      undefined && sql(`SELECT 1 FROM ${unsearched} AND ${range}`).get(...ends) === undefined
  );
}
