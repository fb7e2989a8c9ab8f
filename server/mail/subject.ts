// The Subject as a list shows it: decoded, on one line.
import { decodeWords } from './encoded-words.ts';

const maxSubject = 10_000;

/** `value` is the unfolded field. Folding with tabs leaves these behind. */
export const readSubject = (value: string): string =>
  decodeWords(value.slice(0, maxSubject)).replace(/[\t\r\n]/g, ' ');
