// Turns a stored body back into the bytes that went over the wire, for which it is kept where dots were taken out.

const dot = 0x2e;

/**
 * With DATA the removed dots come back (RFC 5321 §4.5.2) and the end of data follows. A stored body has the CRLF
 * before the final dot, as that CRLF belongs to the message (RFC 5321 §4.1.1.4); without one it is added.
 * With BDAT (RFC 3030) the chunks follow each other unchanged; their commands are lines of their own.
 *
 * `dots` say before which offsets of the body a dot was removed, as `StuffedDots` packs them.
 */
export function rebuildWire(body: Buffer, dots: Uint8Array, bdat: number[] | null): Buffer {
  if (bdat !== null) return body;
  const ended = body.length === 0 || (body.length >= 2 && body.subarray(-2).equals(Buffer.from('\r\n')));
  const end = Buffer.from(ended ? '.\r\n' : '\r\n.\r\n');
  const offsets = unpackDots(dots);
  const wire = Buffer.allocUnsafe(body.length + offsets.length + end.length);
  let from = 0;
  let to = 0;
  for (const offset of offsets) {
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

const nothing = new Uint8Array();
/** An offset takes at most so many. */
const mostBytes = 8;

/**
 * Where dots were taken out (RFC 5321 §4.5.2): ascending offsets as the steps between them, seven bits a byte, so mostly
 * one or two bytes each. Packed from the first on: a message may be nothing but lines that begin with a dot.
 */
export class StuffedDots {
  count = 0;
  #bytes = nothing;
  #length = 0;
  #last = 0;
  #isKept = true;

  add(offset: number): void {
    this.count++;
    if (!this.#isKept) return;
    if (this.#length + mostBytes > this.#bytes.length) this.#grow();
    let step = offset - this.#last;
    this.#last = offset;
    for (; step >= 128; step = Math.floor(step / 128)) this.#bytes[this.#length++] = (step % 128) | 128;
    this.#bytes[this.#length++] = step;
  }

  /** From here on they are counted and no more. */
  forget(): void {
    this.#isKept = false;
    this.#bytes = nothing;
    this.#length = 0;
  }

  get packed(): Uint8Array {
    return this.#length === 0 ? nothing : this.#bytes.slice(0, this.#length);
  }

  #grow(): void {
    const larger = new Uint8Array(Math.max(64, 2 * this.#bytes.length));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

export function unpackDots(packed: Uint8Array): Uint32Array {
  const offsets = new Uint32Array(packed.reduce((count, byte) => (byte < 128 ? count + 1 : count), 0));
  let count = 0;
  let offset = 0;
  let scale = 1;
  for (const byte of packed) {
    offset += (byte & 127) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    offsets[count++] = offset;
    scale = 1;
  }
  return offsets;
}
