// The in-memory socket whose far end is smtp-server: commands go in one at a time, whole replies come out.
import { Duplex } from 'node:stream';

const finalLine = /^\d{3}(?: |\r?\n)/;

export interface EngineReply {
  code: number;
  /** Without line endings. */
  lines: string[];
}

export class EnginePort extends Duplex {
  /** What `onData` of the engine is to answer; set before the end of the data is given to it. */
  verdict: Promise<unknown> | undefined;
  #text = '';
  #lines: string[] = [];
  #replies: EngineReply[] = [];
  #waiting: ((reply: EngineReply | null) => void) | undefined;
  #gone = false;

  constructor() {
    super({ allowHalfOpen: true, autoDestroy: true });
    this.on('error', () => {});
  }

  /** smtp-server drops its reply unless this says `open`. */
  get readyState(): string {
    return this.destroyed ? 'closed' : 'open';
  }

  /** The gate owns every time limit, the engine's never fires. */
  setTimeout(_ms: number, _listener?: () => void): this {
    return this;
  }

  /** The engine has closed; it answers nothing any more. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Gives the engine a command line or data. */
  give(bytes: Buffer | string): void {
    if (!this.destroyed && !this.readableEnded)
      this.push(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
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

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.#text += bytes.toString('latin1');
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n')) {
      const line = this.#text.slice(0, end + 1);
      this.#text = this.#text.slice(end + 1);
      this.#lines.push(line.trimEnd());
      if (finalLine.test(line)) this.#finish();
    }
    done();
  }

  #finish(): void {
    const reply = { code: Number(this.#lines.at(-1)!.slice(0, 3)), lines: this.#lines };
    this.#lines = [];
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(reply);
    else this.#replies.push(reply);
  }

  override _final(done: () => void): void {
    done();
    this.#leave();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    done(error);
    this.#leave();
  }

  #leave(): void {
    this.#gone = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(null);
  }
}
