// Functions that searches call in SQL, where an index only narrows down.
import type Database from 'better-sqlite3';
import { paddedWords } from '../../shared/search/message-texts.ts';

/** Whether the pattern (see padWords) is in the words of a message: folded columns, the last of them its body. */
function wordsContain(pattern: unknown, ...columns: unknown[]): number {
  const [subject = '', sender = '', to = '', cc = '', bcc = '', filenames = '', body = ''] =
    columns as string[];
  const words = paddedWords({ subject, sender, to, cc, bcc, filenames }, body);
  return Number(words.includes(pattern as string));
}

export function addSearchFunctions(db: Database.Database): void {
  db.function('words_contain', { deterministic: true, varargs: true }, wordsContain);
}
