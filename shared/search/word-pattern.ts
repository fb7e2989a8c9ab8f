// Words and phrases as patterns for a padded text (see padWords): the beginning of a word stands behind a blank.
import { foldText, wordsOf } from './fold.ts';
import type { PhraseTerm, WordTerm } from './query.ts';

export const wordPattern = ({ type, text }: WordTerm | PhraseTerm): string =>
  ` ${wordsOf(foldText(text)).join(' ')}${type === 'phrase' ? ' ' : ''}`;
