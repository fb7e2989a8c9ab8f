// The command palette: whether it is open, what is looked for, and where one has been. What it can do is put
// together by its view.
import { untrack } from 'svelte';
import type { MessageSummary } from '../../shared/message.ts';
import type { SessionSummary } from '../../shared/session.ts';
import type { Client } from './client.ts';

const waitMs = 120;
const limit = 6;
const mostVisits = 8;

type Calls = Pick<Client, 'listMessages' | 'listSessions'>;

export interface Visit {
  view: 'inbox' | 'sessions';
  id: string;
}

/** What a view can do with what is open in it. How the command looks is the palette's view's to say. */
export interface Offer {
  /** With what, such as `This message`. */
  of: string;
  name: string;
  run: () => void;
}

export class Palette {
  isOpen = $state(false);
  text = $state('');
  messages = $state.raw<readonly MessageSummary[]>([]);
  sessions = $state.raw<readonly SessionSummary[]>([]);
  isAsking = $state(false);
  /** The last place first; in memory only, since this browser is to remember nothing of the mail. */
  visits = $state.raw<readonly Visit[]>([]);

  #offered = $state.raw<readonly (readonly Offer[])[]>([]);

  readonly #client: Calls;
  readonly #waitMs: number;
  #abort = new AbortController();

  constructor(client: Calls, options: { waitMs?: number } = {}) {
    this.#client = client;
    this.#waitMs = options.waitMs ?? waitMs;
  }

  open(): void {
    this.#clear();
    this.isOpen = true;
  }

  close(): void {
    this.#abort.abort();
    this.isOpen = false;
  }

  get offered(): readonly Offer[] {
    return this.#offered.flat();
  }

  /** Offers commands until the function that it returns is called. */
  offer(commands: readonly Offer[]): () => void {
    untrack(() => (this.#offered = [...this.#offered, commands]));
    return () => (this.#offered = this.#offered.filter((one) => one !== commands));
  }

  visit(place: Visit): void {
    const others = this.visits.filter(({ id }) => id !== place.id);
    this.visits = [place, ...others].slice(0, mostVisits);
  }

  /** Asks the server once typing rests; an earlier answer that comes late is dropped. */
  async find(text: string): Promise<void> {
    this.#abort.abort();
    this.text = text;
    const query = text.trim();
    if (query === '') return this.#clear();
    const { signal } = (this.#abort = new AbortController());
    this.isAsking = true;
    await new Promise((done) => setTimeout(done, this.#waitMs));
    if (signal.aborted) return;
    const ask = { query: { limit, query }, signal };
    // A text that is no search, such as `from:`, finds nothing here; the list says what is wrong with it.
    const [messages, sessions] = await Promise.allSettled([
      this.#client.listMessages(ask),
      this.#client.listSessions(ask),
    ]);
    if (signal.aborted) return;
    this.messages = messages.status === 'fulfilled' ? messages.value.items : [];
    this.sessions = sessions.status === 'fulfilled' ? sessions.value.items : [];
    this.isAsking = false;
  }

  #clear(): void {
    this.#abort.abort();
    this.text = '';
    this.messages = [];
    this.sessions = [];
    this.isAsking = false;
  }
}
