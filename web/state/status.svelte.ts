// What is running and the counts of the frame. Counts follow events at once and are read again soon after,
// because an event about rows that are not loaded does not say how many of them were unread.
import { untrack } from 'svelte';
import type { Client } from './client.ts';
import type { Status } from '../../shared/status.ts';
import type { Feed } from './live.svelte.ts';

const refreshAfterMs = 800;
/** Of a disk that fails no event can be told, so the server is asked. */
const lookEveryMs = 5000;
const lookWhileDegradedMs = 1500;

export class ServerStatus {
  current = $state.raw<Status | null>(null);
  error = $state.raw<unknown>(null);

  readonly #client: Pick<Client, 'readStatus'>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #look: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Pick<Client, 'readStatus'>) {
    this.#client = client;
  }

  async refresh(): Promise<Status | null> {
    try {
      this.current = await this.#client.readStatus();
      this.error = null;
      return this.current;
    } catch (error) {
      this.error = error;
      return null;
    }
  }

  refreshSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.refresh();
    }, refreshAfterMs);
  }

  listen(feed: Feed): () => void {
    const stop = feed.listen({
      event: ({ type }) => {
        if (type === 'message:stored') this.#add({ messages: 1, unread: 1 });
        if (type !== 'message:parsed') this.refreshSoon();
      },
      ephemeral: ({ type }) => {
        if (type === 'session:opened') this.#add({ openSessions: 1, sessions: 1 });
      },
      resumed: () => this.refreshSoon(),
      reset: () => this.refreshSoon(),
    });
    const ended = new AbortController();
    this.#lookLater(ended.signal);
    return () => {
      ended.abort();
      clearTimeout(this.#look);
      clearTimeout(this.#timer);
      this.#timer = undefined;
      stop();
    };
  }

  /** A page that nobody sees asks nothing. */
  #lookLater(ended: AbortSignal): void {
    // A look was on its way, which may be what sent the page to the login.
    if (ended.aborted) return;
    // What starts the page must not be started again by each status.
    const isDegraded = untrack(() => this.current?.storage.state === 'degraded');
    this.#look = setTimeout(
      () => {
        const isSeen = typeof document === 'undefined' || document.visibilityState === 'visible';
        void (isSeen ? this.refresh() : Promise.resolve()).then(() => this.#lookLater(ended));
      },
      isDegraded ? lookWhileDegradedMs : lookEveryMs,
    );
  }

  #add(more: Partial<Record<'messages' | 'unread' | 'sessions' | 'openSessions', number>>): void {
    const status = this.current;
    if (!status) return;
    const counted = Object.entries(more).map(([name, count]) => [
      name,
      status[name as keyof typeof more] + count,
    ]);
    this.current = { ...status, ...Object.fromEntries(counted) };
  }
}
