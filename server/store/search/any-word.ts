// Any of several words. Where some of them are in nearly every message, the index is asked for these alone, and the few
// messages that are left are looked at: to ask for all of them takes as long for each word.
import type { PhraseTerm, Query, WordTerm } from '../../../shared/search/query.ts';
import { messageCorpus } from '../index/search-blocks.ts';
import { countOf, either, without, type Bits } from './bits.ts';
import { fewToRead, readWords } from './read-words.ts';
import type { Within } from './search-columns.ts';
import { allOf, bitsOf, shareAtEnd, type Stretch } from './search-stretch.ts';
import { rowsOfTable, type KnownWords, type WordTable } from './words-match.ts';

/** Of more words it takes too long to tell which are in most. */
const mostTold = 12;

const isWords = (query: Query): query is WordTerm | PhraseTerm =>
  query.type === 'word' || query.type === 'phrase';

/** The commonest, as many as leave no more than a few of the stretch if one word has nothing to do with another. */
function commonest(
  stretch: Stretch,
  table: WordTable,
  known: KnownWords[],
  few: number,
): { asked: KnownWords[]; others: KnownWords[] } {
  const told = known
    .map((one) => ({ one, share: shareAtEnd(stretch, one.match, table) }))
    .sort((a, b) => b.share - a.share);
  const { low, high } = stretch.window;
  let count = 0;
  for (let left = high - low; left > few && count < told.length; count += 1) left *= 1 - told[count]!.share;
  const words = told.map(({ one }) => one);
  return { asked: words.slice(0, count), others: words.slice(count) };
}

export function findAny(stretch: Stretch, table: WordTable, known: KnownWords[], within: Within): Bits {
  const { window, mostRead } = stretch;
  const ask = (some: KnownWords[]): Bits =>
    bitsOf(stretch, rowsOfTable(table, some.map(({ match }) => match).join(' OR '), window));
  const areWorthIt =
    table !== 'session_words' &&
    known.length > 1 &&
    known.length <= mostTold &&
    window.high - window.low > 2 * mostRead;
  if (!areWorthIt) return ask(known);
  const few = fewToRead(stretch);
  const { asked, others } = commonest(stretch, table, known, few);
  const found = ask(asked);
  if (others.length === 0) return found;
  const terms = others.map(({ query }) => query).filter(isWords);
  const left = without(within ?? allOf(stretch, messageCorpus), found);
  const areRead = terms.length === others.length && countOf(left) <= 2 * few;
  return either(found, areRead ? readWords(stretch, terms, left) : ask(others));
}
