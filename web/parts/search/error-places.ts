// Where the errors of a search are, and which of them are said while one is at it.
import type { SearchError } from '../../../shared/search/parse-search.ts';

/** Of the word at the caret nothing is said: it is being written. What was opened there may be closed further on. */
export const errorsAround = (errors: readonly SearchError[], caret: number): readonly SearchError[] =>
  errors.filter(({ start, end }) => caret < start || caret > end);

export interface Stretch {
  start: number;
  text: string;
  isWrong: boolean;
}

/** The text cut at the edges of errors. An error behind the end of the text is drawn at its last character. */
export function stretchesOf(text: string, errors: readonly SearchError[]): Stretch[] {
  const stretches: Stretch[] = [];
  let done = 0;
  for (const error of [...errors].sort((a, b) => a.start - b.start)) {
    const start = Math.max(done, Math.min(error.start, text.length - 1));
    const end = Math.min(text.length, Math.max(error.end, start + 1));
    if (end <= start) continue;
    if (start > done) stretches.push({ start: done, text: text.slice(done, start), isWrong: false });
    stretches.push({ start, text: text.slice(start, end), isWrong: true });
    done = end;
  }
  if (done < text.length) stretches.push({ start: done, text: text.slice(done), isWrong: false });
  return stretches;
}
