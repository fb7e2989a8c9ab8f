// What is wrong with one session or message, with the words for it.
import type { Finding } from '../../shared/finding.ts';
import type { Client } from './client.ts';

type Calls = Pick<Client, 'readSessionFindings' | 'readMessageFindings'>;
export type Examined = { session: string } | { message: string };

export class Findings {
  /** The worst first; null: not known yet. */
  all = $state.raw<readonly Finding[] | null>(null);
  error = $state.raw<unknown>(null);
  readonly #client: Calls;
  #turn = 0;

  constructor(client: Calls) {
    this.#client = client;
  }

  clear(): void {
    this.#turn += 1;
    this.all = this.error = null;
  }

  /** What is known of it stays until the answer is there. */
  async read(of: Examined): Promise<void> {
    const turn = (this.#turn += 1);
    try {
      const { items } = await ('session' in of
        ? this.#client.readSessionFindings({ params: { id: of.session } })
        : this.#client.readMessageFindings({ params: { id: of.message } }));
      if (turn !== this.#turn) return;
      this.all = items;
      this.error = null;
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    }
  }
}
