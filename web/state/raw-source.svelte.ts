// The bytes of a message as lines, up to a limit: a page with 50 MiB of text helps nobody.
import { untrack } from 'svelte';

export interface SourceLine {
  n: number;
  text: string;
  eol: 'CRLF' | 'LF' | 'CR' | '';
}

const limitBytes = 1024 * 1024;

export function splitLines(text: string): SourceLine[] {
  const lines: SourceLine[] = [];
  for (const match of text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)) {
    if (match[0] === '') break;
    const end = match[2];
    const eol = end === '\r\n' ? 'CRLF' : end === '\n' ? 'LF' : end === '\r' ? 'CR' : '';
    lines.push({ n: lines.length + 1, text: match[1] ?? '', eol });
  }
  return lines;
}

export class RawSource {
  lines = $state.raw<readonly SourceLine[]>([]);
  loading = $state(false);
  isCut = $state(false);
  error = $state.raw<unknown>(null);

  readonly #baseUrl: string;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  /** Loads until the returned function is called. */
  open(id: string): () => void {
    const abort = new AbortController();
    untrack(() => void this.#load(id, abort.signal));
    return () => abort.abort();
  }

  async #load(id: string, signal: AbortSignal): Promise<void> {
    this.lines = [];
    this.isCut = false;
    this.error = null;
    this.loading = true;
    try {
      const answer = await fetch(`${this.#baseUrl}/api/messages/${encodeURIComponent(id)}/raw`, { signal });
      if (!answer.ok || !answer.body) throw new Error(`The server answered ${answer.status}.`);
      const { text, isCut } = await readUpTo(answer.body);
      if (signal.aborted) return;
      this.lines = splitLines(text);
      this.isCut = isCut;
    } catch (error) {
      if (!signal.aborted) this.error = error;
    } finally {
      if (!signal.aborted) this.loading = false;
    }
  }
}

async function readUpTo(body: ReadableStream<Uint8Array>): Promise<{ text: string; isCut: boolean }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return { text: text + decoder.decode(), isCut: false };
    bytes += value.length;
    text += decoder.decode(value, { stream: true });
    if (bytes >= limitBytes) {
      await reader.cancel();
      return { text, isCut: true };
    }
  }
}
