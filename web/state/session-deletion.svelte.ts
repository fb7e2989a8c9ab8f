// Deleting a session cannot be taken back, so it is asked about first: a second press, or the button, does it.
import type { Client } from './client.ts';
import { explainError } from './client.ts';

export class SessionDeletion {
  /** The session that is asked about. */
  asked = $state<string | null>(null);
  /** Why the last one was not deleted. */
  problem = $state<string | null>(null);

  readonly #client: Pick<Client, 'deleteSession'>;
  /** Moves on to a neighbour before the session is gone. */
  readonly #leave: (id: string) => void;

  constructor(client: Pick<Client, 'deleteSession'>, leave: (id: string) => void) {
    this.#client = client;
    this.#leave = leave;
  }

  press(id: string | null): void {
    this.problem = null;
    if (id !== null && this.asked === id) void this.confirm();
    else this.asked = id;
  }

  async confirm(): Promise<void> {
    const { asked: id } = this;
    this.asked = null;
    if (id === null) return;
    try {
      await this.#client.deleteSession({ params: { id } });
      this.#leave(id);
    } catch (error) {
      const { title, hint } = explainError(error);
      this.problem = hint ? `${title} ${hint}` : title;
    }
  }

  forget(): void {
    this.asked = null;
    this.problem = null;
  }
}
