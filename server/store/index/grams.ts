// Bodies in pieces of three letters. A body is cut into stretches with a row each, so that a text of common pieces
// is looked for only where they stand close together.
import { foldText } from '../../../shared/search/fold.ts';
import { quoted } from './search-sql.ts';

const gramLength = 3;
/** Rows of a message: its seq times this, and the number of the stretch. Enough for the longest body. */
export const rowsOfMessage = 512;
const stretchLength = 500;
/** By which stretches overlap: what is looked for begins in one, and so much of it lies in the same. */
const overlap = 48;

/** What repeats itself at once, as `haha` and `====` do, is made of very few pieces: so it has pieces of its own. */
const repeats = [
  { after: 1, mark: 'A' },
  { after: 2, mark: 'B' },
  { after: 3, mark: 'C' },
] as const;

const halfOfLetter = /[\ud800-\udfff]/;

/** Of three letters, too: a capital, of which a folded text has none, and the first two of three that come again. */
function repeatsIn(text: string): string[] {
  const found = new Set<string>();
  for (const { after, mark } of repeats) {
    let same = 0;
    for (let at = 0; at + after < text.length; at += 1) {
      same = text.charCodeAt(at) === text.charCodeAt(at + after) ? same + 1 : 0;
      if (same >= gramLength) found.add(mark + text.slice(at - 2, at));
    }
  }
  return [...found].filter((piece) => !halfOfLetter.test(piece));
}

export function stretchesOf(body: string): string[] {
  const stretches: string[] = [];
  for (let start = 0; start < body.length; start += stretchLength) {
    const stretch = body.slice(start, start + stretchLength + overlap);
    stretches.push(stretch + repeatsIn(stretch).join(''));
  }
  return stretches.slice(0, rowsOfMessage);
}

/** What a stretch must have for the text to begin in it; null where the text is too short to tell. */
export function gramMatch(value: string): { match: string; isExact: boolean } | null {
  const letters = Array.from(foldText(value));
  if (letters.length < gramLength) return null;
  const grams = new Set<string>();
  let length = 0;
  for (let at = 0; at + gramLength <= letters.length; at += 1) {
    const gram = letters.slice(at, at + gramLength).join('');
    if (length + gram.length > overlap) break;
    grams.add(gram);
    length += letters[at]!.length;
  }
  for (const piece of repeatsIn(letters.join('').slice(0, overlap))) grams.add(piece);
  return { match: [...grams].map(quoted).join(' AND '), isExact: letters.length === gramLength };
}
