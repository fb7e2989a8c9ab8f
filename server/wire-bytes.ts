// Turns a stored body back into the bytes that went over the wire.

const dot = 0x2e;

/**
 * With DATA the removed dots come back (RFC 5321 §4.5.2) and the end of data follows. A stored body has the CRLF
 * before the final dot, as that CRLF belongs to the message (RFC 5321 §4.1.1.4); without one it is added.
 * With BDAT (RFC 3030) the chunks follow each other unchanged; their commands are lines of their own.
 *
 * `dots` are offsets in the body before which a dot was removed, ascending.
 */
export function rebuildWire(body: Buffer, dots: Uint32Array, bdat: number[] | null): Buffer {
  if (bdat !== null) return body;
  const ended = body.length === 0 || (body.length >= 2 && body.subarray(-2).equals(Buffer.from('\r\n')));
  const end = Buffer.from(ended ? '.\r\n' : '\r\n.\r\n');
  const wire = Buffer.allocUnsafe(body.length + dots.length + end.length);
  let from = 0;
  let to = 0;
  for (const offset of dots) {
    if (offset < from || offset > body.length) continue;
    to += body.copy(wire, to, from, offset);
    wire[to++] = dot;
    from = offset;
  }
  to += body.copy(wire, to, from);
  to += end.copy(wire, to);
  return wire.subarray(0, to);
}

/** The bytes of one BDAT chunk, counted from 0. */
export function bdatChunk(body: Buffer, bdat: number[], index: number): Buffer {
  const start = bdat.slice(0, index).reduce((sum, size) => sum + size, 0);
  return body.subarray(start, start + (bdat[index] ?? 0));
}
