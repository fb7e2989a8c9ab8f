// Deletes sessions, and takes the last one back while the server still has it.
import type { Client } from './client.ts';
import { explainError } from './client.ts';
import { undoMs } from './deleted-rows.ts';

interface Deletion {
  id: string;
  until: number;
}

export class SessionDeletion {
  /** The last one, while it is offered to take it back. */
  last = $state.raw<Deletion | null>(null);
  /** Why one was not deleted, or not taken back. */
  problem = $state<string | null>(null);

  readonly #client: Pick<Client, 'deleteSession' | 'restoreSessions'>;
  /** Moves on to a neighbour. */
  readonly #leave: (id: string) => void;

  constructor(client: Pick<Client, 'deleteSession' | 'restoreSessions'>, leave: (id: string) => void) {
    this.#client = client;
    this.#leave = leave;
  }

  async remove(id: string | null): Promise<void> {
    if (id === null) return;
    const isDone = await this.#attempt(() => this.#client.deleteSession({ params: { id } }));
    if (!isDone) return;
    this.last = { id, until: Date.now() + undoMs };
    this.#leave(id);
  }

  /** Resolves with the session that is there again. */
  async undo(): Promise<string | null> {
    const { last } = this;
    this.last = null;
    if (last === null || last.until < Date.now()) return null;
    const { id } = last;
    let count = 0;
    const isDone = await this.#attempt(async () => {
      ({ count } = await this.#client.restoreSessions({ body: { ids: [id] } }));
    });
    if (isDone && count === 0) this.problem = 'The session is gone for good: its 60 seconds are over.';
    return count > 0 ? id : null;
  }

  forget(deletion: Deletion | null): void {
    if (this.last === deletion) this.last = null;
  }

  async #attempt(run: () => Promise<unknown>): Promise<boolean> {
    this.problem = null;
    try {
      await run();
      return true;
    } catch (error) {
      const { title, hint } = explainError(error);
      this.problem = hint ? `${title} ${hint}` : title;
      return false;
    }
  }
}
