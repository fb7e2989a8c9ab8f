// The record layer of one direction (RFC 8446 §5.1), and the handshake messages that run through its records.
// Both take bytes in any pieces, copy each byte once and never hold more than one record or one message.

const header = 5;
/** RFC 5246 §6.2.3: 2^14 plus 2,048. */
const maxRecord = 16_384 + 2_048;
const applicationData = 23;

export interface TlsRecord {
  type: number;
  version: number;
  /** Of the body on the wire. */
  length: number;
  /** Empty for application data, which nobody here can read. */
  body: Buffer;
}

export class RecordReader {
  #head = Buffer.alloc(header);
  #headBytes = 0;
  #body: Buffer = Buffer.alloc(0);
  #bodyBytes = 0;
  #length = 0;
  #isTls = true;

  /** True while a record has begun and is not complete. */
  get isInside(): boolean {
    return this.#headBytes > 0;
  }

  /** False once the bytes are no TLS records; then nothing more is read. */
  feed(chunk: Buffer, onRecord: (record: TlsRecord) => void): boolean {
    let at = 0;
    while (this.#isTls && at < chunk.length) {
      if (this.#headBytes < header) at += this.#takeHead(chunk, at);
      else at += this.#takeBody(chunk, at);
      if (this.#isTls && this.#headBytes === header && this.#bodyBytes === this.#length)
        onRecord(this.#finish());
    }
    return this.#isTls;
  }

  #takeHead(chunk: Buffer, at: number): number {
    const taken = chunk.copy(this.#head, this.#headBytes, at);
    this.#headBytes += taken;
    const [type = 0, major = 3] = this.#head;
    if (type < 20 || type > 24 || (this.#headBytes > 1 && major !== 3)) this.#isTls = false;
    if (this.#isTls && this.#headBytes === header) {
      this.#length = this.#head.readUInt16BE(3);
      if (this.#length > maxRecord) this.#isTls = false;
      else if (type !== applicationData) this.#body = Buffer.alloc(this.#length);
    }
    return taken;
  }

  #takeBody(chunk: Buffer, at: number): number {
    const taken = Math.min(this.#length - this.#bodyBytes, chunk.length - at);
    if (this.#head[0] !== applicationData) chunk.copy(this.#body, this.#bodyBytes, at, at + taken);
    this.#bodyBytes += taken;
    return taken;
  }

  #finish(): TlsRecord {
    const record = {
      type: this.#head.readUInt8(0),
      version: this.#head.readUInt16BE(1),
      length: this.#length,
      body: this.#body,
    };
    this.#headBytes = this.#bodyBytes = this.#length = 0;
    this.#body = Buffer.alloc(0);
    return record;
  }
}

export interface HandshakeMessage {
  type: number;
  length: number;
  /** With its header of four bytes; null when it was longer than the limit. */
  bytes: Buffer | null;
}

export class MessageReader {
  readonly #limit: number;
  #bytes: Buffer = Buffer.alloc(512);
  #have = 0;
  #skip = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  feed(body: Buffer, onMessage: (message: HandshakeMessage) => void): void {
    let at = 0;
    while (at < body.length) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, body.length - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      const wanted = this.#have < 4 ? 4 : 4 + this.#bytes.readUIntBE(1, 3);
      const taken = Math.min(wanted - this.#have, body.length - at);
      this.#append(body.subarray(at, at + taken));
      at += taken;
      if (this.#have >= 4) this.#deliver(onMessage);
    }
  }

  #deliver(onMessage: (message: HandshakeMessage) => void): void {
    const type = this.#bytes.readUInt8(0);
    const length = 4 + this.#bytes.readUIntBE(1, 3);
    if (length > this.#limit) {
      this.#skip = length - this.#have;
      this.#have = 0;
      onMessage({ type, length, bytes: null });
    } else if (this.#have === length) {
      this.#have = 0;
      onMessage({ type, length, bytes: Buffer.from(this.#bytes.subarray(0, length)) });
    }
  }

  /** Grows by doubling, so that a message in pieces of one byte costs no more than in one piece. */
  #append(piece: Buffer): void {
    if (this.#have + piece.length > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#have + piece.length));
      this.#bytes.copy(grown, 0, 0, this.#have);
      this.#bytes = grown;
    }
    piece.copy(this.#bytes, this.#have);
    this.#have += piece.length;
  }
}
