// Words and phrases as patterns for a padded text (see padWords): the beginning of a word stands behind a blank.
import { foldText, wordsOf } from './fold.ts';
import type { PhraseTerm, WordTerm } from './query.ts';

/** One query is asked of many messages by those who wait for one. */
const made = new WeakMap<WordTerm | PhraseTerm, string>();

export function wordPattern(term: WordTerm | PhraseTerm): string {
  let pattern = made.get(term);
  if (pattern === undefined) {
    pattern = ` ${wordsOf(foldText(term.text)).join(' ')}${term.type === 'phrase' ? ' ' : ''}`;
    made.set(term, pattern);
  }
  return pattern;
}
