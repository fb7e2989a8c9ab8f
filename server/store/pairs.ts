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

/** Each once, with blanks between. */
export function pairsOf(body: string): string {
  const words = new Set<string>();
  const seen = new Uint8Array(asciiLetters * (asciiLetters + 1));
  const found: string[] = [];
  const addAscii = (first: number, second: number): void => {
    const at = first * (asciiLetters + 1) + second;
    if (seen[at] === 1) return;
    seen[at] = 1;
    found.push(
      (known[at] ??= wordOf(
        String.fromCharCode(first),
        second === asciiLetters ? '' : String.fromCharCode(second),
      )),
    );
  };
  for (let at = 0; at < body.length;) {
    const code = body.codePointAt(at)!;
    const next = at + (code > 0xffff ? 2 : 1);
    const after = body.codePointAt(next);
    if (code < asciiLetters) addAscii(code, asciiLetters);
    else words.add(wordOf(String.fromCodePoint(code)));
    if (after !== undefined) {
      if (code < asciiLetters && after < asciiLetters) addAscii(code, after);
      else words.add(wordOf(String.fromCodePoint(code), String.fromCodePoint(after)));
    }
    at = next;
  }
  return [...found, ...words].join(' ');
}

/** Null for what is longer than two letters. */
export function pairMatch(folded: string): string | null {
  const letters = Array.from(folded.slice(0, 6));
  return letters.length === 0 || letters.length > 2 ? null : quoted(wordOf(letters[0]!, letters[1]));
}
