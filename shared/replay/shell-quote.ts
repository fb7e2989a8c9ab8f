// Words for a POSIX shell. What a client sent is in them: nothing of it may be run, neither when the command is run
// nor when it is pasted into a terminal.

import { toWellFormed } from './well-formed.ts';

// C0 without the line end, DEL, C1, and what reorders or hides text: a terminal obeys them even between quotes.
const control = /[\x01-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]+/g;
const plain = /^[A-Za-z0-9_/:.][A-Za-z0-9_/:.,@+-]*$/;

const octal = (text: string): string =>
  [...new TextEncoder().encode(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
const inQuotes = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;

/** What no argument of a program can hold becomes U+FFFD: NUL and halves of surrogate pairs. */
export const toArgument = (text: string): string => toWellFormed(text).replaceAll('\0', '\ufffd');

/** One word whose value is exactly `toArgument(text)`. */
export function shellQuote(text: string): string {
  const value = toArgument(text);
  if (plain.test(value)) return value;
  const words: string[] = [];
  let at = 0;
  for (const found of value.matchAll(control)) {
    if (found.index > at) words.push(inQuotes(value.slice(at, found.index)));
    words.push(`"$(printf '${octal(found[0])}')"`);
    at = found.index + found[0].length;
  }
  if (at < value.length || words.length === 0) words.push(inQuotes(value.slice(at)));
  return words.join('');
}
