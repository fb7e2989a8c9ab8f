// Two messages and what differs between them.
import { untrack } from 'svelte';
import type { MessageComparison as Result } from '../../shared/compare/compare-messages.ts';
import type { Message } from '../../shared/message.ts';
import type { Client } from './client.ts';

export class MessageComparison {
  left = $state.raw<Message | null>(null);
  right = $state.raw<Message | null>(null);
  result = $state.raw<Result | null>(null);
  error = $state.raw<unknown>(null);

  readonly #client: Pick<Client, 'readMessage'>;
  #ids: readonly [string, string] | null = null;
  #turn = 0;

  constructor(client: Pick<Client, 'readMessage'>) {
    this.#client = client;
  }

  open(left: string, right: string): void {
    untrack(() => {
      this.#ids = [left, right];
      void this.#load(left, right);
    });
  }

  retry(): void {
    if (this.#ids) void this.#load(...this.#ids);
  }

  async #load(left: string, right: string): Promise<void> {
    const turn = (this.#turn += 1);
    this.error = null;
    this.result = null;
    // Where one is gone, the other says which it was.
    const [one, two] = await Promise.allSettled([this.#read(left), this.#read(right)]);
    if (turn !== this.#turn) return;
    this.left = one.status === 'fulfilled' ? one.value : null;
    this.right = two.status === 'fulfilled' ? two.value : null;
    try {
      for (const side of [one, two]) if (side.status === 'rejected') throw side.reason;
      const { compareMessages } = await import('../../shared/compare/compare-messages.ts');
      if (turn === this.#turn && this.left && this.right)
        this.result = compareMessages(this.left, this.right);
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    }
  }

  /** One side often stays while the other is chosen anew. */
  #read(id: string): Promise<Message> {
    const known = [this.left, this.right].find(
      (message) => message?.id === id && message.parse !== 'pending',
    );
    return known ? Promise.resolve(known) : this.#client.readMessage({ params: { id } });
  }
}
