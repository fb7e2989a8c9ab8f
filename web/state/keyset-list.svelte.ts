// Rows in descending order of a key, made of pages and live changes. Pages and changes may come in any order
// and may overlap; the result has no gap above the oldest loaded row and no row twice.
/* eslint-disable svelte/prefer-svelte-reactivity -- bookkeeping that nothing on the page reads */
import { insertRows, replaceRows } from './sorted-rows.ts';
import { TopRefresh } from './top-refresh.ts';

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  /** Of a search: how many it could not look at yet. */
  notSearched?: number | undefined;
}

interface Options<T> {
  /** The page behind a cursor, or the first. */
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;
  compare: (a: T, b: T) => number;
  /** Of two versions of one row, the one to keep. */
  newer: (kept: T, incoming: T) => T;
  /** When to show what has gathered; a burst of changes is then one change. */
  schedule?: (flush: () => void) => void;
  /** At least so long between two looks at the top, in ms. */
  refreshMs?: number;
}

interface Change<T> {
  /** Of which rows; null is all. */
  ids: ReadonlySet<string> | null;
  change: (row: T) => T;
}

/** What happened while a page was on its way; the page may have been read before it. */
interface Flight<T> {
  merged: Map<string, T>;
  changes: Change<T>[];
}

/** Ids of removed rows that are remembered, so that a late event does not bring one back. */
const rememberedRemovals = 50_000;

export class KeysetList<T extends { id: string }> {
  items = $state.raw<readonly T[]>([]);
  loading = $state(false);
  /** False until the first page of what is asked for is there. */
  ready = $state(false);
  error = $state.raw<unknown>(null);
  hasMore = $state(true);
  /** How many the search that gave these rows could not look at yet. The top is asked for again until there are none. */
  notSearched = $state(0);

