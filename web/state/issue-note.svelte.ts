// What is written about an issue, saved by itself a moment after the last key.
import type { Issue } from '../../shared/issue.ts';
import { explainError } from './client.ts';

const restMs = 800;

export class IssueNote {
  text = $state('');
  state = $state<'saved' | 'typed' | 'failed'>('saved');
  problem = $state.raw<string | null>(null);

  readonly #save: (id: string, note: string) => Promise<void>;
  /** Told what went wrong where another issue is open by then. */
  readonly #onlost: (problem: string) => void;
  /** Whose it is. */
  #id: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** One after the other, so that what was written last stays. */
  #saving: Promise<void> = Promise.resolve();

  constructor(save: (id: string, note: string) => Promise<void>, onlost: (problem: string) => void) {
    this.#save = save;
    this.#onlost = onlost;
  }

  /** As the server has it; what is being written is not lost to it. */
  given({ id, note }: Pick<Issue, 'id' | 'note'>): void {
    if (id === this.#id && this.state !== 'saved') return;
    clearTimeout(this.#timer);
    this.#id = id;
    this.text = note;
    this.state = 'saved';
    this.problem = null;
  }

  type(text: string): void {
    this.text = text;
    this.state = 'typed';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), restMs);
  }

  /** Now, if there is anything to save. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    const { text, state } = this;
    const id = this.#id;
    if (id !== null && state !== 'saved')
      this.#saving = this.#saving.then(() => this.#send(id, text)).catch(() => undefined);
    return this.#saving;
  }

  async #send(id: string, text: string): Promise<void> {
    const isMeant = (): boolean => id === this.#id && text === this.text;
    try {
      await this.#save(id, text);
      if (isMeant()) [this.state, this.problem] = ['saved', null];
    } catch (error) {
      const { title } = explainError(error);
      if (id !== this.#id) this.#onlost(title);
      else if (isMeant()) [this.state, this.problem] = ['failed', title];
    }
  }
}
