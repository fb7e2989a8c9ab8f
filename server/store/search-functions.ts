// Functions that searches call in SQL, where an index only narrows down.
import type Database from 'better-sqlite3';
import { bodyText, paddedWords } from '../../shared/search/message-texts.ts';

type Text = string | null;

/** Whether the body of a message has the folded text. */
function bodyContains(text: unknown, html: unknown, folded: unknown): number {
  return Number(bodyText(text as Text, html as Text).includes(folded as string));
}

/** Whether the pattern (see padWords) is in the words of a message: folded columns, then text and HTML. */
function wordsContain(pattern: unknown, ...columns: unknown[]): number {
  const [subject = '', sender = '', to = '', cc = '', bcc = '', filenames = ''] = columns as string[];
  const [text = null, html = null] = columns.slice(6) as Text[];
  const words = paddedWords({ subject, sender, to, cc, bcc, filenames }, bodyText(text, html));
  return Number(words.includes(pattern as string));
}

export function addSearchFunctions(db: Database.Database): void {
  db.function('body_contains', { deterministic: true }, bodyContains);
  db.function('words_contain', { deterministic: true, varargs: true }, wordsContain);
}
