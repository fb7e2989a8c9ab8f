// Frames DATA (RFC 5321 4.1.1.4, 4.5.2): finds the end, takes stuffed dots out, counts what is odd. One numeric
// pass over the bytes with state that survives any cut between two reads; bytes are never changed, only left out.

import { StuffedDots } from '../wire-bytes.ts';

const none = 0;
const lf = 1;
const cr = 2;
const crlf = 3;
const names = ['', '<LF>', '<CR>', '<CRLF>'];

export class DataScanner {
  lines = 0;
  longestLine = 0;
  bareLf = 0;
  bareCr = 0;
  /** The line of the first of both, from 1; 0 where there is none. */
  firstBare = 0;
  nul = 0;
  eightBit = 0;
  /** Bytes given out. */
  size = 0;
  /** Ambiguous end-of-data sequences such as `<LF>.<LF>`: content here, an end for other servers. */
  smuggling: Record<string, number> = {};
  /** Where in what was given out a dot was removed. */
  readonly dots = new StuffedDots();
  /** The line break directly before this position; a CR may still become a CRLF. */
  #before = crlf;
  /** Inside `<break>.`: which break stood before the dot. */
  #dotAfter = none;
  /** Inside `<break>.<CR>`. */
  #dotCr = false;
  #lineLength = 0;
  /** The memory of the bytes at hand, four at once. */
  #words: Uint32Array = noWords;
  readonly #transparent: boolean;

  /** `transparent`: dots mean nothing and there is no end, as in BDAT; only the counting is wanted. */
  constructor(transparent = false) {
    this.#transparent = transparent;
  }

  /** What may be the final dot and has neither been given out nor found to end the data. */
  get held(): Buffer {
    if (this.#dotAfter !== crlf) return Buffer.alloc(0);
    return this.#dotCr ? heldDotCr : heldDot;
  }

  /**
   * Takes the next bytes, gives what belongs to the message to `write`, and returns the index behind the final
   * dot, or -1 when the end has not come. A dot that may be the final one is held back until that is known.
   */
  feed(bytes: Buffer, write: (part: Buffer) => void): number {
    const end = bytes.length;
    let from = 0;
    let at = 0;
    let length = this.#lineLength;
    const give = (to: number): void => {
      if (to > from) {
        write(from === 0 && to === end ? bytes : bytes.subarray(from, to));
        this.size += to - from;
      }
    };
    while (at < end) {
      const byte = bytes[at++]!;
      if (this.#dotAfter === none && this.#before === none && byte !== 10 && byte !== 13) {
        const to = this.#skip(bytes, at - 1);
        length += to - at + 1;
        at = to;
        continue;
      }
      if (this.#dotAfter === crlf) {
        // Decide about the dot that was held back, now that the byte behind it is known.
        if (this.#dotCr) {
          if (byte === 10) {
            this.#lineLength = 0;
            this.#dotAfter = none;
            this.#dotCr = false;
            this.#before = crlf;
            return at;
          }
          write(heldDotCr);
          this.size += 2;
          from = at - 1;
          this.#count(crlf, cr);
          this.#dotCr = false;
          this.#dotAfter = none;
          this.#before = cr;
        } else if (byte === 13) {
          this.#dotCr = true;
          from = at;
          continue;
        } else {
          this.#dotAfter = none;
          this.#before = none;
          from = at - 1;
          if (byte === 10) {
            write(heldDot);
            this.size++;
            this.#countBareLf();
            this.#count(crlf, lf);
            this.#endLine(length);
            length = 0;
            this.#before = lf;
            continue;
          }
          // RFC 5321 4.5.2: a leading dot with other characters behind it is removed.
          length--;
          this.dots.add(this.size);
        }
      }
      if (byte === 10) {
        if (this.#before === cr) {
          if (this.#dotAfter !== none) this.#count(this.#dotAfter, crlf);
          this.#before = crlf;
        } else {
          this.#countBareLf();
          if (this.#dotAfter !== none) this.#count(this.#dotAfter, lf);
          this.#before = lf;
        }
        this.#endLine(length);
        length = 0;
        this.#dotAfter = none;
        continue;
      }
      if (this.#before === cr) {
        this.#countBareCr();
        length++;
        if (this.#dotAfter !== none) this.#count(this.#dotAfter, cr);
        this.#dotAfter = none;
      }
      if (byte === 13) {
        this.#before = cr;
        continue;
      }
      length++;
      if (byte > 127) this.eightBit++;
      else if (byte === 0) this.nul++;
      if (byte === 46 && !this.#transparent && this.#before !== none && this.#dotAfter === none) {
        this.#dotAfter = this.#before;
        this.#before = none;
        if (this.#dotAfter === crlf) {
          give(at - 1);
          from = at;
        }
        continue;
      }
      this.#dotAfter = none;
      this.#before = none;
    }
    give(end);
    this.#lineLength = length;
    return -1;
  }

  /** The bytes have ended without an end of data: what is open is what it is. */
  end(): void {
    if (this.#before === cr) {
      this.#countBareCr();
      this.#lineLength++;
    }
    if (this.#lineLength > 0) this.#endLine(this.#lineLength);
    this.#lineLength = 0;
    this.#before = crlf;
  }

  /** Inside a line nothing can happen but its end; by far the most bytes are there. */
  #skip(bytes: Buffer, from: number): number {
    let eightBit = 0;
    let nul = 0;
    let at = from;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte > 13 && byte < 128) {
        if (((bytes.byteOffset + at) & 3) === 3) at = this.#skipWords(bytes, at + 1) - 1;
        continue;
      }
      if (byte === 10 || byte === 13) break;
      if (byte > 127) eightBit++;
      else if (byte === 0) nul++;
    }
    this.eightBit += eightBit;
    this.nul += nul;
    return at;
  }

  /** Four bytes at once, from an address that four divides, while all of them are from 14 to 127. */
  #skipWords(bytes: Buffer, from: number): number {
    const words = this.#wordsOf(bytes);
    const offset = bytes.byteOffset;
    let word = (offset + from) >> 2;
    const end = (offset + bytes.length) >> 2;
    // A byte under 14 borrows from its top bit, one over 127 has it set.
    while (word < end && ((words[word]! | (words[word]! - 0x0e0e0e0e)) & 0x80808080) === 0) word++;
    return (word << 2) - offset;
  }

  #wordsOf({ buffer }: Buffer): Uint32Array {
    if (this.#words.buffer !== buffer) this.#words = new Uint32Array(buffer, 0, buffer.byteLength >> 2);
    return this.#words;
  }

  #countBareLf(): void {
    this.bareLf++;
    if (this.firstBare === 0) this.firstBare = this.lines + 1;
  }

  #countBareCr(): void {
    this.bareCr++;
    if (this.firstBare === 0) this.firstBare = this.lines + 1;
  }

  #endLine(length: number): void {
    this.lines++;
    if (length > this.longestLine) this.longestLine = length;
  }

  #count(before: number, after: number): void {
    const name = `${names[before]}.${names[after]}`;
    this.smuggling[name] = (this.smuggling[name] ?? 0) + 1;
  }
}

const noWords: Uint32Array = new Uint32Array();
const heldDot = Buffer.from('.');
const heldDotCr = Buffer.from('.\r');
