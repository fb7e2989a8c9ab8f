// Reads the rows that a step is about to mark as read, deleted and the like; see read-before-removal.ts.
import { stepMs } from '../index/read-before-search.ts';
import { listedRows } from '../records/in-inbox.ts';
import type { Connection } from '../sqlite/connection.ts';

/** The rows above `after`. */
export interface NextToMark {
  after: number;
  limit: number;
}

/** The time is looked at after so many. */
const rowsAtOnce = 100;

/** What a mark is written to, and what is summed up of the marked. */
const rows = [
  'SELECT count(*) FROM message_inbox INDEXED BY message_inbox_unread WHERE read = 0 AND',
  'SELECT count(*) FROM message_inbox INDEXED BY message_inbox_read WHERE read = 1 AND',
  `SELECT count(*) FROM ${listedRows} WHERE deleted_us IS NULL AND`,
  "SELECT count(*) FROM message_inbox INDEXED BY message_inbox_inbox WHERE inbox = 'default' AND",
  'SELECT sum(size) FROM message WHERE',
].map((row) => `${row} seq > @after AND seq <= @last`);

/** A step. The rows that it read, and where the next one goes on. */
export function readBeforeMarking(
  { sql }: Connection,
  { after, limit }: NextToMark,
): { count: number; last: number } {
  const until = performance.now() + stepMs;
  const next = sql<{ count: number; last: number | null }>(
    `SELECT count(*) AS count, max(seq) AS last
     FROM (SELECT seq FROM message_inbox WHERE seq > ? ORDER BY seq LIMIT ?)`,
  );
  const done = { count: 0, last: after };
  while (done.count < limit && performance.now() < until) {
    const from = done.last;
    const { count, last } = next.get(from, Math.min(rowsAtOnce, limit - done.count))!;
    if (last === null) break;
    for (const row of rows) sql(row).get({ after: from, last });
    done.count += count;
    done.last = last;
  }
  return done;
}
