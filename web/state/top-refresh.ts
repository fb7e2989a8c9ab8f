// When a list looks at its top again: soon after it is asked to, once for all that ask until then, and never twice at
// a time.

/** With `drops` the rows go that should be there and are not. Resolves with whether it has to look once more. */
type Look = (drops: boolean) => Promise<boolean>;

export class TopRefresh {
  readonly #look: Look;
  readonly #afterMs: number;
  #state: 'idle' | 'planned' | 'running' | 'again' = 'idle';
  #drops = false;

  constructor(look: Look, afterMs: number) {
    this.#look = look;
    this.#afterMs = afterMs;
  }

  plan({ drops = false } = {}): void {
    this.#drops ||= drops;
    if (this.#state === 'running') this.#state = 'again';
    if (this.#state !== 'idle') return;
    this.#state = 'planned';
    setTimeout(() => void this.#run(), this.#afterMs);
  }

  async #run(): Promise<void> {
    this.#state = 'running';
    const drops = this.#drops;
    this.#drops = false;
    const hasToLookAgain = await this.#look(drops);
    const isAskedAgain = this.#state !== 'running';
    this.#state = 'idle';
    if (hasToLookAgain || isAskedAgain) this.plan({ drops });
  }
}
