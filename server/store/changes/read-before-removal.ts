// Reads the rows that a step is about to remove, on a thread for which no mail waits: where the machine does not keep all
// of a large store, the writer would wait for the disk at each of their pages.
import type Database from 'better-sqlite3';
import { stepMs } from '../index/read-before-search.ts';
import { listedRows } from '../records/in-inbox.ts';
import type { Connection } from '../sqlite/connection.ts';
import { ofMessage } from '../sqlite/event-tables.ts';

/** Those that come next: the oldest, or those that were deleted before the given time. */
export interface NextToGo {
  of: 'messages' | 'sessions';
  deletedBeforeUs: number | null;
  /** Of these so many were read before. */
  offset: number;
  limit: number;
}

/** The time is looked at after so many. */
const rowsAtOnce = 8;

const oldest = {
  messages: `SELECT DISTINCT seq FROM ${listedRows} WHERE deleted_us IS NULL ORDER BY seq`,
  sessions: 'SELECT seq FROM session WHERE closed_us IS NOT NULL ORDER BY seq',
};
const deleted = {
  messages:
    'SELECT DISTINCT seq FROM message_inbox INDEXED BY message_inbox_deleted WHERE deleted_us < @deletedBeforeUs',
  sessions: 'SELECT seq FROM session_deleted WHERE deleted_us < @deletedBeforeUs',
};

/** Whole rows: what lies on pages of its own is read with them. */
const rows = {
  messages: [
    ...['message', 'body', 'message_detail', 'message_text', 'message_search', 'header'].map(
      (table) => `SELECT * FROM ${table} WHERE seq IN`,
    ),
    ...['message_words', 'message_starts'].map((table) => `SELECT * FROM ${table}_docsize WHERE id IN`),
    `SELECT * FROM event INDEXED BY ${ofMessage.index} WHERE ${ofMessage.types} AND ${ofMessage.key} IN`,
  ],
  sessions: [
    ...['session', 'session_deleted', 'session_search'].map((table) => `SELECT * FROM ${table} WHERE seq IN`),
    ...['transcript', 'smtp_transaction', 'session_blob'].map(
      (table) => `SELECT * FROM ${table} WHERE session IN`,
    ),
  ],
};

/** The newest of those that were read as the oldest, which is asked for again and again. */
const read = new WeakMap<Database.Database, Record<NextToGo['of'], number>>();

/** A step. How many it found and read; none: there are no more. */
export function readBeforeRemoval({ db, sql }: Connection, next: NextToGo): number {
  const { of, deletedBeforeUs, offset, limit } = next;
  const which = (deletedBeforeUs === null ? oldest : deleted)[of];
  const seqs = sql<{ seq: number }>(`${which} LIMIT @limit OFFSET @offset`)
    .all({ deletedBeforeUs, limit, offset })
    .map(({ seq }) => seq);
  const upTo = read.get(db) ?? { messages: 0, sessions: 0 };
  read.set(db, upTo);
  const until = performance.now() + stepMs;
  let count = 0;
  while (count < seqs.length && performance.now() < until) {
    const some = seqs.slice(count, count + rowsAtOnce);
    count += some.length;
    const unread = deletedBeforeUs === null ? some.filter((seq) => seq > upTo[of]) : some;
    if (unread.length === 0) continue;
    if (deletedBeforeUs === null) upTo[of] = unread.at(-1)!;
    const selected = JSON.stringify(unread);
    // One by one: what a long session said is not to be in memory all at once.
    for (const row of rows[of])
      for (const _ of sql(`${row} (SELECT value FROM json_each(?))`).iterate(selected))
        if (performance.now() > until) break;
  }
  return count;
}
