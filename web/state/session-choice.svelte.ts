// Sessions to choose one from, found by a search on the server.
import type { Outcome, SessionSummary } from '../../shared/session.ts';
import type { Client } from './client.ts';

export interface ChoiceFilter {
  /** In the language of the session search. */
  text: string;
  outcome: Outcome | null;
}

const pageSize = 100;
const typingMs = 200;

export class SessionChoice {
  items = $state.raw<readonly SessionSummary[]>([]);
  filter = $state.raw<ChoiceFilter>({ text: '', outcome: null });
  loading = $state(false);
  error = $state.raw<unknown>(null);

  readonly #client: Pick<Client, 'listSessions'>;
  #cursor: string | null = null;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Pick<Client, 'listSessions'>) {
    this.#client = client;
    void this.#load();
  }

  narrow(filter: ChoiceFilter): void {
    const isTyped = filter.text !== this.filter.text;
    this.filter = filter;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(), isTyped ? typingMs : 0);
  }

  async loadMore(): Promise<void> {
    if (this.loading || this.#cursor === null) return;
    await this.#load(this.#cursor);
  }

  async #load(cursor?: string): Promise<void> {
    const turn = (this.#turn += 1);
    const { text, outcome } = this.filter;
    const query = [text.trim(), outcome && `outcome:${outcome}`].filter(Boolean).join(' ');
    this.loading = true;
    try {
      const page = await this.#client.listSessions({
        query: { limit: pageSize, ...(cursor ? { cursor } : {}), ...(query ? { query } : {}) },
      });
      if (turn !== this.#turn) return;
      this.items = cursor ? [...this.items, ...page.items] : page.items;
      this.#cursor = page.nextCursor;
      this.error = null;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.error = error;
      // What was found before is not what is asked for now.
      if (!cursor) this.items = [];
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}
