// The beginnings of words, up to four letters: while somebody types, a full-text table would gather a large part of
// itself for each letter. Longer beginnings are rare enough to be looked up among the words.
const longest = 4;

const isAscii = /^[\x00-\x7f]*$/;

export const isShortStart = (word: string): boolean => Array.from(word).length <= longest;

/** Of the words of each text, each once and with blanks between. */
export function startsOf(texts: string[][]): string {
  const starts = new Set<string>();
  for (const word of new Set(texts.flat())) {
    if (isAscii.test(word)) {
      for (let length = Math.min(longest, word.length); length > 0; length -= 1) {
        const start = word.slice(0, length);
        // Whoever brought this one brought the shorter ones too.
        if (starts.has(start)) break;
        starts.add(start);
      }
      continue;
    }
    let start = '';
    let letters = 0;
    for (const letter of word) {
      start += letter;
      letters += 1;
      starts.add(start);
      if (letters === longest) break;
    }
  }
  return [...starts].join(' ');
}
