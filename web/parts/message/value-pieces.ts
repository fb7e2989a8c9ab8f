// A long value cut into pieces: laying out one word of hundreds of thousands of letters takes a browser minutes.

/** Whether a cut there would part a letter from its marks, or an emoji. */
const isInside = (text: string, at: number): boolean =>
  text[at - 1] === '\u200d' ||
  /^(?:[\udc00-\udfff\u200d]|\p{M}|\p{Emoji_Modifier})/u.test(text.slice(at, at + 2));

/** Of this length or a little less: no piece ends in the middle of a character, and behind a blank where one is near. */
export function cutPieces(text: string, length: number): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = start + length;
    if (end < text.length) {
      const blank = text.lastIndexOf(' ', end - 1);
      if (blank > end - 100) end = blank + 1;
      else while (end > start + length / 2 && isInside(text, end)) end--;
    }
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}
