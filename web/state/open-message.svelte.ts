// The message that is open. Opening another one drops whatever of the first is still on its way.
import { untrack } from 'svelte';
import type { DurableEvents } from '../../shared/events.ts';
import type { Message } from '../../shared/message.ts';
import type { Client } from './client.ts';
import type { DeletionReason } from './deleted-rows.ts';
import type { Feed } from './live.svelte.ts';

export class OpenMessage {
  id = $state<string | null>(null);
  message = $state.raw<Message | null>(null);
  error = $state.raw<unknown>(null);
  /** It was deleted while it was open, and by what. */
  deleted = $state<DeletionReason | null>(null);

  readonly #client: Pick<Client, 'readMessage'>;
  readonly #onopened: (message: Message) => void;
  #turn = 0;
  /** Opened and not yet told; a second read may overtake the first. */
  #isNew = false;

  constructor(client: Pick<Client, 'readMessage'>, onopened: (message: Message) => void) {
    this.#client = client;
    this.#onopened = onopened;
  }

  open(id: string): void {
    untrack(() => {
      if (this.id === id && this.message && !this.error) return;
      this.id = id;
      this.message = null;
      this.deleted = null;
      this.#isNew = true;
      void this.#load();
    });
  }

  retry(): void {
    void this.#load();
  }

  listen(feed: Feed): () => void {
    return feed.listen({
      event: ({ type, payload }) => {
        if (type === 'message:parsed' && payload.message.id === this.id) void this.#load();
        if (type === 'messages:deleted') this.#drop(payload);
        if (type === 'messages:restored' && this.id && payload.ids.includes(this.id)) {
          this.deleted = null;
          if (!this.message) void this.#load();
        }
      },
      reset: () => {
        if (this.id) void this.#load();
      },
      resumed: () => void (this.error && this.#load()),
    });
  }

  #drop({ ids, upToSeq, reason }: DurableEvents['messages:deleted']): void {
    const { id, message } = this;
    if (id === null) return;
    // Which one it is of those up to that number is not known yet; what is on its way may have been read before.
    if (ids === null && message === null) return void this.#load();
    if (ids ? ids.includes(id) : message!.seq <= (upToSeq ?? Infinity)) this.deleted ??= reason;
  }

  async #load(): Promise<void> {
    const { id } = this;
    if (id === null) return;
    const turn = (this.#turn += 1);
    this.error = null;
    try {
      const message = await this.#client.readMessage({ params: { id } });
      if (turn !== this.#turn) return;
      this.message = message;
      if (this.#isNew) this.#onopened(message);
      this.#isNew = false;
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    }
  }
}
