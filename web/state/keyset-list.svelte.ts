// Rows in descending order of a key, made of pages and live changes. Pages and changes may come in any order
// and may overlap; the result has no gap above the oldest loaded row and no row twice.
/* eslint-disable svelte/prefer-svelte-reactivity -- bookkeeping that nothing on the page reads */
interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

interface Options<T> {
  load: (cursor: string | undefined) => Promise<Page<T>>;
  compare: (a: T, b: T) => number;
  /** Of two versions of one row, the one to keep. */
  newer: (kept: T, incoming: T) => T;
  /** When to show what has gathered; a burst of changes is then one change. */
  schedule?: (flush: () => void) => void;
}

interface Change<T> {
  matches: (row: T) => boolean;
  change: (row: T) => T;
}

export class KeysetList<T extends { id: string }> {
  items = $state.raw<readonly T[]>([]);
  loading = $state(false);
  /** False until the first page is there. */
  ready = $state(false);
  error = $state.raw<unknown>(null);
  hasMore = $state(true);
  /** Whether the last change only added rows at the top: then the view keeps its place. */
  grewAtTop = $state(false);

  readonly #options: Options<T>;
  #cursor: string | undefined;
  #generation = 0;
  #known = new Map<string, T>();
  #waiting = new Map<string, T>();
  #scheduled = false;
  /** What happened while a page was on its way; the page may have been read before it. */
  #meanwhile = { merged: new Map<string, T>(), changes: [] as Change<T>[], gone: new Set<string>() };

  constructor(options: Options<T>) {
    this.#options = options;
  }

  find(id: string): T | undefined {
    return this.#known.get(id);
  }

  /** Starts again from the first page; the rows stay until it is there. */
  async reload(): Promise<void> {
    this.#generation += 1;
    this.#cursor = undefined;
    this.loading = false;
    await this.#loadPage(true);
  }

  async loadMore(): Promise<void> {
    if (this.loading || !this.hasMore) return;
    await this.#loadPage(!this.ready);
  }

  async #loadPage(first: boolean): Promise<void> {
    const generation = this.#generation;
    this.loading = true;
    this.error = null;
    this.#meanwhile = { merged: new Map(), changes: [], gone: new Set() };
    try {
      const page = await this.#options.load(this.#cursor);
      if (generation !== this.#generation) return;
      this.#flush();
      this.#takePage(page, first);
    } catch (error) {
      if (generation === this.#generation) this.error = error;
    } finally {
      if (generation === this.#generation) this.loading = false;
    }
  }

  #takePage(page: Page<T>, first: boolean): void {
    const { merged, changes, gone } = this.#meanwhile;
    if (first) {
      this.items = [];
      this.#known.clear();
    }
    this.#cursor = page.nextCursor ?? undefined;
    this.hasMore = page.nextCursor !== null;
    this.ready = true;
    const rows = page.items.filter((row) => !gone.has(row.id));
    const changed = rows.map((row) =>
      changes.reduce((kept, { matches, change }) => (matches(kept) ? change(kept) : kept), row),
    );
    this.#place(changed, true);
    this.#place([...merged.values()], false);
    this.grewAtTop = false;
  }

  /** Live: new rows, and new versions of rows. */
  merge(rows: readonly T[]): void {
    for (const row of rows) {
      if (this.#meanwhile.gone.has(row.id)) continue;
      this.#waiting.set(row.id, this.#pick(this.#waiting.get(row.id), row));
      if (this.loading)
        this.#meanwhile.merged.set(row.id, this.#pick(this.#meanwhile.merged.get(row.id), row));
    }
    this.#plan();
  }

  /** Rows that were deleted and are there again. */
  restore(rows: readonly T[]): void {
    for (const row of rows) this.#meanwhile.gone.delete(row.id);
    this.merge(rows);
  }

  /** Takes out rows, and remembers `ids` of which a page on its way may still tell. */
  remove(isGone: (row: T) => boolean, ids: readonly string[] = []): T[] {
    this.#flush();
    const removed = this.items.filter(isGone);
    for (const id of [...ids, ...removed.map((row) => row.id)]) {
      this.#meanwhile.gone.add(id);
      this.#meanwhile.merged.delete(id);
      this.#known.delete(id);
    }
    if (removed.length > 0) {
      this.grewAtTop = false;
      this.items = this.items.filter((row) => this.#known.has(row.id));
    }
    return removed;
  }

  change(matches: (row: T) => boolean, change: (row: T) => T): void {
    this.#flush();
    if (this.loading) this.#meanwhile.changes.push({ matches, change });
    let touched = false;
    const items = this.items.map((row) => {
      if (!matches(row)) return row;
      touched = true;
      const changed = change(row);
      this.#known.set(row.id, changed);
      return changed;
    });
    if (touched) this.items = items;
  }

  #pick(kept: T | undefined, incoming: T): T {
    return kept ? this.#options.newer(kept, incoming) : incoming;
  }

  #plan(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    (this.#options.schedule ?? ((flush) => setTimeout(flush, 16)))(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#waiting.size === 0) return;
    const rows = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#place(rows, false);
  }

  #place(rows: readonly T[], isPage: boolean): void {
    const { compare } = this.#options;
    const oldest = this.items.at(-1);
    const topBefore = this.items[0];
    const added = new Map<string, T>();
    let replaced = false;
    for (const row of rows) {
      const known = added.get(row.id) ?? this.#known.get(row.id);
      // Below what is loaded it would stand alone over a gap; its page will bring it.
      if (!known && !isPage && this.hasMore && oldest && compare(row, oldest) > 0) continue;
      const kept = this.#pick(known, row);
      if (kept === known) continue;
      this.#known.set(row.id, kept);
      if (known && !added.has(row.id)) replaced = true;
      else added.set(row.id, kept);
    }
    const current = replaced ? this.items.map((row) => this.#known.get(row.id) ?? row) : this.items;
    const sorted = [...added.values()].sort(compare);
    const last = sorted.at(-1);
    this.grewAtTop =
      sorted.length > 0 && topBefore !== undefined && last !== undefined && compare(last, topBefore) < 0;
    // Two ascending runs, which sort() merges in linear time.
    if (replaced || sorted.length > 0) this.items = [...sorted, ...current].sort(compare);
  }
}
