// What is running and the counts of the frame. Counts follow events at once and are read again soon after,
// because an event about rows that are not loaded does not say how many of them were unread.
import type { Client } from './client.ts';
import type { Status } from '../../shared/status.ts';
import type { Feed } from './live.svelte.ts';

const refreshAfterMs = 800;

export class ServerStatus {
  current = $state.raw<Status | null>(null);
  error = $state.raw<unknown>(null);

  readonly #client: Pick<Client, 'readStatus'>;
  #timer: ReturnType<typeof setTimeout> | undefined;

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
    return () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      stop();
    };
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
