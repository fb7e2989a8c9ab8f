// The bytes of a part without their transfer encoding (RFC 2045 §6), whole or piece by piece.
import type { Part } from '../../shared/message.ts';
import { base64Pieces } from './base64.ts';
import { decodeText, withoutMark } from './charset.ts';
import { decodeQuotedPrintable } from './quoted-printable.ts';
import { decodeUuencode } from './uuencode.ts';

/** Encoded bytes that are decoded at once, about. */
const pieceSize = 1024 * 1024;
/** In so many encoded bytes a byte order mark is found. */
const markLook = 1024;

export const isUuencoded = ({ encoding }: Part): boolean => /^(?:x-)?uu(?:e|encode)$/.test(encoding);

/** What quoted-printable means is settled line by line. */
function* quotedPrintablePieces(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length;) {
    const lf = body.indexOf(10, start + pieceSize);
    const end = lf < 0 ? body.length : lf + 1;
    yield decodeQuotedPrintable(body.subarray(start, end));
    start = end;
  }
}

/**
 * An unknown encoding gives the bytes as they are. Never throws. A piece is good until the next is asked for, and may
 * share memory with `raw`.
 */
export function* decodePieces(raw: Buffer, part: Part): Generator<Buffer> {
  const body = raw.subarray(part.bodyOffset, part.bodyOffset + part.bodyLength);
  if (part.encoding === 'base64') yield* base64Pieces(body);
  else if (part.encoding === 'quoted-printable') yield* quotedPrintablePieces(body);
  else if (isUuencoded(part)) yield decodeUuencode(body);
  else yield body;
}

/** The first pieces up to `maxBytes`, as one; no encoding has fewer bytes than what it stands for. */
function collect(raw: Buffer, part: Part, maxBytes: number): Buffer {
  let all: Buffer | undefined;
  let length = 0;
  for (const piece of decodePieces(raw, part)) {
    // As it is: there was nothing to decode.
    if (piece.length >= part.bodyLength) return piece.subarray(0, maxBytes);
    all ??= Buffer.allocUnsafe(Math.min(part.bodyLength, maxBytes));
    length += piece.copy(all, length);
    if (length === all.length) break;
  }
  return all?.subarray(0, length) ?? Buffer.alloc(0);
}

/** All of it. Never throws; may share memory with `raw`. */
export const decodePart = (raw: Buffer, part: Part): Buffer => collect(raw, part, Infinity);

export const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Whether its text begins with a byte order mark; in a charset that is not UTF-8 these bytes are letters. */
export const beginsWithMark = (raw: Buffer, part: Part): boolean =>
  /^(?:utf-?8|(?:us-)?ascii)?$/i.test(part.charset ?? '') &&
  collect(raw, { ...part, bodyLength: Math.min(part.bodyLength, markLook) }, 3).equals(utf8Mark);

/**
 * The text of a part without a byte order mark, with the line endings of a JavaScript string or as they were sent: of
 * `maxLength` characters at least, if it has them.
 */
export function decodePartText(
  raw: Buffer,
  part: Part,
  maxBytes: number,
  maxLength: number,
  lineEndings: 'lf' | 'sent' = 'lf',
): string {
  const text = withoutMark(decodeText(collect(raw, part, maxBytes), part.charset));
  // A line ending takes two characters at most; folding them all would cost many times the memory of the text.
  const enough = text.slice(0, 2 * maxLength + 2);
  return lineEndings === 'sent' ? enough : enough.replace(/\r\n/g, '\n');
}
