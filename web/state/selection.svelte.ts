// Which rows of a list are chosen. Chosen is an id, not a row: what is chosen need not be loaded.
/* eslint-disable svelte/prefer-svelte-reactivity -- sets are replaced, never changed in place */

type Ids = ReadonlySet<string>;
const none: Ids = new Set();

export class Selection {
  ids = $state.raw<Ids>(none);

  /** Where a range begins, and what was chosen when it began: a range can shrink again. */
  #anchor: string | null = null;
  #base: Ids = none;

  get size(): number {
    return this.ids.size;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  toggle(id: string): void {
    const ids = new Set(this.ids);
    if (!ids.delete(id)) ids.add(id);
    this.#begin(id, ids);
  }

  /** All rows from where the choosing began, or else `from`, up to a row. */
  extend(rows: readonly { id: string }[], to: string, from: string | null): void {
    const anchor = this.#anchor ?? from ?? to;
    const ends = [rows.findIndex(({ id }) => id === anchor), rows.findIndex(({ id }) => id === to)];
    const [start = 0, end = 0] = ends.toSorted((a, b) => a - b);
    if (start === -1) return this.toggle(to);
    this.#anchor = anchor;
    this.ids = new Set([...this.#base, ...rows.slice(start, end + 1).map(({ id }) => id)]);
  }

  add(ids: Iterable<string>): void {
    this.#begin(null, new Set([...this.ids, ...ids]));
  }

  /** Rows that are not there any more. */
  drop(ids: Iterable<string>): void {
    const kept = new Set(this.ids);
    for (const id of ids) kept.delete(id);
    if (kept.size < this.ids.size) this.#begin(this.#anchor, kept);
  }

  clear(): void {
    this.#begin(null, none);
  }

  #begin(anchor: string | null, ids: Ids): void {
    this.#anchor = anchor;
    this.#base = ids;
    this.ids = ids;
  }
}
