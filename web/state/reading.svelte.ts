// Where one is in a list that moves: the active row, and what came in above it while one is scrolled down.

interface Row {
  id: string;
}

export class Reading<T extends Row> {
  readonly #rows: () => readonly T[];
  readonly #open: () => string | null;
  readonly #source: () => string;
  /** The row at the top when one scrolled away from it. */
  #top = $state<string | null>(null);
  #last: string | null = null;
  #lastSource = '';

  /** The row where one is: the open one, until one goes to another. Of other rows than before it is none. */
  #active = $derived.by(() => {
    const source = this.#source();
    if (source !== this.#lastSource) this.#last = null;
    this.#lastSource = source;
    return (this.#last = this.#open() ?? this.#last);
  });

  /** How many rows are above the one that was the first. */
  readonly above = $derived.by(() => {
    if (this.#top === null) return 0;
    return Math.max(
      0,
      this.#rows().findIndex(({ id }) => id === this.#top),
    );
  });

  /** `source` is what the rows are of. */
  constructor(rows: () => readonly T[], open: () => string | null, source: () => string) {
    this.#rows = rows;
    this.#open = open;
    this.#source = source;
  }

  get active(): string | null {
    return this.#active;
  }

  set active(id: string | null) {
    this.#last = id;
    this.#active = id;
  }

  scrolled(isScrolled: boolean): void {
    this.#top = isScrolled ? (this.#top ?? this.#rows()[0]?.id ?? null) : null;
  }

  /** The row to go on with once some are gone: the next one that stays, else the one before. */
  after(gone: ReadonlySet<string>): string | null {
    const rows = this.#rows();
    const from = Math.max(
      0,
      rows.findIndex(({ id }) => id === this.#active),
    );
    const next = rows.slice(from).find(({ id }) => !gone.has(id));
    return (next ?? rows.slice(0, from).findLast(({ id }) => !gone.has(id)))?.id ?? null;
  }
}
