// The search index is brought up to date in steps between the commits of arriving mail, and merged in small ones:
// left to themselves the full-text tables would merge for seconds at a time.
import type { Connection } from './connection.ts';
import { indexMessages } from './index-message.ts';
import { indexSessions } from './index-session.ts';
import type { Writing } from './writing.ts';

/** How many of each at most. */
export interface IndexStep {
  parsed: number;
  /** Not parsed yet, or still running: of interest only while somebody is searching. */
  pending: number;
  sessions: number;
}

/** Takes up the newest that are not. Returns how many it took. */
export function indexStep(writing: Writing, { parsed, pending, sessions }: IndexStep): number {
  const { sql } = writing;
  const some = sql<{ seq: number }>(
    'SELECT seq FROM message WHERE searched = 0 AND parse = ? ORDER BY seq DESC LIMIT ?',
  );
  const messages = [
    ...some.all('parsed', parsed),
    ...some.all('failed', parsed),
    ...some.all('pending', pending),
  ];
  const due = sql<{ seq: number }>(
    `SELECT seq FROM session WHERE searched = 0 ${pending > 0 ? '' : 'AND closed_us IS NOT NULL'}
     ORDER BY seq DESC LIMIT ?`,
  ).all(sessions);
  indexSessions(
    writing,
    due.map(({ seq }) => seq),
  );
  indexMessages(
    writing,
    messages.map(({ seq }) => seq),
  );
  return messages.length + due.length;
}

/** How many are not taken up yet. */
export const countUnsearched = ({ sql }: Connection, _input: null): { messages: number; sessions: number } =>
  sql<{ messages: number; sessions: number }>(
    `SELECT (SELECT count(*) FROM message WHERE searched = 0) AS messages,
       (SELECT count(*) FROM session WHERE searched = 0) AS sessions`,
  ).get() ?? { messages: 0, sessions: 0 };

const tables = ['message_words', 'message_starts', 'message_grams', 'session_words'] as const;
/** Those that hold words and not pieces of them. */
const wordTables = ['message_words', 'session_words'] as const;

/** Whether the command wrote anything but its own bookkeeping (SQLite's documentation gives this test). */
function merge({ sql }: Writing, table: (typeof tables)[number], pages: number): boolean {
  const total = () => sql<{ n: number }>('SELECT total_changes() AS n').get()?.n ?? 0;
  const before = total();
  sql(`INSERT INTO ${table} (${table}, rank) VALUES ('merge', ?)`).run(pages);
  return total() - before >= 2;
}

/** One step of merging, of some milliseconds; true when there was something to do. */
export const mergeStep = (writing: Writing, { pages }: { pages: number }): boolean =>
  tables.map((table) => merge(writing, table, pages)).includes(true);

/**
 * After a purge the words of the purged messages are still in the full-text table. Merging all of it drops them; in
 * steps. True when more is to be done. (Pieces of three letters give nothing away.)
 */
export function dropPurgedStep(writing: Writing, { pages }: { pages: number }): boolean {
  const { counters, db } = writing;
  if (counters.unmerged === 0) return false;
  db.pragma('secure_delete = ON');
  try {
    // A negative number begins to merge all segments; it goes on with what is under way.
    if (!wordTables.map((table) => merge(writing, table, -pages)).includes(true)) {
      counters.unmerged = 0;
      writing.emptyLog = true;
    }
    return counters.unmerged > 0;
  } finally {
    db.pragma('secure_delete = FAST');
  }
}
