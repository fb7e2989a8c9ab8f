// Words of a query as one expression for a full-text table, as far as they stand together.
import { foldText, wordsOf } from '../../../shared/search/fold.ts';
import type { PhraseTerm, Query, WordTerm } from '../../../shared/search/query.ts';
import { pairMatch } from '../index/pairs.ts';
import { boundsOf, orderIn, quoted, sql, type SeqWindow, type Sql } from '../index/search-sql.ts';
import { isShortStart } from '../index/starts.ts';
import type { MatchStart } from './word-starts.ts';

/** Of messages message_starts has beginnings of one word, message_words the rest; sessions have one table for all. */
export type WordTable = 'message_words' | 'message_starts' | 'session_words';
export const messageWordTables: readonly WordTable[] = ['message_words', 'message_starts'];

/** A word, or any of several: what is found next behind a window is the next row that has one, and that is at hand. */
const anyOfWords = /^\(*"[^" ]+"\)*(?: OR \(*"[^" ]+"\)*)*$/;

/** The rows of a full-text table that match: all of the window, and maybe others. */
export function rowsOfTable(table: WordTable, match: string, window: SeqWindow): Sql {
  const keepsPlaces = table !== 'message_starts';
  const order = keepsPlaces && anyOfWords.test(match) ? '' : orderIn(window, keepsPlaces);
  const { text, values } = boundsOf(window);
  return sql(`SELECT rowid AS seq FROM ${table} WHERE ${table} MATCH ? ${text} ${order}`, match, ...values);
}

/**
 * A sequence that ends in a few letters with which very many words begin. Where few messages are looked at it is
 * narrowed down by both tables, and then looked for in each message.
 */
export interface Narrowing {
  /** The sequence itself, for message_words. */
  whole: string;
  before: string;
  start: string;
  /** It ends in a single letter, which very many words begin with. */
  isLetter: boolean;
}

const wordsOfTerm = ({ text }: WordTerm | PhraseTerm): string[] => wordsOf(foldText(text));

/** Null where the index tells quickly. */
export function narrowingOf(term: WordTerm | PhraseTerm, startOf: MatchStart): Narrowing | null {
  const words = wordsOfTerm(term);
  const last = words.pop() ?? '';
  if (term.type === 'phrase' || words.length === 0 || !isShortStart(last)) return null;
  const { match, gathers } = startOf('message_words', [...words, last]);
  if (!gathers) return null;
  const before = quoted(words.join(' '));
  return { whole: match, before, start: quoted(last), isLetter: Array.from(last).length === 1 };
}

function matchOfTerm(term: WordTerm | PhraseTerm, table: WordTable, startOf: MatchStart): string | null {
  const words = wordsOfTerm(term);
  const text = quoted(words.join(' '));
  const isWhole = term.type === 'phrase';
  if (table === 'session_words') return isWhole ? text : startOf(table, words).match;
  const isStart = !isWhole && words.length === 1 && isShortStart(words[0]!);
  if (table === 'message_starts') return isStart ? text : null;
  if (isStart || narrowingOf(term, startOf) !== null) return null;
  return isWhole ? text : startOf(table, words).match;
}

/** Null where there is more to it than words of that table, or where it has no word that must be there. */
export function matchOf(query: Query, table: WordTable, startOf: MatchStart): string | null {
  switch (query.type) {
    case 'word':
    case 'phrase':
      return matchOfTerm(query, table, startOf);
    case 'field':
      // One or two letters of a body are a word of that table.
      return table === 'message_starts' && query.field === 'body' ? pairMatch(foldText(query.value)) : null;
    case 'or': {
      const parts = query.of.map((part) => matchOf(part, table, startOf));
      return parts.includes(null) ? null : `(${parts.join(' OR ')})`;
    }
    case 'and': {
      const { match, unwanted, rest } = splitWords(query.of, table, startOf);
      return rest.length > 0 || unwanted.length > 0 ? null : match;
    }
    default:
      return null;
  }
}

/** A part of a query that the table knows. */
export interface KnownWords {
  query: Query;
  match: string;
}

export const knownWords = (members: Query[], table: WordTable, startOf: MatchStart): KnownWords[] =>
  members.flatMap((query) => {
    const match = matchOf(query, table, startOf);
    return match === null ? [] : { query, match };
  });

/** Those of the members that are words of the table, as one expression, those that must not be there, and the others. */
export function splitWords(
  members: Query[],
  table: WordTable,
  startOf: MatchStart,
): { match: string | null; unwanted: KnownWords[]; rest: Query[] } {
  const wanted: string[] = [];
  const unwanted: KnownWords[] = [];
  const rest: Query[] = [];
  for (const query of members) {
    const match = matchOf(query, table, startOf);
    const [negated] = query.type === 'not' ? knownWords([query.of], table, startOf) : [];
    if (match !== null) wanted.push(match);
    else if (negated !== undefined) unwanted.push(negated);
    else rest.push(query);
  }
  const found = wanted.length === 0 ? null : `(${wanted.join(' AND ')})`;
  // A full-text table can only take away from what it has found.
  if (found === null || unwanted.length === 0) return { match: found, unwanted, rest };
  const others = unwanted.map((one) => one.match).join(' OR ');
  return { match: `(${found} NOT (${others}))`, unwanted: [], rest };
}
