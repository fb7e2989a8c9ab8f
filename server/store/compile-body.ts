// A text in the body of a message as SQL. What the index cannot tell for sure is looked at, one message after the other.
import { foldText, wordsOf } from '../../shared/search/fold.ts';
import { gramRows, type SourceOptions } from './compile-sources.ts';
import { rowsOfTable } from './compile-words.ts';
import { pairMatch } from './pairs.ts';
import { always, among, join, quoted, sql, type Sql } from './search-sql.ts';

const wordAtStart = /^[\p{L}\p{N}\p{M}\p{Co}]/u;
const wordAtEnd = /[\p{L}\p{N}\p{M}\p{Co}]$/u;

const isThere = (folded: string): Sql =>
  sql('coalesce((SELECT instr(t.folded, ?) > 0 FROM message_text t WHERE t.seq = s.seq), FALSE)', folded);

/** Beginnings of fewer letters would gather too much. */
const shortestStart = 3;

/**
 * The words that a message must have in sequence: all but the first, which may be the end of a longer one, and with a
 * last one that may go on.
 */
function sequenceIn(folded: string): string | null {
  const words = wordsOf(folded);
  if (wordAtStart.test(folded)) words.shift();
  const goesOn = wordAtEnd.test(folded);
  if (goesOn && (words.at(-1)?.length ?? 0) < shortestStart) {
    words.pop();
    return words.length === 0 ? null : `body : ${quoted(words.join(' '))}`;
  }
  return words.length === 0 ? null : `body : ${quoted(words.join(' '))}${goesOn ? ' *' : ''}`;
}

/** A word that begins so: then the text is there, without a look. */
const wordIn = (folded: string): string | null =>
  wordsOf(folded)[0] === folded ? `body : ${quoted(folded)} *` : null;

/** Statements for the messages that may have it; null where all may. The first selects fewest. */
export function bodyRows(value: string, options: SourceOptions): Sql[] {
  const folded = foldText(value);
  const pair = pairMatch(folded);
  if (pair !== null) return [rowsOfTable('message_starts', pair, options.window)];
  const sequence = sequenceIn(folded);
  const grams = gramRows(value, options);
  const rows = sequence === null ? [] : [rowsOfTable('message_words', sequence, options.window)];
  return grams === null ? rows : [...rows, grams.rows];
}

export function compileBody(value: string, options: SourceOptions): Sql {
  const folded = foldText(value);
  if (folded === '') return always;
  const rows = bodyRows(value, options).map((each) => among(each));
  if (pairMatch(folded) !== null || gramRows(value, options)?.isExact === true) return rows.at(-1)!;
  const looked = join('AND', [...rows, isThere(folded)]);
  const word = wordIn(folded);
  return word === null
    ? looked
    : join('OR', [among(rowsOfTable('message_words', word, options.window)), looked]);
}
