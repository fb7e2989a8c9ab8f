// The bytes of a message as they come, cut into rows. The rows are offsets; only those in sight become text, so that
// 50 MiB cost their bytes and no more.
import { untrack } from 'svelte';

export type LineEnd = 'CRLF' | 'LF' | 'CR' | '';

export interface SourceRow {
  /** Of its line. */
  n: number;
  text: string;
  eol: LineEnd;
  /** Where it begins in the message. */
  offset: number;
  /** The line is longer than a row, and this is a further piece of it. */
  isContinued: boolean;
  /** It goes on in the next row. */
  isCut: boolean;
}

/** More make a list that browsers cannot scroll. */
const maxRows = 1_000_000;
const rowBytes = 2000;
const publishMs = 120;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin = new TextDecoder('latin1');

/** What is not UTF-8 is shown as Latin-1: every byte is seen. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return latin.decode(bytes);
  }
}

export class RawSource {
  /** Rows that are known by now. */
  rows = $state(0);
  /** Bytes that are here by now. */
  loaded = $state(0);
  loading = $state(false);
  isCut = $state(false);
  error = $state.raw<unknown>(null);

  readonly #baseUrl: string;
  #id: string | null = null;
  #bytes = new Uint8Array();
  #size = 0;
  #starts = new Uint32Array();
  #numbers = new Uint32Array();
  #count = 0;
  #line = 0;
  #scanned = 0;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  /** Loads until the returned function is called. What is here already stays. */
  open(id: string, size = 0): () => void {
    if (untrack(() => this.#id === id && !this.loading && this.error === null)) return () => undefined;
    const abort = new AbortController();
    this.#id = id;
    untrack(() => void this.#load(id, size, abort.signal));
    return () => {
      abort.abort();
      if (untrack(() => this.loading) && this.#id === id) this.#id = null;
    };
  }

  /** The row at an index below `rows`. */
  row(index: number): SourceRow {
    const offset = this.#starts[index] ?? 0;
    const next = index + 1 < this.#count ? (this.#starts[index + 1] ?? 0) : this.#scanned;
    const n = this.#numbers[index] ?? 0;
    const isCut = index + 1 < this.#count && this.#numbers[index + 1] === n;
    const last = this.#bytes[next - 1];
    const eol: LineEnd =
      isCut || next === offset
        ? ''
        : last === 10
          ? this.#bytes[next - 2] === 13 && next - 2 >= offset
            ? 'CRLF'
            : 'LF'
          : last === 13
            ? 'CR'
            : '';
    const text = decodeText(
      this.#bytes.subarray(offset, next - (eol === 'CRLF' ? 2 : eol.length > 0 ? 1 : 0)),
    );
    return { n, text, eol, offset, isCut, isContinued: index > 0 && this.#numbers[index - 1] === n };
  }

  /** The row that holds the byte at an offset. */
  rowAt(offset: number): number {
    let [low, high] = [0, Math.max(this.#count - 1, 0)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Bytes as far as they are here; not a copy. */
  bytes(start: number, end: number): Uint8Array {
    return this.#bytes.subarray(start, Math.min(end, this.#scanned));
  }

  async #load(id: string, size: number, signal: AbortSignal): Promise<void> {
    this.#bytes = new Uint8Array(size);
    this.#starts = new Uint32Array(1024);
    this.#numbers = new Uint32Array(1024);
    this.#size = this.#count = this.#line = this.#scanned = 0;
    this.rows = this.loaded = 0;
    this.isCut = false;
    this.error = null;
    this.loading = true;
    try {
      const answer = await fetch(`${this.#baseUrl}/api/messages/${encodeURIComponent(id)}/raw`, { signal });
      if (!answer.ok || !answer.body) throw new Error(`The server answered ${answer.status}.`);
      const reader = answer.body.getReader();
      for (let shown = performance.now(); ;) {
        const { value, done } = await reader.read();
        if (signal.aborted) return;
        if (value) this.#append(value);
        this.#scan(done);
        if (this.#count === maxRows) {
          this.isCut = true;
          await reader.cancel();
        }
        if (!done && !this.isCut && performance.now() - shown < publishMs) continue;
        shown = performance.now();
        this.rows = this.#count;
        this.loaded = this.#scanned;
        if (done || this.isCut) return;
      }
    } catch (error) {
      if (!signal.aborted) this.error = error;
    } finally {
      if (!signal.aborted || this.#id === null) this.loading = false;
    }
  }

  #append(piece: Uint8Array): void {
    const size = this.#size + piece.length;
    if (size > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(size, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#size);
    this.#size = size;
  }

  /** Adds the lines that are complete, at the end the rest. */
  #scan(isEnd: boolean): void {
    const bytes = this.#bytes;
    const size = this.#size;
    let start = this.#scanned;
    for (let i = start; i < size && this.#count < maxRows; i++) {
      const byte = bytes[i];
      if (byte !== 10 && byte !== 13) continue;
      if (byte === 13) {
        // Whether it is a CRLF is seen with the next piece.
        if (i + 1 === size && !isEnd) break;
        if (bytes[i + 1] === 10 && i + 1 < size) i++;
      }
      this.#addLine(start, i + 1);
      start = i + 1;
    }
    if (isEnd && start < size && this.#count < maxRows) {
      this.#addLine(start, size);
      start = size;
    }
    this.#scanned = start;
  }

  #addLine(start: number, end: number): void {
    this.#line += 1;
    let at = start;
    do {
      if (this.#count === this.#starts.length) {
        const [starts, numbers] = [this.#starts, this.#numbers];
        this.#starts = new Uint32Array(starts.length * 2);
        this.#starts.set(starts);
        this.#numbers = new Uint32Array(numbers.length * 2);
        this.#numbers.set(numbers);
      }
      this.#starts[this.#count] = at;
      this.#numbers[this.#count] = this.#line;
      this.#count += 1;
      // The line ending stays with the last piece.
      if (end - at <= rowBytes + 2) return;
      at += rowBytes;
      // Not within a character of UTF-8.
      for (let back = 0; back < 3 && ((this.#bytes[at] ?? 0) & 0xc0) === 0x80; back++) at -= 1;
    } while (this.#count < maxRows);
  }
}
