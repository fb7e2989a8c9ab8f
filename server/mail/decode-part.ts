// The bytes of a part without their transfer encoding (RFC 2045 §6), whole or piece by piece.
import type { Part } from '../../shared/message.ts';
import { base64Pieces } from './base64.ts';
import { decodeText } from './charset.ts';
import { decodeQuotedPrintable } from './quoted-printable.ts';
import { decodeUuencode } from './uuencode.ts';

/** Encoded bytes that are decoded at once, about. */
const pieceSize = 1024 * 1024;

/** What quoted-printable means is settled line by line. */
function* quotedPrintablePieces(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length;) {
    const lf = body.indexOf(10, start + pieceSize);
    const end = lf < 0 ? body.length : lf + 1;
    yield decodeQuotedPrintable(body.subarray(start, end));
    start = end;
  }
}

/** An unknown encoding gives the bytes as they are. Never throws; the pieces may share memory with `raw`. */
export function* decodePieces(raw: Buffer, part: Part): Generator<Buffer> {
  const body = raw.subarray(part.bodyOffset, part.bodyOffset + part.bodyLength);
  if (part.encoding === 'base64') yield* base64Pieces(body);
  else if (part.encoding === 'quoted-printable') yield* quotedPrintablePieces(body);
  else if (/^(?:x-)?uu(?:e|encode)$/.test(part.encoding)) yield decodeUuencode(body);
  else yield body;
}

const join = (pieces: Buffer[]): Buffer => (pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));

/** All of it. Never throws; may share memory with `raw`. */
export const decodePart = (raw: Buffer, part: Part): Buffer => join([...decodePieces(raw, part)]);

/** The text of a part, with the line endings of a JavaScript string: of `maxLength` characters at least, if it has them. */
export function decodePartText(raw: Buffer, part: Part, maxBytes: number, maxLength: number): string {
  const pieces: Buffer[] = [];
  let length = 0;
  for (const piece of decodePieces(raw, part)) {
    pieces.push(piece);
    length += piece.length;
    if (length >= maxBytes) break;
  }
  const text = decodeText(join(pieces).subarray(0, maxBytes), part.charset);
  // A line ending takes two characters at most; folding them all would cost many times the memory of the text.
  return text.slice(0, 2 * maxLength + 2).replace(/\r\n/g, '\n');
}
