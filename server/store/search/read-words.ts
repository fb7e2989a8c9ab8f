// Looks for sequences of words in messages, one after the other, where the index only narrows down.
import { foldText, wordsOf } from '../../../shared/search/fold.ts';
import type { PhraseTerm, WordTerm } from '../../../shared/search/query.ts';
import { addSeq, seqsOf, type Bits } from './bits.ts';
import type { Stretch } from './search-stretch.ts';

const inWord = '[\\p{L}\\p{N}\\p{M}\\p{Co}]';
const notInWord = '[^\\p{L}\\p{N}\\p{M}\\p{Co}]';
const readAtOnce = 500;

/** So many are looked at sooner than the index is asked for all. */
export const fewToRead = ({ mostRead }: Stretch): number => mostRead / 5;

/** The words one after the other, of which the last may go on. They are letters and digits alone: nothing to escape. */
const patternOf = ({ text, type }: WordTerm | PhraseTerm): string =>
  wordsOf(foldText(text)).join(`${notInWord}+`) + (type === 'phrase' ? `(?!${inWord})` : '');

/** Those of the given in which one of the sequences lies within one of their texts. */
export function readWords(
  { connection, columns }: Stretch,
  terms: readonly (WordTerm | PhraseTerm)[],
  among: Bits,
): Bits {
  const found = columns.none();
  const pattern = new RegExp(`(?<!${inWord})(?:${terms.map(patternOf).join('|')})`, 'u');
  const seqs = seqsOf(among);
  const read = connection
    .sql(
      `SELECT t.seq, t.folded, s.subject, s.sender || char(10) || s.recipient || char(10) || s.cc || char(10) || s.bcc,
         s.filenames FROM json_each(?) c CROSS JOIN message_search s ON s.seq = c.value
         CROSS JOIN message_text t ON t.seq = c.value`,
    )
    .raw();
  for (let at = 0; at < seqs.length; at += readAtOnce) {
    const rows = read.all(JSON.stringify(seqs.slice(at, at + readAtOnce)));
    for (const [seq, ...texts] of rows as unknown as [number, ...string[]][])
      if (texts.some((text) => pattern.test(text))) addSeq(found, seq);
  }
  return found;
}
