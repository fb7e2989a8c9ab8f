// Finding a text in the bytes of a message, a piece at a time, so that the page goes on meanwhile.
import type { RawSource } from './raw-source.svelte.ts';

const pieceBytes = 512 * 1024;
const maxHits = 10_000;
const latin = new TextDecoder('latin1');

const pause = (): Promise<void> => new Promise((done) => setTimeout(done));

export class SourceSearch {
  query = $state('');
  /** Rows, one for each hit. */
  hits = $state.raw<readonly number[]>([]);
  current = $state(0);
  isRunning = $state(false);

  readonly #raw: Pick<RawSource, 'bytes' | 'rowAt'>;
  #turn = 0;

  constructor(raw: Pick<RawSource, 'bytes' | 'rowAt'>) {
    this.#raw = raw;
  }

  get isFull(): boolean {
    return this.hits.length >= maxHits;
  }

  /** The row of the current hit, or null. */
  get row(): number | null {
    return this.hits[this.current] ?? null;
  }

  step(by: 1 | -1): void {
    const { length } = this.hits;
    if (length > 0) this.current = (this.current + by + length) % length;
  }

  clear(): void {
    this.#turn += 1;
    this.query = '';
    this.hits = [];
    this.current = 0;
    this.isRunning = false;
  }

  /** Upper and lower case are the same. */
  async find(query: string, size: number): Promise<void> {
    const turn = (this.#turn += 1);
    this.query = query;
    this.hits = [];
    this.current = 0;
    this.isRunning = query !== '';
    if (query === '') return;
    // One character for each byte, so that places in the text are places in the message.
    const wanted = latin.decode(new TextEncoder().encode(query)).toLowerCase();
    const found: number[] = [];
    for (let from = 0; from < size && found.length < maxHits; from += pieceBytes) {
      const piece = this.#raw.bytes(from, from + pieceBytes + wanted.length - 1);
      const text = latin.decode(piece).toLowerCase();
      for (let at = text.indexOf(wanted); at >= 0 && found.length < maxHits;) {
        found.push(this.#raw.rowAt(from + at));
        at = text.indexOf(wanted, at + wanted.length);
      }
      await pause();
      if (turn !== this.#turn) return;
      if (found.length > this.hits.length) this.hits = found.slice();
    }
    this.isRunning = false;
  }
}
