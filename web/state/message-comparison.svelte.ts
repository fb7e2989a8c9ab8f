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
    try {
      const [one, two, { compareMessages }] = await Promise.all([
        this.#read(left),
        this.#read(right),
        import('../../shared/compare/compare-messages.ts'),
      ]);
      if (turn !== this.#turn) return;
      this.left = one;
      this.right = two;
      this.result = compareMessages(one, two);
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
