// What the error of a program means, as it was pasted.
import type { ErrorMatch } from '../../shared/finding.ts';
import { explainError as wordProblem, type Client, type Problem } from './client.ts';

/** More of a log than that says nothing more. */
export const mostErrorText = 20_000;

export class ExplainedError {
  text = $state('');
  /** The likeliest first; null: nothing was asked. */
  matches = $state.raw<readonly ErrorMatch[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  isAsking = $state(false);
  readonly #client: Pick<Client, 'explainError'>;
  #turn = 0;

  constructor(client: Pick<Client, 'explainError'>) {
    this.#client = client;
  }

  async explain(): Promise<void> {
    const turn = (this.#turn += 1);
    const text = this.text.trim().slice(0, mostErrorText);
    if (text === '') return this.clear();
    this.isAsking = true;
    try {
      const { items } = await this.#client.explainError({ body: { text } });
      if (turn !== this.#turn) return;
      this.matches = items;
      this.problem = null;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.matches = null;
      this.problem = wordProblem(error);
    } finally {
      if (turn === this.#turn) this.isAsking = false;
    }
  }

  clear(): void {
    this.#turn += 1;
    this.text = '';
    this.matches = this.problem = null;
    this.isAsking = false;
  }
}
