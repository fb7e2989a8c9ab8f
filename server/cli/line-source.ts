// Bytes that come in pieces, taken as lines or by count, with a look ahead.

const LF = 10;
/** A line without end is given out in pieces of this size. */
const longestPiece = 1024 * 1024;

export interface Line {
  /** With its line ending. */
  bytes: Buffer;
  /** False for a further piece of an endless line. */
  isStart: boolean;
}

export class LineSource {
  readonly #chunks: AsyncIterator<Buffer>;
  #pending: Buffer = Buffer.alloc(0);
  #searched = 0;
  #inLine = false;
  #ended = false;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Waits for more bytes; false: there are none. */
  async more(): Promise<boolean> {
    if (this.#ended) return false;
    const next = await this.#chunks.next();
    if (next.done) {
      this.#ended = true;
      // What is left is a last line without an ending.
      return this.#pending.length > 0;
    }
    this.#pending = this.#pending.length === 0 ? next.value : Buffer.concat([this.#pending, next.value]);
    return true;
  }

  /** Undefined: call `more`. */
  tryLine(): Line | undefined {
    const at = this.#pending.indexOf(LF, this.#searched);
    if (at < 0 && !this.#ended && this.#pending.length < longestPiece) {
      this.#searched = this.#pending.length;
      return undefined;
    }
    if (at < 0 && this.#pending.length === 0) return undefined;
    const bytes = this.#cut(at < 0 ? this.#pending.length : at + 1);
    const isStart = !this.#inLine;
    this.#inLine = at < 0;
    return { bytes, isStart };
  }

  /** Up to `count` bytes; fewer only at the end. */
  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let left = count;
    while (left > 0 && (this.#pending.length > 0 || (await this.more()))) {
      const part = this.#cut(Math.min(left, this.#pending.length));
      left -= part.length;
      parts.push(part);
    }
    this.#inLine = false;
    return Buffer.concat(parts);
  }

  /** The next bytes, which stay. */
  async peek(count: number): Promise<Buffer> {
    while (this.#pending.length < count && (await this.more()) && !this.#ended);
    return this.#pending.subarray(0, count);
  }

  /** Puts back what `take` gave. */
  giveBack(bytes: Buffer): void {
    this.#pending = Buffer.concat([bytes, this.#pending]);
    this.#searched = 0;
  }

  #cut(length: number): Buffer {
    const bytes = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    this.#searched = 0;
    return bytes;
  }
}
