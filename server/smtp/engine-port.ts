// The in-memory socket whose far end is smtp-server: commands go in one at a time, whole replies come out. It has what
// smtp-server asks of a socket and no more: a stream of Node's own took a tenth of the processor of a short connection.
import { EventEmitter } from 'node:events';
import type { Writable } from 'node:stream';

const finalLine = /^\d{3}(?: |\r?\n)/;

export interface EngineReply {
  code: number;
  /** Without line endings. */
  lines: string[];
}

export class EnginePort extends EventEmitter {
  /** What `onData` of the engine is to answer; set before the end of the data is given to it. */
  verdict: Promise<unknown> | undefined;
  destroyed = false;
  /** Replies are taken at once. */
  readonly writableNeedDrain = false;
  #parser: Writable | undefined;
  #text = '';
  #lines: string[] = [];
  #replies: EngineReply[] = [];
  #waiting: ((reply: EngineReply | null) => void) | undefined;
  #gone = false;

  /** The engine has closed; it answers nothing any more. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Gives the engine a command line or data. */
  give(bytes: Buffer | string): void {
    this.#parser?.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** The next reply; null when the engine is gone. */
  reply(): Promise<EngineReply | null> {
    const ready = this.#replies.shift();
    if (ready) return Promise.resolve(ready);
    if (this.#gone) return Promise.resolve(null);
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  ask(line: Buffer | string): Promise<EngineReply | null> {
    this.give(line);
    return this.reply();
  }

  // What follows is the socket that smtp-server sees.

  /** smtp-server drops its reply unless this says `open`. */
  get readyState(): string {
    return this.destroyed ? 'closed' : 'open';
  }

  get writable(): boolean {
    return !this.#gone;
  }

  /** The gate owns every time limit, the engine's never fires. */
  setTimeout(): this {
    return this;
  }

  pipe(parser: Writable): Writable {
    return (this.#parser = parser);
  }

  unpipe(): void {
    this.#parser = undefined;
  }

  /** What is given to an engine that closes is dropped. */
  resume(): void {}

  write(reply: string): void {
    // As the bytes would come from a wire.
    this.#text += Buffer.from(reply).toString('latin1');
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n')) {
      const line = this.#text.slice(0, end + 1);
      this.#text = this.#text.slice(end + 1);
      this.#lines.push(line.trimEnd());
      if (finalLine.test(line)) this.#finish();
    }
  }

  #finish(): void {
    const reply = { code: Number(this.#lines.at(-1)!.slice(0, 3)), lines: this.#lines };
    this.#lines = [];
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(reply);
    else this.#replies.push(reply);
  }

  end(): void {
    this.#gone = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(null);
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.end();
    process.nextTick(() => this.emit('close', false));
  }
}
