// Reads the length-prefixed structures of TLS (RFC 8446 §3.4). Throws RangeError at the end of the bytes: callers
// catch it once for a whole structure.
export class ByteReader {
  readonly bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at >= this.bytes.length;
  }

  take(length: number): Buffer {
    if (this.#at + length > this.bytes.length) throw new RangeError('the structure is cut short');
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }

  uint8(): number {
    return this.take(1).readUInt8(0);
  }

  uint16(): number {
    return this.take(2).readUInt16BE(0);
  }

  vector8(): Buffer {
    return this.take(this.uint8());
  }

  vector16(): Buffer {
    return this.take(this.uint16());
  }
}

export function uint16s(bytes: Buffer): number[] {
  const values: number[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2) values.push(bytes.readUInt16BE(at));
  return values;
}
