// The lines and chunks of one session while it runs. What has been saved is dropped from memory; what goes over
// the bounds is counted and no longer kept.
import type { TranscriptChunk, TranscriptLine } from '../../../shared/transcript.ts';

const maxKeptBytes = 64 * 1024 * 1024;
const maxLines = 1_000_000;
const maxChunks = 200_000;

export interface LinePiece {
  lines: TranscriptLine[];
  chunks: TranscriptChunk[];
  blobs: { line: number; bytes: Buffer }[];
}

export class LineLog {
  /** Number of the next line. */
  count = 0;
  truncated = false;
  #chunkCount = 0;
  #keptBytes = 0;
  #lines: TranscriptLine[] = [];
  #chunks: TranscriptChunk[] = [];
  #blobs: LinePiece['blobs'] = [];
  #savedLines = 0;
  #savedChunks = 0;

  get lastChunk(): number {
    return this.#chunkCount - 1;
  }

  /** Lines that are not yet handed out for saving. */
  get unsaved(): number {
    return this.#lines.length - this.#savedLines;
  }

  addChunk(atUs: number, from: 'client' | 'server', bytes: number, secure: boolean): number {
    const n = this.#chunkCount++;
    if (n < maxChunks) this.#chunks.push({ n, atUs, from, bytes, secure });
    else this.truncated = true;
    return n;
  }

  /** Adds a line under the next number; `blob` holds the bytes of lines whose text is only a name. */
  add(line: TranscriptLine, blob?: Buffer): void {
    this.count++;
    const cost = line.text.length + (line.base64?.length ?? 0) + (blob?.length ?? 0);
    if (this.count > maxLines || this.#keptBytes + cost > maxKeptBytes) {
      this.truncated = true;
      if (this.count > maxLines) return;
      line = { ...line, text: '', lost: true };
      delete line.base64;
      blob = undefined;
    } else this.#keptBytes += cost;
    this.#lines.push(line);
    if (blob) this.#blobs.push({ line: line.n, bytes: blob });
  }

  /** Changes a line that has not been handed out for saving; `undefined` takes a field away. */
  amend(
    n: number,
    patch: { messageId?: string | undefined; lost?: boolean | undefined },
    blob?: Buffer,
  ): void {
    const line = this.#lines.findLast((entry) => entry.n === n);
    if (!line) return;
    Object.assign(line, patch);
    if (line.messageId === undefined) delete line.messageId;
    if (line.lost === undefined) delete line.lost;
    if (!blob) return;
    this.#keptBytes += blob.length;
    this.#blobs.push({ line: n, bytes: blob });
  }

  /** Whether as many bytes may still be kept. */
  hasRoom(bytes: number): boolean {
    return this.#keptBytes + bytes <= maxKeptBytes;
  }

  /** Everything that no earlier call gave. It stays readable here until `drop`. */
  take(): LinePiece {
    const piece = {
      lines: this.#lines.slice(this.#savedLines),
      chunks: this.#chunks.slice(this.#savedChunks),
      blobs: this.#blobs,
    };
    this.#savedLines = this.#lines.length;
    this.#savedChunks = this.#chunks.length;
    this.#blobs = [];
    return piece;
  }

  /** Forgets what `take` gave, once it is stored. */
  drop(piece: LinePiece): void {
    const last = piece.lines.at(-1)?.n;
    if (last !== undefined) {
      const keep = this.#lines.findIndex((line) => line.n > last);
      const dropped = keep < 0 ? this.#lines.length : keep;
      this.#lines.splice(0, dropped);
      this.#savedLines -= dropped;
    }
    const lastChunk = piece.chunks.at(-1)?.n;
    if (lastChunk !== undefined) {
      const keep = this.#chunks.findIndex((chunk) => chunk.n > lastChunk);
      const dropped = keep < 0 ? this.#chunks.length : keep;
      this.#chunks.splice(0, dropped);
      this.#savedChunks -= dropped;
    }
  }

  /** Takes a failed save back, so that the next part carries it again. */
  restore(piece: LinePiece): void {
    this.#savedLines = Math.max(0, this.#savedLines - piece.lines.length);
    this.#savedChunks = Math.max(0, this.#savedChunks - piece.chunks.length);
    this.#blobs = [...piece.blobs, ...this.#blobs];
  }

  /** What is in memory, from line `from` on. */
  read(from: number): LinePiece {
    const lines = this.#lines.filter((line) => line.n >= from);
    return { lines, chunks: this.#chunks, blobs: this.#blobs };
  }
}
