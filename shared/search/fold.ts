// How texts are compared: without case and without accents, as SQLite's unicode61 tokenizer with
// remove_diacritics 2 does it. The index holds what these functions give, so that index and matchers agree on
// every character.

const accents = /[\u0300-\u036f]/g;
const loneSurrogate = /\p{Surrogate}/gu;

/**
 * Lower case, accents removed, white space of any kind and length as one blank. NUL and halves of surrogate pairs become
 * U+FFFD. Applied twice it gives the same.
 */
export function foldText(text: string): string {
  let folded = text;
  if (/[\x00\x80-\uffff]/.test(text)) {
    folded = wellFormed(text).replaceAll('\0', '\ufffd').normalize('NFD').replace(accents, '');
    // The final form of sigma depends on what follows; a search for a beginning does not know it.
    folded = folded.toLowerCase().replaceAll('ς', 'σ');
  } else folded = text.toLowerCase();
  return folded.replace(/\s+/g, ' ');
}

export const wellFormed = (text: string): string => text.replace(loneSurrogate, '\ufffd');

const words = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
/** The same where there is nothing else, and several times as fast. */
const asciiWords = /[A-Za-z0-9]+/g;
const betweenWords = /[^\p{L}\p{N}\p{M}\p{Co}]+/gu;

/** The words of a folded text: runs of letters, digits and the marks that belong to letters. */
export const wordsOf = (folded: string): string[] =>
  folded.match(/[\x80-\uffff]/.test(folded) ? words : asciiWords) ?? [];

/** A folded text with nothing but blanks between its words: a tokenizer that knows only ASCII splits it rightly. */
export const spaceWords = (folded: string): string =>
  /[\x80-\uffff]/.test(folded) ? folded.replace(betweenWords, ' ') : folded;

/** Words as a text in which a word, its beginning and a sequence are substrings: ` reset your password `. */
export const padWords = (folded: string): string => ` ${wordsOf(folded).join(' ')} `;
