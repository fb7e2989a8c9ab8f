// A message that comes in BDAT chunks (RFC 3030): its bytes, and the lines of the transcript that stand for them.
import type { BodyWriter } from './arrival.ts';
import { DataScanner } from './data-scanner.ts';
import type { SimulatedFault } from '../../shared/fault-moment.ts';
import type { Recorder } from './record/recorder.ts';

export class ChunkedMessage {
  readonly scanner = new DataScanner(true);
  readonly body: BodyWriter;
  readonly startedUs: number;
  /** Sizes in the order of the chunks. */
  readonly chunks: number[] = [];
  /** Lines of the chunks that are not empty. */
  readonly lines: number[] = [];
  /** The simulated failure that is to end the connection while it comes. */
  cut: SimulatedFault | undefined;
  /** It went over the limit: its bytes are counted and not kept. */
  tooBig = false;
  readonly #recorder: Recorder;
  readonly #maxSize: number;

  constructor(recorder: Recorder, body: BodyWriter, maxSize: number) {
    this.#recorder = recorder;
    this.body = body;
    this.#maxSize = maxSize;
    this.startedUs = recorder.now();
  }

  /** Takes bytes of a chunk; a promise when the sender should wait. */
  take(bytes: Buffer): Promise<void> | undefined {
    let wait: Promise<void> | undefined;
    this.scanner.feed(bytes, (part) => {
      if (this.tooBig) return;
      if (this.scanner.size + part.length > this.#maxSize) {
        this.tooBig = true;
        this.body.discard();
      } else wait = this.body.write(part);
    });
    return wait;
  }

  /** A chunk is here, or as much of it as came. */
  endChunk(line: { atUs: number; chunk: number; chunks: number; bytes: number; text: string }): void {
    this.chunks.push(line.bytes);
    if (line.bytes > 0) this.lines.push(this.#recorder.dataLine(line));
  }

  /** It never becomes a message: its bytes stay beside their lines, as far as there is room. */
  async abandon(): Promise<void> {
    const { log } = this.#recorder;
    const arrived = this.tooBig ? undefined : await this.body.finish().catch(() => undefined);
    let at = 0;
    const sizes = this.chunks.filter((size) => size > 0);
    for (const [index, line] of this.lines.entries()) {
      const bytes = arrived?.bytes?.subarray(at, (at += sizes[index]!));
      if (bytes && log.hasRoom(bytes.length)) log.amend(line, { lost: undefined }, Buffer.from(bytes));
    }
    this.body.discard();
  }
}
