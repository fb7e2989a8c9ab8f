// Where two words meet, whatever stands between them, as a word of a full-text table: the last letters of the one and the
// first two of the other. Two words that are in every message seldom stand one after the other.
import { pairMatch } from './pairs.ts';
import { quoted } from './search-sql.ts';

/** In no word, and none of the marks of pairs.ts. */
const mark = '\u00a5';

/** More would take longer to ask for than they leave out. */
const most = 8;

const halfLetter = /[\ud800-\udfff]/;

/** Null where the words have too few letters. */
function jointOf(before: string, after: string, lettersBefore: 2 | 3): string | null {
  if (before.length < lettersBefore || after.length < 2) return null;
  const letters = before.slice(-lettersBefore) + after.slice(0, 2);
  return halfLetter.test(letters) ? null : mark + letters;
}

/** Of the words of each text, each once and with blanks between. */
export function jointWords(texts: string[][]): string {
  const joints = new Set<string>();
  for (const words of texts)
    for (let at = 1; at < words.length; at += 1)
      for (const letters of [2, 3] as const) {
        const joint = jointOf(words[at - 1]!, words[at]!, letters);
        if (joint !== null) joints.add(joint);
      }
  return [...joints].join(' ');
}

/** Null for none. */
const allOf = (matches: Iterable<string>): string | null => {
  const some = [...new Set(matches)].slice(0, most);
  return some.length === 0 ? null : some.join(' AND ');
};

/**
 * What a message must have where these words follow one another; null where that says nothing. The first may be the end of
 * a longer one, and the last may go on.
 */
export const jointMatch = (words: string[]): string | null =>
  allOf(
    words.slice(1).flatMap((after, at) => {
      const before = words[at]!;
      const joint = jointOf(before, after, 3) ?? jointOf(before, after, 2);
      return joint === null ? [] : quoted(joint);
    }),
  );

const [lowest, highest] = [0x80, 0xd7ff];
const isAscii = /[0-9A-Za-z]/;
const parts = Array.from({ length: lowest }, (_, code) => isAscii.test(String.fromCharCode(code)));

/** A letter or digit of ASCII, or all beyond it that is one unit: what the table takes for a part of a word. */
const isPart = (code: number): boolean => (code < lowest ? parts[code]! : code <= highest);

/** A sign of ASCII that is no blank. */
const isSign = (code: number): boolean => code < lowest && code > 0x20 && !parts[code];

/** Where a sign stands beside a letter. Which letter it is makes it common or rare. */
function edgesOf(folded: string): Set<string> {
  const edges = new Set<string>();
  for (let at = 1; at < folded.length; at += 1) {
    const [before, after] = [folded.charCodeAt(at - 1), folded.charCodeAt(at)];
    if ((isSign(before) && isPart(after)) || (isPart(before) && isSign(after)))
      edges.add(folded.slice(at - 1, at + 1));
  }
  return edges;
}

/** What a body must have to have the text; null where that says nothing. */
export const edgeMatch = (folded: string): string | null =>
  allOf([...edgesOf(folded)].flatMap((pair) => pairMatch(pair) ?? []));
