// The parts of a body until they are written. Lines that begin with a dot come one by one, and three bytes must not cost
// an object for as long as the message comes in.

const mostSmall = 1000;
const small = 512;

export class GatheredParts {
  /** Of all bytes. */
  length = 0;
  #parts: Buffer[] = [];
  /** The small ones at the end that are not joined yet. */
  #small = 0;

  get count(): number {
    return this.#parts.length;
  }

  add(part: Buffer): void {
    this.#parts.push(part);
    this.length += part.length;
    if (part.length >= small) this.#small = 0;
    else if (++this.#small === mostSmall) {
      this.#parts.push(Buffer.concat(this.#parts.splice(-mostSmall)));
      this.#small = 0;
    }
  }

  takeAll(): Buffer[] {
    const parts = this.#parts;
    this.#parts = [];
    this.#small = 0;
    this.length = 0;
    return parts;
  }

  /** In one; a copy only where there are several. */
  take(): Buffer {
    const { length } = this;
    const parts = this.takeAll();
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts, length);
  }
}
