// Bodies in pieces of one and two letters, as words of a full-text table that knows only letters and digits of ASCII,
// and all beyond ASCII, as parts of words.
import { quoted } from './search-sql.ts';

/** By which of the two letters stand for another, see `letterOf`. None of them is in a word. */
const kinds = ['\u00a1', '\u00a2', '\u00a3', '\u00a4'] as const;
const plain = /^[A-Za-z0-9\x80-\u{10ffff}]$/u;
const standIns = 0xe000;

const letterOf = (letter: string): string =>
  plain.test(letter) ? letter : String.fromCharCode(standIns + letter.charCodeAt(0));

const wordOf = (first: string, second = ''): string => {
  const kind = (plain.test(first) ? 0 : 1) + (second === '' || plain.test(second) ? 0 : 2);
  return kinds[kind]! + letterOf(first) + (second === '' ? '' : letterOf(second));
};

/** The words of ASCII letters, by their codes; made when first met. */
const known: string[] = [];
const asciiLetters = 128;
/** With each other one, and alone. */
const asciiWords = asciiLetters + 1;
const surrogates = 0xd800;

/** Each once, with blanks between. */
export function pairsOf(body: string): string {
  const found: string[] = [];
  const words = new Set<string>();
  const seen = new Uint8Array(asciiLetters * asciiWords);
  let code = body.codePointAt(0);
  for (let at = 0; code !== undefined;) {
    at += code > 0xffff ? 2 : 1;
    // Nearly all are of ASCII, and charCodeAt costs half.
    let after: number | undefined = at < body.length ? body.charCodeAt(at) : undefined;
    if (after !== undefined && after >= surrogates) after = body.codePointAt(at);
    // With the two the first is known, too.
    const isAscii = code < asciiLetters && after !== undefined && after < asciiLetters;
    if (!isAscii || seen[code * asciiWords + after!] === 0) {
      addAscii(seen, found, code, asciiLetters);
      if (isAscii) addAscii(seen, found, code, after!);
      else addOther(words, code, after);
    }
    code = after;
  }
  return [...found, ...words].join(' ');
}

function addAscii(seen: Uint8Array, found: string[], first: number, second: number): void {
  const at = first * asciiWords + second;
  if (first >= asciiLetters || seen[at] === 1) return;
  seen[at] = 1;
  found.push(
    (known[at] ??= wordOf(
      String.fromCharCode(first),
      second === asciiLetters ? '' : String.fromCharCode(second),
    )),
  );
}

function addOther(words: Set<string>, first: number, second: number | undefined): void {
  if (first >= asciiLetters) words.add(wordOf(String.fromCodePoint(first)));
  if (second !== undefined) words.add(wordOf(String.fromCodePoint(first), String.fromCodePoint(second)));
}

/** Null for what is longer than two letters. */
export function pairMatch(folded: string): string | null {
  const letters = Array.from(folded.slice(0, 6));
  return letters.length === 0 || letters.length > 2 ? null : quoted(wordOf(letters[0]!, letters[1]));
}
