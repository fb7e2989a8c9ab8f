// RFC 2045 §6.8, read tolerantly: what is not base64 is passed over, and what follows the padding is looked at. Node's own
// decoder takes text only, and a string of each piece would be more garbage than a large message has bytes.

/** Decoded bytes of a piece, at most. */
const pieceSize = 768 * 1024;
const LF = 10;
const EQUALS = 61;
const noDigit = 64;

/** Without "-" and "_", which are digits in the alphabet for URLs and not in mail. */
const values = new Uint8Array(256).fill(noDigit);
for (const [value, digit] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries())
  values[digit.charCodeAt(0)] = value;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && values[byte]! < noDigit;

/** Whether base64 goes on: some senders encode and pad every line. Mailing lists put their footer there instead. */
function goesOn(body: Buffer, from: number): boolean {
  let i = from;
  while (i < body.length && body[i]! <= 32) i++;
  const start = i;
  while (isDigit(body[i])) i++;
  while (i > start && body[i] === EQUALS) i++;
  const length = i - start;
  while (i < body.length && body[i] !== LF && body[i]! <= 32) i++;
  return length > 0 && length % 4 === 0 && (i === body.length || body[i] === LF);
}

/** How far a body is decoded, and how much of `out` is filled. */
interface Place {
  at: number;
  length: number;
  /** Digits since the last whole four of them, as a number, and how many. */
  group: number;
  count: number;
  /** Padding before any digit is none. */
  hasDigits: boolean;
}

/** Up to padding, the end, or where another four digits would not fit. */
function decodeDigits(body: Buffer, out: Buffer, place: Place): void {
  let { at, length, group, count, hasDigits } = place;
  for (; at < body.length && length + 3 <= out.length; at++) {
    const byte = body[at]!;
    const value = values[byte]!;
    if (value < noDigit) {
      hasDigits = true;
      group = (group << 6) | value;
      if (++count < 4) continue;
      out[length++] = group >> 16;
      out[length++] = group >> 8;
      out[length++] = group;
      group = count = 0;
    } else if (byte === EQUALS && hasDigits) break;
  }
  Object.assign(place, { at, length, group, count, hasDigits });
}

/** What is left of four: two digits are a byte, three are two. Passes over the padding. */
function endGroup(body: Buffer, out: Buffer, place: Place): void {
  const { group, count } = place;
  if (count === 2) out[place.length++] = group >> 4;
  if (count === 3) {
    out[place.length++] = group >> 10;
    out[place.length++] = group >> 2;
  }
  Object.assign(place, { group: 0, count: 0, hasDigits: false });
  while (body[place.at] === EQUALS) place.at++;
}

/** Large bodies come in several pieces, each in the memory of the one before. */
export function* base64Pieces(body: Buffer): Generator<Buffer> {
  const out = Buffer.allocUnsafe(Math.min(pieceSize, body.length + 3));
  const place: Place = { at: 0, length: 0, group: 0, count: 0, hasDigits: false };
  const isFull = (): boolean => place.length + 3 > out.length;
  for (let isMore = true; isMore;) {
    decodeDigits(body, out, place);
    if (!isFull()) {
      endGroup(body, out, place);
      isMore = goesOn(body, place.at);
      if (isMore && !isFull()) continue;
    }
    if (place.length > 0) yield out.subarray(0, place.length);
    place.length = 0;
  }
}

export const decodeBase64 = (text: string): Buffer =>
  Buffer.concat(Array.from(base64Pieces(Buffer.from(text, 'latin1')), (piece) => Buffer.from(piece)));