  readonly #options: Options<T>;
  #cursor: string | undefined;
  #page: Promise<void> = Promise.resolve();
  #generation = 0;
  #abort = new AbortController();
  #known = new Map<string, T>();
  #waiting = new Map<string, T>();
  #gone = new Set<string>();
  #scheduled = false;
  readonly #flights = new Set<Flight<T>>();
  /** The first page is on its way. */
  #isStarting = false;
  readonly #refreshMs: number;
  readonly #top: TopRefresh;
  #missing: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options<T>) {
    this.#options = options;
    this.#refreshMs = options.refreshMs ?? 250;
    this.#top = new TopRefresh((drops) => this.#lookAtTop(drops), this.#refreshMs);
  }

  /** Whether there is nothing of what was asked for; false until that is known. */
  get isBare(): boolean {
    return this.ready && this.items.length === 0 && !this.hasMore;
  }

  find(id: string): T | undefined {
    return this.#known.get(id) ?? this.#waiting.get(id);
  }

  /**
   * Starts again from the first page; the rows stay until it is there. With `isOther` the rows that come answer
   * another question, so that after a failure the old ones go too.
   */
  async reload({ isOther = false } = {}): Promise<void> {
    this.#generation += 1;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#cursor = undefined;
    this.#gone.clear();
    this.loading = false;
    if (isOther) this.#waiting.clear();
    this.ready &&= !isOther;
    await (this.#page = this.#loadPage(true));
    if (isOther && this.error !== null && this.#cursor === undefined) this.#clear();
  }

  /** Ends when a page that is on its way is there. */
  async loadMore(): Promise<void> {
    if (this.hasMore && !this.loading) this.#page = this.#loadPage(!this.ready);
    // Where all is read anew meanwhile, another one takes its place.
    for (let awaited: Promise<void> | null = null; awaited !== this.#page;) await (awaited = this.#page);
  }

  /** Asks for the first page again, soon: where only the server can say which rows belong in the list. */
  refreshSoon(how: { drops?: boolean } = {}): void {
    this.#top.plan(how);
  }

  async #lookAtTop(drops: boolean): Promise<boolean> {
    // A first page that is on its way may be older than what gave rise to this, and will take the place of all.
    const canCompare = this.ready && !this.#isStarting;
    const isDone =
      canCompare &&
      (await this.#fly(undefined, (page, flight) => {
        const isJoined = page.nextCursor === null || page.items.some((row) => this.#known.has(row.id));
        if (!isJoined) return this.#takePage(page, flight, true);
        const rows = this.#settle(page, flight);
        if (drops) this.#dropMissing(page, flight);
        this.#place([...rows, ...flight.merged.values()], false);
      }));
    return !isDone && this.#isStarting;
  }

  /** A page read from the top says of all rows above its last whether they still belong here. */
  #dropMissing(page: Page<T>, flight: Flight<T>): void {
    const last = page.items.at(-1);
    const there = new Set(page.items.map((row) => row.id));
    const isCovered = (row: T): boolean =>
      page.nextCursor === null || (last !== undefined && this.#options.compare(row, last) <= 0);
    const missing = this.items.filter(
      (row) => isCovered(row) && !there.has(row.id) && !flight.merged.has(row.id),
    );
    for (const row of missing) this.#known.delete(row.id);
    if (missing.length > 0) this.items = this.items.filter((row) => this.#known.has(row.id));
  }

  async #loadPage(first: boolean): Promise<void> {
    const generation = this.#generation;
    let isFirst = first;
    this.loading = true;
    this.#isStarting = first;
    this.error = null;
    do {
      const { length } = this.items;
      const isThere = await this.#fly(this.#cursor, (page, flight) => this.#takePage(page, flight, isFirst));
      if (!isThere) break;
      isFirst = false;
      // A page may hold nothing new and yet not be the last one.
      if (this.items.length > length || first) break;
    } while (this.hasMore && generation === this.#generation);
    if (generation !== this.#generation) return;
    this.loading = false;
    this.#isStarting = false;
  }

  async #fly(cursor: string | undefined, take: (page: Page<T>, flight: Flight<T>) => void): Promise<boolean> {
    const generation = this.#generation;
    const flight: Flight<T> = { merged: new Map(), changes: [] };
    this.#flights.add(flight);
    try {
      const page = await this.#options.load(cursor, this.#abort.signal);
      if (generation !== this.#generation) return false;
      this.#flush();
      this.#noteMissing(page);
      take(page, flight);
      return true;
    } catch (error) {
      if (generation === this.#generation) this.error = error;
      return false;
    } finally {
      this.#flights.delete(flight);
    }
  }

  #noteMissing({ notSearched = 0 }: Page<T>): void {
    this.notSearched = notSearched;
    clearTimeout(this.#missing);
    if (notSearched > 0) this.#missing = setTimeout(() => this.refreshSoon(), 3 * this.#refreshMs);
  }

  #clear(): void {
    this.items = [];
    this.#known.clear();
    this.ready = false;
  }

  /** The rows of a page, with what happened to them since it was asked for. */
  #settle(page: Page<T>, { changes }: Flight<T>): T[] {
    return page.items
      .filter((row) => !this.#gone.has(row.id))
      .map((row) =>
        changes.reduce((kept, { ids, change }) => (!ids || ids.has(row.id) ? change(kept) : kept), row),
      );
  }

  #takePage(page: Page<T>, flight: Flight<T>, first: boolean): void {
    const rows = this.#settle(page, flight);
    if (first) {
      this.items = [];
      this.#known.clear();
    }
    this.#cursor = page.nextCursor ?? undefined;
    this.hasMore = page.nextCursor !== null;
    this.ready = true;
    this.#place(rows, true);
    this.#place([...flight.merged.values()], false);
  }

  /** Live: new rows, and new versions of rows. */
  merge(rows: readonly T[]): void {
    for (const row of rows) {
      if (this.#gone.has(row.id)) continue;
      this.#waiting.set(row.id, this.#pick(this.#waiting.get(row.id), row));
      for (const { merged } of this.#flights) merged.set(row.id, this.#pick(merged.get(row.id), row));
    }
    this.#plan();
  }

  /** Rows that were deleted and are there again. */
  restore(rows: readonly T[]): void {
    for (const row of rows) this.#gone.delete(row.id);
    this.merge(rows);
  }

  /** Takes out rows, and remembers `ids` of which a page on its way may still tell. */
  remove(isGone: (row: T) => boolean, ids: readonly string[] = []): T[] {
    this.#flush();
    const removed = this.items.filter(isGone);
    for (const id of [...ids, ...removed.map((row) => row.id)]) {
      this.#gone.add(id);
      this.#known.delete(id);
      for (const { merged } of this.#flights) merged.delete(id);
    }
    for (const id of this.#gone) {
      if (this.#gone.size <= rememberedRemovals) break;
      this.#gone.delete(id);
    }
    if (removed.length > 0) this.items = this.items.filter((row) => this.#known.has(row.id));
    return removed;
  }

  /** `change` gives the row itself where it does not change. Of the rows with these ids, or of all. */
  change(ids: Iterable<string> | null, change: (row: T) => T): void {
    this.#flush();
    const wanted = ids && new Set(ids);
    for (const { changes } of this.#flights) changes.push({ ids: wanted, change });
    const rows = wanted ? [...wanted].flatMap((id) => this.#known.get(id) ?? []) : this.items;
    const changed: T[] = [];
    for (const row of rows) {
      const version = change(row);
      if (version === row) continue;
      this.#known.set(row.id, version);
      changed.push(version);
    }
    this.items = replaceRows(this.items, changed, this.#options.compare);
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
    const added = new Map<string, T>();
    const replaced = new Map<string, T>();
    for (const row of rows) {
      const known = this.#known.get(row.id);
      // Below what is loaded it would stand alone over a gap; its page will bring it.
      if (!known && !isPage && this.hasMore && oldest && compare(row, oldest) > 0) continue;
      const kept = this.#pick(known, row);
      if (kept === known) continue;
      this.#known.set(row.id, kept);
      (known && !added.has(row.id) ? replaced : added).set(row.id, kept);
    }
    if (replaced.size === 0 && added.size === 0) return;
    this.items = insertRows(
      replaceRows(this.items, [...replaced.values()], compare),
      [...added.values()],
      compare,
    );
  }
}
