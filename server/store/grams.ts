// Bodies in pieces of three letters. A body is cut into stretches with a row each, so that a text of common pieces
// is looked for only where they stand close together.
import { foldText } from '../../shared/search/fold.ts';
import { quoted } from './search-sql.ts';

export const gramLength = 3;
/** Rows of a message: its seq times this, and the number of the stretch. Enough for the longest body. */
export const rowsOfMessage = 512;
const stretchLength = 500;
/** By which stretches overlap: what is looked for begins in one, and so much of it lies in the same. */
const overlap = 48;

export function stretchesOf(body: string): string[] {
  const stretches: string[] = [];
  for (let start = 0; start < body.length; start += stretchLength)
    stretches.push(body.slice(start, start + stretchLength + overlap));
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
  return { match: [...grams].map(quoted).join(' AND '), isExact: letters.length === gramLength };
}
