// Words one after the other. The index knows where each word stands, but to see whether they follow one another takes
// long where all are in most messages: where they meet tells sooner, and what is left is looked at.
import { foldText, wordsOf } from '../../../shared/search/fold.ts';
import type { PhraseTerm, WordTerm } from '../../../shared/search/query.ts';
import { jointMatch } from '../index/joints.ts';
import { both, countOf, type Bits } from './bits.ts';
import { fewToRead, readWords } from './read-words.ts';
import type { Within } from './search-columns.ts';
import { narrowed } from './search-plan.ts';
import { bitsOf, shareAtEnd, type Stretch } from './search-stretch.ts';
import { rowsOfTable, type Narrowing } from './words-match.ts';

type Sequence = WordTerm | PhraseTerm;

/** A sequence that the index finds by `match`. */
export function findSequence(stretch: Stretch, term: Sequence, match: string, within: Within): Bits {
  const { window, mostRead } = stretch;
  const whole = (): Bits => bitsOf(stretch, rowsOfTable('message_words', match, window));
  const width = window.high - window.low;
  const joints = width > 2 * mostRead ? jointMatch(wordsOf(foldText(term.text))) : null;
  const few = fewToRead(stretch);
  if (joints === null || shareAtEnd(stretch, joints, 'message_starts') * width > few) return whole();
  const left = narrowed(within, bitsOf(stretch, rowsOfTable('message_starts', joints, window)));
  return countOf(left) > few ? whole() : readWords(stretch, [term], left);
}

/** A sequence that ends in a short beginning of very many words. */
export function findOpenSequence(
  stretch: Stretch,
  term: Sequence,
  narrowing: Narrowing,
  within: Within,
): Bits {
  const { window, mostRead } = stretch;
  const whole = (): Bits => bitsOf(stretch, rowsOfTable('message_words', narrowing.whole, window));
  const areMany = window.high - window.low > 2 * mostRead && (within === null || countOf(within) > mostRead);
  if (areMany && !narrowing.isLetter && shareAtEnd(stretch, narrowing.before) > 0.5) return whole();
  let left = narrowed(within, bitsOf(stretch, rowsOfTable('message_words', narrowing.before, window)));
  if (countOf(left) > mostRead && narrowing.isLetter)
    left = both(left, bitsOf(stretch, rowsOfTable('message_starts', narrowing.start, window)));
  if (countOf(left) > mostRead) return both(left, whole());
  return readWords(stretch, [term], left);
}
