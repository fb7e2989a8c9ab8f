// The bytes of an unfolded message as the lines that went over the wire, dots and all (RFC 5321 §4.5.2).

export interface DataLine {
  text: string;
  eol: 'CRLF' | 'LF' | 'CR' | '';
  /** Of the text, in bytes. */
  bytes: number;
  /** `stuffed`: its first dot was put there for transparency; `end`: the dot that ends the message. */
  mark: 'stuffed' | 'end' | null;
}

const maxLines = 20_000;
const maxLineBytes = 2000;
const utf8 = new TextDecoder('utf-8', { fatal: true });
const [lf, cr, dot] = [10, 13, 46];

function textOf(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, maxLineBytes);
  const more = bytes.length > maxLineBytes ? ' …' : '';
  try {
    return utf8.decode(shown) + more;
  } catch {
    let text = '';
    for (const byte of shown)
      text += byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
    return text + more;
  }
}

/** `isData`: it was sent by DATA, where dots are stuffed; BDAT counts its bytes instead. At most 20,000 lines. */
export function splitData(bytes: Uint8Array, isData: boolean): DataLine[] {
  const lines: DataLine[] = [];
  let start = 0;
  while (start < bytes.length && lines.length < maxLines) {
    let end = start;
    while (end < bytes.length && bytes[end] !== lf && bytes[end] !== cr) end += 1;
    const isPair = bytes[end] === cr && bytes[end + 1] === lf;
    const eol = end === bytes.length ? '' : isPair ? 'CRLF' : bytes[end] === lf ? 'LF' : 'CR';
    const next = end + (eol === '' ? 0 : isPair ? 2 : 1);
    const body = bytes.subarray(start, end);
    const isDot = isData && body[0] === dot;
    const isEnd = isDot && body.length === 1 && next === bytes.length;
    lines.push({
      text: textOf(body),
      eol,
      bytes: body.length,
      mark: isEnd ? 'end' : isDot && body[1] === dot ? 'stuffed' : null,
    });
    start = next;
  }
  return lines;
}
