// Lines of a delivery report with what strangers sent: none is over the limit of RFC 5322, and none begins another.
const maxLine = 998;

/** What strangers sent, for a line of its own: nothing in it can begin another one. */
export const oneLine = (text: string): string => text.replace(/\p{Cc}/gu, '?');

export const fitsLine = (text: string): boolean => Buffer.byteLength(text) <= maxLine;

/** In pieces of so many bytes at most, with no character in two of them. */
function cutAt(text: string, max: number): string[] {
  const pieces: string[] = [];
  let size = Infinity;
  for (const char of text) {
    const bytes = Buffer.byteLength(char);
    if (size + bytes > max) {
      pieces.push('');
      size = 0;
    }
    pieces[pieces.length - 1] += char;
    size += bytes;
  }
  return pieces;
}

/** RFC 5322 2.2.3: broken at blanks, and where there is none for long. */
export function fold(name: string, ...pieces: string[]): string {
  const lines = [`${name}:`];
  for (const [n, piece] of pieces.entries()) {
    if (n > 0) lines.push('   ');
    for (const word of piece.split(' ').flatMap((word) => cutAt(word, 900))) {
      const last = lines.at(-1)!;
      if (Buffer.byteLength(last + word) >= 78 && last.trim() !== '') lines.push('   ');
      lines.push(`${lines.pop()!} ${word}`);
    }
  }
  return lines.join('\r\n');
}

/** As it is; folded only where it would be too long. */
export function field(name: string, value: string): string {
  const line = `${name}: ${value}`;
  return fitsLine(line) ? line : fold(name, value);
}

/** Of a text for people, which goes on indented. */
export const wrap = (line: string): string[] =>
  fitsLine(line) ? [line] : cutAt(line, 990).map((piece, n) => (n > 0 ? `    ${piece}` : piece));
