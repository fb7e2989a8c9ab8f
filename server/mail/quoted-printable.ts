// RFC 2045 §6.7, read tolerantly: what is not an escape stays as it is written.
const hexOf = new Int8Array(256).fill(-1);
for (const [i, digit] of [...'0123456789abcdef'].entries()) {
  hexOf[digit.charCodeAt(0)] = i;
  hexOf[digit.toUpperCase().charCodeAt(0)] = i;
}

const LF = 10;
const CR = 13;
const EQUALS = 61;
const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9;

/** Where the line ends if only white space is left on it, just past the line ending; else -1. */
function softBreakEnd(bytes: Buffer, from: number): number {
  let i = from;
  // RFC 2045 allows no more than 76 characters on a line; transports add a little white space.
  while (i - from < 100 && isBlank(bytes[i])) i++;
  if (i >= bytes.length) return i;
  if (bytes[i] === CR && bytes[i + 1] === LF) return i + 2;
  return bytes[i] === LF ? i + 1 : -1;
}

export function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  // White space after this place was added in transport if the line ends behind it (rule 3).
  let solid = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === EQUALS) {
      const high = hexOf[bytes[i + 1] ?? 0]!;
      const low = hexOf[bytes[i + 2] ?? 0]!;
      if (high >= 0 && low >= 0) {
        out[length++] = (high << 4) | low;
        i += 2;
      } else {
        const end = softBreakEnd(bytes, i + 1);
        if (end < 0) out[length++] = byte;
        else i = end - 1;
      }
      solid = length;
      continue;
    }
    if (byte === LF || (byte === CR && bytes[i + 1] === LF)) {
      length = solid;
      if (byte === CR) {
        out[length++] = CR;
        i++;
      }
      out[length++] = LF;
      solid = length;
      continue;
    }
    out[length++] = byte;
    if (!isBlank(byte)) solid = length;
  }
  return out.subarray(0, length);
}
