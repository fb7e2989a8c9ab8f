// A small search over the messages, to choose one.
import type { MessageSummary } from '../../shared/message.ts';
import type { Client } from './client.ts';

const limit = 30;
const waitMs = 150;

export class MessageSearch {
  results = $state.raw<readonly MessageSummary[]>([]);
  isAsking = $state(false);
  error = $state.raw<unknown>(null);

  readonly #client: Pick<Client, 'listMessages'>;
  #abort: AbortController | null = null;

  constructor(client: Pick<Client, 'listMessages'>) {
    this.#client = client;
  }

  /** Asks once typing rests. An empty query gives the newest. */
  async find(query: string, wait = waitMs): Promise<void> {
    this.#abort?.abort();
    const { signal } = (this.#abort = new AbortController());
    this.isAsking = true;
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    if (signal.aborted) return;
    const text = query.trim();
    try {
      const { items } = await this.#client.listMessages({
        query: { limit, ...(text ? { query: text } : {}) },
        signal,
      });
      if (signal.aborted) return;
      this.results = items;
      this.error = null;
    } catch (error) {
      if (signal.aborted) return;
      this.results = [];
      this.error = error;
    }
    this.isAsking = false;
  }
}
