// Several messages as one mbox file, made in the browser: of two hundred downloads a browser would stop most.
import type { MessageSummary } from '../../shared/message.ts';
import type { Client } from './client.ts';
import { mboxEntry } from './mbox-entry.ts';

/** At the same time; the server answers from one store. */
const lanes = 4;
const mostBytes = 1024 ** 3;

type Row = Pick<MessageSummary, 'mailFrom' | 'receivedAt'>;

export class Mbox {
  progress = $state.raw<{ done: number; of: number } | null>(null);
  /** What the last file lacks, or why there is none. */
  problem = $state<string | null>(null);

  readonly #readRaw: Client['readRaw'];
  readonly #mostBytes: number;
  #abort = new AbortController();

  constructor(client: Pick<Client, 'readRaw'>, options: { mostBytes?: number } = {}) {
    this.#readRaw = client.readRaw;
    this.#mostBytes = options.mostBytes ?? mostBytes;
  }

  /** Null where it was given up, or where the file would be too large. */
  async make(ids: readonly string[], find: (id: string) => Row | undefined): Promise<Blob | null> {
    this.cancel();
    const abort = (this.#abort = new AbortController());
    this.problem = null;
    this.progress = { done: 0, of: ids.length };
    const entries: (Blob | undefined)[] = [];
    let bytes = 0;
    let missing = 0;
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < ids.length && !abort.signal.aborted) {
        const index = next;
        next += 1;
        const id = ids[index] ?? '';
        const raw = await this.#read(id, abort.signal);
        if (abort.signal.aborted) return;
        if (raw) {
          // The browser may keep a Blob on disk; the bytes are let go.
          entries[index] = new Blob([mboxEntry(find(id), raw)]);
          bytes += raw.length;
        } else missing += 1;
        if (bytes > this.#mostBytes) {
          this.problem = 'The file would be larger than 1 GB. Choose fewer messages.';
          abort.abort();
        } else this.progress = { done: (this.progress?.done ?? 0) + 1, of: ids.length };
      }
    };
    try {
      await Promise.all(Array.from({ length: lanes }, lane));
    } catch {
      if (!abort.signal.aborted) this.problem = 'Mailscope did not answer; there is no file.';
      abort.abort();
    }
    if (abort === this.#abort) this.progress = null;
    if (abort.signal.aborted) return null;
    if (missing > 0) this.problem = `${missing} of ${ids.length} messages were deleted by now.`;
    const found = entries.filter((entry) => entry !== undefined);
    return found.length === 0 ? null : new Blob(found, { type: 'application/mbox' });
  }

  cancel(): void {
    this.#abort.abort();
    this.progress = null;
  }

  async #read(id: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      return await this.#readRaw({ params: { id }, signal });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'not_found') return null;
      throw error;
    }
  }
}
