// The bytes of a part without their transfer encoding (RFC 2045 §6), whole or piece by piece.
import type { Part } from '../../shared/message.ts';
import { decodeText } from './charset.ts';
import { decodeQuotedPrintable } from './quoted-printable.ts';

/** Encoded bytes that are decoded at once, about. Divisible by four: base64 has as many characters for three bytes. */
const pieceSize = 1024 * 1024;
const EQUALS = 61;

const isBase64 = new Uint8Array(256);
for (const digit of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  isBase64[digit.charCodeAt(0)] = 1;

/** Node skips what is not base64 but stops at the first padding; some senders pad every line. */
function* base64Pieces(body: Buffer): Generator<Buffer> {
  const padding = body.indexOf(EQUALS);
  const isLast =
    padding >= 0 &&
    !/[a-z0-9+/]/i.test(body.toString('latin1', padding, Math.min(body.length, padding + 1000)));
  const end = isLast ? padding : body.length;
  const digits = Buffer.allocUnsafe(Math.min(pieceSize, end + 4));
  let out = Buffer.allocUnsafe(digits.length);
  let count = 0;
  let length = 0;
  const flush = (): void => {
    length += out.write(digits.toString('latin1', 0, count), length, 'base64');
    count = 0;
  };
  for (let i = 0; i < end;) {
    // As many as there is room for in any case.
    const stop = Math.min(end, i + Math.max(1, out.length - 4 - length - count));
    for (; i < stop; i++) {
      const byte = body[i]!;
      if (isBase64[byte] === 1) digits[count++] = byte;
      else if (byte === EQUALS && count > 0) flush();
    }
    if (length + count < out.length - 4 || count % 4 !== 0) continue;
    flush();
    yield out.subarray(0, length);
    out = Buffer.allocUnsafe(digits.length);
    length = 0;
  }
  flush();
  if (length > 0) yield out.subarray(0, length);
}

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
