// The encoding of the time before MIME, which some senders name as a transfer encoding: `x-uuencode`.

const first = /^begin(?:-base64)? [0-7]{3,4} [^\n]*\n/m;

/** Lines that are not as their length says are read as far as they go. Without a `begin` line nothing is decoded. */
export function decodeUuencode(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const begin = first.exec(text);
  if (!begin) return bytes;
  const out = Buffer.allocUnsafe(Math.ceil((text.length * 3) / 4) + 48);
  let length = 0;
  for (let pos = begin.index + begin[0].length; pos < text.length;) {
    let end = text.indexOf('\n', pos);
    if (end < 0) end = text.length;
    const count = (text.charCodeAt(pos) - 32) & 63;
    if (count === 0 || text.startsWith('end', pos)) break;
    const stop = length + count;
    for (let i = pos + 1; i < end && length < stop; i += 4) {
      const digits = [0, 1, 2, 3].map((n) => (i + n < end ? (text.charCodeAt(i + n) - 32) & 63 : 0));
      const bits = (digits[0]! << 18) | (digits[1]! << 12) | (digits[2]! << 6) | digits[3]!;
      for (let shift = 16; shift >= 0 && length < stop; shift -= 8) out[length++] = (bits >> shift) & 255;
    }
    pos = end + 1;
  }
  return out.subarray(0, length);
}
