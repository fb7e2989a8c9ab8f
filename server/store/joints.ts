// Where two words of a body meet with a blank between, as a word of a full-text table: the last two letters of the one
// and the first two of the other. Two words that are in every message seldom stand one after the other.
import { pairMatch } from './pairs.ts';
import { quoted } from './search-sql.ts';

/** In no word, and none of the marks of pairs.ts. */
const mark = '\u00a5';

/** More would take longer to ask for than they leave out. */
const most = 8;

const [lowest, highest] = [0x80, 0xd7ff];
const isAscii = /[0-9A-Za-z]/;
const parts = Array.from({ length: lowest }, (_, code) => isAscii.test(String.fromCharCode(code)));

/** A letter or digit of ASCII, or all beyond it that is one unit: what the table takes for a part of a word. */
const isPart = (code: number): boolean => (code < lowest ? parts[code]! : code <= highest);

/** Each once. */
function jointsOf(folded: string): Set<string> {
  const joints = new Set<string>();
  for (let at = folded.indexOf(' ', 2); at >= 0; at = folded.indexOf(' ', at + 1)) {
    const isJoint =
      at + 2 < folded.length &&
      isPart(folded.charCodeAt(at - 2)) &&
      isPart(folded.charCodeAt(at - 1)) &&
      isPart(folded.charCodeAt(at + 1)) &&
      isPart(folded.charCodeAt(at + 2));
    if (isJoint) joints.add(mark + folded.slice(at - 2, at) + folded.slice(at + 1, at + 3));
  }
  return joints;
}

/** With blanks between. */
export const jointWords = (body: string): string => [...jointsOf(body)].join(' ');

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

const allOf = (words: string[]): string | null =>
  words.length === 0 ? null : words.slice(0, most).join(' AND ');

/** What the body of a message must have to have the text; null where that says nothing. */
export const jointMatch = (folded: string): string | null => allOf([...jointsOf(folded)].map(quoted));
export const edgeMatch = (folded: string): string | null =>
  allOf([...edgesOf(folded)].flatMap((pair) => pairMatch(pair) ?? []));
