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

interface Sequence {
  match: string;
  /** Two words or more in sequence are rare, whatever the words are. */
  isRare: boolean;
}

/**
 * The words that a message must have in sequence: all but the first, which may be the end of a longer one, and with a
 * last one that may go on.
 */
function sequenceIn(folded: string): Sequence | null {
  const words = wordsOf(folded);
  if (wordAtStart.test(folded)) words.shift();
  let goesOn = wordAtEnd.test(folded);
  if (goesOn && (words.at(-1)?.length ?? 0) < shortestStart) {
    words.pop();
    goesOn = false;
  }
  if (words.length === 0) return null;
  return { match: `body : ${quoted(words.join(' '))}${goesOn ? ' *' : ''}`, isRare: words.length > 1 };
}

/** Statements for the messages that may have it, of which each has all; none where no index knows. */
export function bodyRows(value: string, options: SourceOptions): Sql[] {
  const folded = foldText(value);
  const pair = pairMatch(folded);
  if (pair !== null) return [rowsOfTable('message_starts', pair, options.window)];
  const sequence = sequenceIn(folded);
  const grams = gramRows(value, options);
  const rows = sequence === null ? [] : [rowsOfTable('message_words', sequence.match, options.window)];
  return grams === null || sequence?.isRare === true ? rows : [...rows, grams.rows];
}

export interface CompileBody extends SourceOptions {
  /** Few messages are looked at: a sequence of words, which is gathered of all of them, takes longer than a look. */
  few: boolean;
  /** Only candidates are looked at: to ask the index once more would take longer. */
  narrowed: boolean;
}

export function compileBody(value: string, options: CompileBody): Sql {
  const folded = foldText(value);
  if (folded === '') return always;
  const rows = bodyRows(value, options).map((each) => among(each));
  if (pairMatch(folded) !== null || gramRows(value, options)?.isExact === true) return rows.at(-1)!;
  if (options.narrowed) return isThere(folded);
  const found = join('AND', [...(options.few ? rows.slice(-1) : rows), isThere(folded)]);
  if (wordsOf(folded)[0] !== folded) return found;
  // A word that begins so: then the text is there, without a look.
  const word = `body : ${quoted(folded)} *`;
  return join('OR', [among(rowsOfTable('message_words', word, options.window)), found]);
}
