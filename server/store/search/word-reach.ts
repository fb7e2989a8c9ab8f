// How far back a search for words has to look next: as far as so many messages have them. The index tells it from the
// newest on, in a moment, where to find all of a common word takes a hundred times as long.
import { foldText, wordsOf } from '../../../shared/search/fold.ts';
import type { PhraseTerm, Query, WordTerm } from '../../../shared/search/query.ts';
import { quoted } from '../index/search-sql.ts';
import { isShortStart } from '../index/starts.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { MatchStart } from './word-starts.ts';
import type { WordTable } from './words-match.ts';

/** More than a page has, as some are deleted, or have the words apart. */
export const usualEnough = 2048;
/** Of more words it would take as long as the step itself. */
const mostAsked = 8;

interface KnownWord {
  table: Exclude<WordTable, 'session_words'>;
  match: string;
}

/** Null for one that the index gathers whole before it tells anything. */
function wordsIn({ type, text }: WordTerm | PhraseTerm, startOf: MatchStart): (KnownWord | null)[] {
  const words = wordsOf(foldText(text));
  return words.map((word, n) => {
    if (type === 'phrase' || n < words.length - 1) return { table: 'message_words', match: quoted(word) };
    if (isShortStart(word)) return { table: 'message_starts', match: quoted(word) };
    const { match, gathers } = startOf('message_words', [word]);
    return gathers ? null : { table: 'message_words', match };
  });
}

export interface AskReach {
  startOf: MatchStart;
  below: number;
  enough: number;
}

/**
 * The seq down to which a step below `below` has so many messages with the words; 0: there are not so many. Null: it is
 * not told by words alone. What it says is only where it is worth looking: no step finds anything else for it.
 */
export function reachOf(
  { sql }: Connection,
  query: Query,
  { startOf, below, enough }: AskReach,
): number | null {
  let asked = 0;

  function ofWord(word: KnownWord | null): number | null {
    if (word === null || (asked += 1) > mostAsked) return null;
    const { table, match } = word;
    const { count, low } = sql<{ count: number; low: number }>(
      `SELECT count(*) AS count, min(seq) AS low FROM (SELECT rowid AS seq FROM ${table}
       WHERE ${table} MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?)`,
    ).get(match, BigInt(below), enough)!;
    return count < enough ? 0 : low;
  }

  /** All must be there: the rarest tells. Any may: the commonest does. */
  function pick(reaches: (number | null)[], of: 'all' | 'any'): number | null {
    const known = reaches.filter((reach) => reach !== null);
    if (known.length === 0) return null;
    return of === 'all' ? Math.min(...known) : Math.max(...known);
  }

  function ofQuery(part: Query): number | null {
    switch (part.type) {
      case 'word':
      case 'phrase':
        return pick(wordsIn(part, startOf).map(ofWord), 'all');
      case 'and':
        return pick(part.of.map(ofQuery), 'all');
      case 'or':
        return pick(part.of.map(ofQuery), 'any');
      default:
        return null;
    }
  }
  return ofQuery(query);
}
