// RFC 2045 §6.8, read tolerantly: what is not base64 is passed over, and what follows the padding is looked at.

/** Encoded bytes that are decoded at once, about. Divisible by four: base64 has as many characters for three bytes. */
const pieceSize = 1024 * 1024;
const LF = 10;
const EQUALS = 61;

// Node takes "-" and "_" for digits, too: those of the alphabet for URLs, which mail does not use.
const isDigit = new Uint8Array(256);
for (const digit of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
  isDigit[digit.charCodeAt(0)] = 1;

/** Whether base64 goes on: some senders encode and pad every line. Mailing lists put their footer there instead. */
function goesOn(body: Buffer, from: number): boolean {
  let i = from;
  while (i < body.length && body[i]! <= 32) i++;
  const start = i;
  while (i < body.length && isDigit[body[i]!] === 1) i++;
  while (i < body.length && i - start > 0 && body[i] === EQUALS) i++;
  const length = i - start;
  while (i < body.length && body[i] !== LF && body[i]! <= 32) i++;
  return length > 0 && length % 4 === 0 && (i === body.length || body[i] === LF);
}

/** Large bodies come in several pieces, each in the memory of the one before. */
export function* base64Pieces(body: Buffer): Generator<Buffer> {
  const digits = Buffer.allocUnsafe(Math.min(pieceSize, body.length + 4));
  const out = Buffer.allocUnsafe(digits.length);
  let count = 0;
  let length = 0;
  const flush = (): void => {
    length += out.write(digits.toString('latin1', 0, count), length, 'base64');
    count = 0;
  };
  let end = body.length;
  for (let i = 0; i < end;) {
    // As many as there is room for in any case.
    const stop = Math.min(end, i + Math.max(1, out.length - 4 - length - count));
    for (; i < stop; i++) {
      const byte = body[i]!;
      if (isDigit[byte] === 1) digits[count++] = byte;
      else if (byte === EQUALS && count > 0) {
        flush();
        while (body[i + 1] === EQUALS) i++;
        if (!goesOn(body, i + 1)) end = i = body.length;
      }
    }
    if (length + count < out.length - 4 || count % 4 !== 0) continue;
    flush();
    yield out.subarray(0, length);
    length = 0;
  }
  flush();
  if (length > 0) yield out.subarray(0, length);
}

export const decodeBase64 = (text: string): Buffer =>
  Buffer.concat(Array.from(base64Pieces(Buffer.from(text, 'latin1')), (piece) => Buffer.from(piece)));
