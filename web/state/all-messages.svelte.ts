// What is done to every message at once, loaded or not.
import type { Client } from './client.ts';

type Calls = Pick<Client, 'updateMessages' | 'deleteMessages' | 'restoreMessages'>;

export interface Clearing {
  count: number;
}

export class AllMessages {
  /** The last deletion of everything, for as long as it is offered to take it back. */
  clearing = $state.raw<Clearing | null>(null);
  error = $state.raw<unknown>(null);

  readonly #client: Calls;

  constructor(client: Calls) {
    this.#client = client;
  }

  async markRead(): Promise<void> {
    await this.#try(() => this.#client.updateMessages({ body: { all: true, read: true } }));
  }

  async delete(): Promise<void> {
    const done = await this.#try(() => this.#client.deleteMessages({ body: { all: true } }));
    if (done && done.count > 0) this.clearing = { count: done.count };
  }

  /** What was deleted within the last 60 s comes back, as far as the server still has it. */
  async undo(): Promise<void> {
    this.clearing = null;
    await this.#try(() => this.#client.restoreMessages({ body: { all: true } }));
  }

  forget(clearing: Clearing): void {
    if (this.clearing === clearing) this.clearing = null;
  }

  async #try<T>(call: () => Promise<T>): Promise<T | null> {
    try {
      const done = await call();
      this.error = null;
      return done;
    } catch (error) {
      this.error = error;
      return null;
    }
  }
}
