// The lines and chunks of one session while it runs. What has been saved is dropped from memory; what goes over
// the bounds is counted and no longer kept.
import type { TranscriptChunk, TranscriptLine } from '../../../shared/transcript.ts';

const maxKeptBytes = 64 * 1024 * 1024;
/** Of what is not stored: more than that comes together only while nothing can be stored. */
const maxUnstoredBytes = 4 * 1024 * 1024;
const maxLines = 1_000_000;
const maxChunks = 1_000_000;

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
  #takenBytes = 0;
  #storedBytes = 0;
  /** Not yet handed out for saving. */
  #open: LinePiece = { lines: [], chunks: [], blobs: [] };
  /** Handed out, and not yet stored, each with its bytes. */
  #saving = new Map<LinePiece, number>();

  get lastChunk(): number {
    return this.#chunkCount - 1;
  }

  /** Lines and chunks that are not yet handed out for saving. */
  get unsaved(): number {
    return this.#open.lines.length + this.#open.chunks.length;
  }

  /** About as many bytes came in since the last piece was handed out. */
  get unsavedBytes(): number {
    return this.#keptBytes - this.#takenBytes;
  }

  /** A piece is under way to the store. */
  get saving(): boolean {
    return this.#saving.size > 0;
  }

  addChunk(atUs: number, from: 'client' | 'server', bytes: number, secure: boolean): number {
    const n = this.#chunkCount++;
    if (n < maxChunks) this.#open.chunks.push({ n, atUs, from, bytes, secure });
    else this.truncated = true;
    return n;
  }

  /** Adds a line under the next number; `blob` holds the bytes of lines whose text is only a name. */
  add(line: TranscriptLine, blob?: Buffer): void {
    this.count++;
    const cost = line.text.length + (line.base64?.length ?? 0) + (blob?.length ?? 0);
    if (this.count > maxLines || !this.hasRoom(cost)) {
      this.truncated = true;
      if (this.count > maxLines) return;
      line = { ...line, text: '', lost: true };
      delete line.base64;
      blob = undefined;
    } else this.#keptBytes += cost;
    this.#open.lines.push(line);
    if (blob) this.#open.blobs.push({ line: line.n, bytes: blob });
  }

  /** Changes a line that has not been handed out for saving; `undefined` takes a field away. */
  amend(
    n: number,
    patch: { text?: string; messageId?: string | undefined; lost?: boolean | undefined },
    blob?: Buffer,
  ): void {
    const { lines, blobs } = this.#open;
    // Numbers follow each other, but for a piece under way in between.
    const expected = lines[n - (lines[0]?.n ?? 0)];
    const line = expected?.n === n ? expected : lines.find((entry) => entry.n === n);
    if (!line) return;
    Object.assign(line, patch);
    if (line.messageId === undefined) delete line.messageId;
    if (line.lost === undefined) delete line.lost;
    if (!blob) return;
    this.#keptBytes += blob.length;
    blobs.push({ line: n, bytes: blob });
  }

  /** Whether as many bytes may still be kept. */
  hasRoom(bytes: number): boolean {
    const kept = this.#keptBytes + bytes;
    return kept <= maxKeptBytes && kept - this.#storedBytes <= maxUnstoredBytes;
  }

  /** Everything that no earlier call gave. It stays readable here until `drop`. */
  take(): LinePiece {
    const piece = this.#open;
    this.#open = { lines: [], chunks: [], blobs: [] };
    let bytes = this.#keptBytes - this.#storedBytes;
    for (const underWay of this.#saving.values()) bytes -= underWay;
    this.#saving.set(piece, bytes);
    this.#takenBytes = this.#keptBytes;
    return piece;
  }

  /** Forgets what `take` gave, once it is stored. */
  drop(piece: LinePiece): void {
    this.#storedBytes += this.#saving.get(piece) ?? 0;
    this.#saving.delete(piece);
  }

  /** Takes a failed save back, so that the next part carries it again. */
  restore(piece: LinePiece): void {
    this.#saving.delete(piece);
    this.#open = join([piece, this.#open]);
  }

  /** What is in memory, from line `from` on. */
  read(from: number): LinePiece {
    const { lines, chunks, blobs } = join([...this.#saving.keys(), this.#open]);
    return { lines: lines.filter((line) => line.n >= from), chunks, blobs };
  }
}

const join = (pieces: LinePiece[]): LinePiece => ({
  lines: pieces.flatMap(({ lines }) => lines).sort((a, b) => a.n - b.n),
  chunks: pieces.flatMap(({ chunks }) => chunks).sort((a, b) => a.n - b.n),
  blobs: pieces.flatMap(({ blobs }) => blobs),
});
