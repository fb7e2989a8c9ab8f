// The words of a full-text table that begin with what was typed. FTS5 gathers all rows of all of them before it looks
// at which rows are asked for, most of the table for a common word; of words as they are it reads no more than it is
// asked for.
import type Database from 'better-sqlite3';
import { quoted } from '../index/search-sql.ts';
import type { Connection } from '../sqlite/connection.ts';

export type StartedTable = 'message_words' | 'session_words';

export interface StartMatch {
  /** For the table. */
  match: string;
  /** Very many words begin so: to ask takes long, however few rows are asked for. */
  gathers: boolean;
}

/** Words one after the other, of which the last may go on. */
export type MatchStart = (table: StartedTable, words: readonly string[]) => StartMatch;

/** To ask for more one after the other would take as long as the whole table. */
const mostWords = 24;
/** Of all that is asked for in one search. */
const mostAsked = 240;
/** No word has it. */
const afterAll = '\u{10ffff}';
/** Before all that goes on. */
const beforeAll = '\u0001';

interface Asked {
  table: StartedTable;
  start: string;
  most: number;
}

/** Null: there are more. */
function readWords({ sql }: Connection, { table, start, most }: Asked): string[] | null {
  // The list has a word as often as it stands somewhere: so only ever the first is asked for.
  const next = sql<{ term: string }>(`SELECT term FROM ${table}_list WHERE term >= ? AND term < ? LIMIT 1`);
  const words: string[] = [];
  let found = next.get(start, start + afterAll);
  while (found !== undefined && words.length < most) {
    words.push(found.term);
    found = next.get(found.term + beforeAll, start + afterAll);
  }
  return found === undefined ? words : null;
}

/** Of a state of the database. */
interface Remembered {
  state: string;
  words: Map<string, string[] | null>;
}

const remembered = new WeakMap<Database.Database, Remembered>();
const mostRemembered = 500;

/** Changes with each commit of others, and with each change of our own. */
function stateOf({ sql }: Connection): string {
  const others = sql<{ data_version: number }>('PRAGMA data_version').get()?.data_version;
  const own = sql<{ n: number }>('SELECT total_changes() AS n').get()?.n;
  return `${String(others)} ${String(own)}`;
}

/**
 * In an index of many segments each word of the list takes a millisecond or more, and a search that goes in steps asks for
 * the same ones in each of them.
 */
function wordsFrom(connection: Connection, asked: Asked): string[] | null {
  const state = stateOf(connection);
  let known = remembered.get(connection.db);
  if (known?.state !== state || known.words.size >= mostRemembered) known = { state, words: new Map() };
  remembered.set(connection.db, known);
  const key = `${asked.table} ${String(asked.most)} ${asked.start}`;
  const before = known.words.get(key);
  if (before !== undefined) return before;
  const words = readWords(connection, asked);
  known.words.set(key, words);
  return words;
}

export function matchStarts(connection: Connection): MatchStart {
  const known = new Map<string, StartMatch>();
  let left = mostAsked;

  function matchOf(table: StartedTable, words: readonly string[]): StartMatch {
    const text = words.join(' ');
    const start = words.at(-1) ?? '';
    const most = Math.min(mostWords, left);
    const found = wordsFrom(connection, { table, start, most });
    left -= found?.length ?? most;
    if (found === null) return { match: `${quoted(text)} *`, gathers: true };
    const texts = found.map((word) => quoted(text + word.slice(start.length)));
    const match = texts.length < 2 ? (texts[0] ?? quoted(text)) : `(${texts.join(' OR ')})`;
    return { match, gathers: false };
  }

  return (table, words) => {
    const key = [table, ...words].join(' ');
    const match = known.get(key) ?? matchOf(table, words);
    known.set(key, match);
    return match;
  };
}
