// Finds messages: a window of the list for a page, or all at once for a change.
import type { MessageSummary } from '../../shared/message.ts';
import type { Query } from '../../shared/search/query.ts';
import { compileMessages } from './compile-messages.ts';
import type { Connection } from './connection.ts';
import { summariesBySeq } from './read-messages.ts';
import { sql as condition, type SeqWindow, type Sql } from './search-sql.ts';
import type { Writing } from './writing.ts';

export interface SearchMessages {
  query: Query;
  below: number;
  /** How far back this step looks; null: to the beginning. */
  span: number | null;
  limit: number;
  inbox: string | null;
  nowUs: number;
}

const newestSeq = ({ db }: Connection): number =>
  (db.prepare('SELECT max(seq) FROM message_search').pluck().get() as number | null) ?? 0;

/** One `parsed` after the other: those that are not parsed yet are in no full-text table. */
function statement(
  query: Query,
  options: { window: SeqWindow; nowUs: number; which: string; parsed: boolean },
): Sql {
  const { window, parsed } = options;
  const { text, values } = compileMessages(query, options);
  const state = parsed ? 'IS NULL' : 'IS NOT NULL';
  return condition(
    `s.words ${state} AND s.seq >= ? AND s.seq < ? AND ${text}`,
    ...[window.low, window.high],
    ...values,
  );
}

/** A step of a search, newest first; `low` is where the next one goes on, 0 at the end. */
export function searchMessages(
  connection: Connection,
  { query, below, span, limit, inbox, nowUs }: SearchMessages,
): { items: MessageSummary[]; low: number } {
  const high = Math.min(below, newestSeq(connection) + 1);
  const window = { high, low: span === null ? 0 : Math.max(0, high - span) };
  const which = 'deleted_us IS NULL';
  const seqs = [true, false].flatMap((parsed) => {
    const { text, values } = statement(query, { window, nowUs, which, parsed });
    const inInbox = inbox === null ? '' : 'AND inbox = ?';
    // Not kept like other statements: each search has a text of its own.
    return connection.db
      .prepare(
        `SELECT s.seq FROM message_search s WHERE ${text}
           AND EXISTS (SELECT 1 FROM message_inbox i WHERE i.seq = s.seq AND ${which} ${inInbox})
         ORDER BY s.seq DESC LIMIT ?`,
      )
      .pluck()
      .all(...values, ...(inbox === null ? [] : [inbox]), limit) as number[];
  });
  const found = seqs.sort((a, b) => b - a).slice(0, limit);
  return { items: found.length === 0 ? [] : summariesBySeq(connection, found), low: window.low };
}

/** Adds those that match to temp.selection. `which` is the condition on their rows in message_inbox. */
export function selectMatching(writing: Writing, query: Query, which: string): number {
  const window = { low: 0, high: newestSeq(writing) + 1 };
  let count = 0;
  for (const parsed of [true, false]) {
    const { text, values } = statement(query, { window, nowUs: writing.atUs, which, parsed });
    count += writing.db
      .prepare(
        `INSERT INTO temp.selection SELECT s.seq FROM message_search s WHERE ${text}
           AND EXISTS (SELECT 1 FROM message_inbox i WHERE i.seq = s.seq AND ${which})`,
      )
      .run(...values).changes;
  }
  return count;
}
