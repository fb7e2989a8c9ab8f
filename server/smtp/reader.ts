// Pulls lines and bytes from the client's stream, and knows in which read each byte came.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ReceivedBytes } from './record/recorder.ts';
import { whenEnded } from './when-ended.ts';

const highWater = 256 * 1024;

interface Piece {
  bytes: Buffer;
  atUs: number;
  chunk: number;
}

export interface ReadLine extends ReceivedBytes {
  /** false: cut at the limit or at the end of the stream. */
  complete: boolean;
}

export class Reader {
  /** Bytes that are here and not yet taken. */
  buffered = 0;
  /** The stream has ended, by FIN, error or close; buffered bytes are still to be read. */
  ended = false;
  error: NodeJS.ErrnoException | undefined;
  /** When the last byte came, in micro-seconds since the session was opened. */
  lastAtUs = 0;
  #pieces: Piece[] = [];
  #wake: (() => void) | undefined;
  #left: (() => void) | undefined;
  #source: Duplex;
  #onBytes: (bytes: Buffer) => { atUs: number; chunk: number };

  #onSourceEnd: () => void;

  /** `socket`: where it is read itself, without TLS. */
  constructor(source: Duplex, onBytes: (bytes: Buffer) => { atUs: number; chunk: number }, socket?: Socket) {
    this.#source = source;
    this.#onBytes = onBytes;
    this.#onSourceEnd = socket
      ? () => whenEnded(socket, (reset) => (reset ? this.#onError(reset) : this.#onEnd()))
      : this.#onEnd;
    source
      .on('data', this.#onData)
      .on('end', this.#onSourceEnd)
      .on('close', this.#onEnd)
      .on('error', this.#onError);
  }

  #onData = (bytes: Buffer): void => {
    const { atUs, chunk } = this.#onBytes(bytes);
    this.lastAtUs = atUs;
    this.#pieces.push({ bytes, atUs, chunk });
    this.buffered += bytes.length;
    if (this.buffered > highWater) this.#source.pause();
    this.#awake();
  };
  #onEnd = (): void => {
    this.ended = true;
    this.#left?.();
    this.#awake();
  };
  #onError = (error: NodeJS.ErrnoException): void => {
    this.error = error;
    this.#onEnd();
  };

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** Ends every wait, as if the stream had ended. */
  stop(): void {
    this.#onEnd();
  }

  /** Takes nothing from the stream until it is asked for more. */
  hold(): void {
    this.#source.pause();
  }

  /** Waits until more has come; false at the end of the stream. */
  async more(): Promise<boolean> {
    if (this.ended) return false;
    const before = this.buffered;
    this.#source.resume();
    await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.buffered > before || !this.ended;
  }

  /** Resolves when the client has left, or nothing more is to be read. */
  gone(): Promise<void> {
    if (this.ended) return Promise.resolve();
    if (this.buffered <= highWater) this.#source.resume();
    return new Promise((resolve) => (this.#left = resolve));
  }

  /** A line with its ending, if the newest bytes hold it whole: as most commands come. */
  tryWholeLine(max: number): ReadLine | undefined {
    const first = this.#pieces[0];
    const lf = first === undefined ? -1 : first.bytes.indexOf(10);
    if (first === undefined || lf < 0 || lf >= max) return undefined;
    const { bytes, atUs, chunk, chunks } = this.#take(lf + 1);
    return { bytes, atUs, chunk, chunks, complete: true };
  }

  /** A line with its ending, if one is here whole (or longer than `max`, or last); undefined: wait for more. */
  tryLine(max: number): ReadLine | undefined {
    let length = 0;
    let complete = false;
    for (const { bytes } of this.#pieces) {
      const lf = bytes.indexOf(10);
      if (lf >= 0) {
        length += lf + 1;
        complete = length <= max;
        length = Math.min(length, max);
        break;
      }
      length += bytes.length;
      if (length > max) {
        length = max;
        break;
      }
    }
    const cut = !complete && length === max && max > 0;
    if (!complete && !cut && !(this.ended && length > 0)) {
      if (this.#pieces.length > 64) this.#join();
      return undefined;
    }
    const { bytes, atUs, chunk, chunks } = this.#take(length);
    return { bytes, atUs, chunk, chunks, complete };
  }

  /** The next bytes, at most `max`, from one read; undefined: wait for more. */
  trySome(max: number): ReceivedBytes | undefined {
    const first = this.#pieces[0];
    return first && max > 0 ? this.#take(Math.min(max, first.bytes.length)) : undefined;
  }

  /** The next bytes without taking them. */
  peek(): Buffer | undefined {
    return this.#pieces[0]?.bytes;
  }

  /** Puts back what was taken last and not used. */
  unread(rest: Buffer, from: ReceivedBytes): void {
    if (rest.length === 0) return;
    this.#pieces.unshift({ bytes: rest, atUs: from.atUs, chunk: from.chunk });
    this.buffered += rest.length;
  }

  /** Leaves the stream to somebody else, paused; what was not read. */
  detach(): Buffer {
    this.#source.pause();
    this.#source
      .off('data', this.#onData)
      .off('end', this.#onSourceEnd)
      .off('close', this.#onEnd)
      .off('error', this.#onError);
    const rest = Buffer.concat(this.#pieces.map((piece) => piece.bytes));
    this.#pieces = [];
    this.buffered = 0;
    return rest;
  }

  #take(length: number): ReceivedBytes {
    const first = this.#pieces[0]!;
    const { chunk } = first;
    this.buffered -= length;
    if (length < first.bytes.length) {
      const bytes = first.bytes.subarray(0, length);
      first.bytes = first.bytes.subarray(length);
      return { bytes, atUs: first.atUs, chunk, chunks: 1 };
    }
    if (length === first.bytes.length) {
      this.#pieces.shift();
      return { bytes: first.bytes, atUs: first.atUs, chunk, chunks: 1 };
    }
    const taken: Buffer[] = [];
    let { atUs } = first;
    let left = length;
    while (left > 0) {
      const piece = this.#pieces[0]!;
      const part = piece.bytes.subarray(0, left);
      taken.push(part);
      left -= part.length;
      atUs = piece.atUs;
      if (part.length === piece.bytes.length) this.#pieces.shift();
      else piece.bytes = piece.bytes.subarray(part.length);
    }
    return { bytes: Buffer.concat(taken), atUs, chunk, chunks: taken.length };
  }

  /** A client that sends byte by byte must not make each search start over a long list. */
  #join(): void {
    const first = this.#pieces[0]!;
    const last = this.#pieces.at(-1)!;
    this.#pieces = [
      { bytes: Buffer.concat(this.#pieces.map((piece) => piece.bytes)), atUs: last.atUs, chunk: first.chunk },
    ];
  }
}
