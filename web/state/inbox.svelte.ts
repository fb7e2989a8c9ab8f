// The message list, of one inbox or of all: pages, live changes, marks, and deletions that can be taken back.
/* eslint-disable svelte/prefer-svelte-reactivity -- bookkeeping that nothing on the page reads */
import { untrack } from 'svelte';
import type { DurableEvent, DurableEvents } from '../../shared/events.ts';
import { eventInView, type ByInbox, type InboxView } from '../../shared/inbox-view.ts';
import type { MessageSummary } from '../../shared/message.ts';
import { attempt } from './attempt.ts';
import { DeletedRows, undoMs, type Deletion } from './deleted-rows.ts';
import { KeysetList } from './keyset-list.svelte.ts';
import type { Feed } from './live.svelte.ts';
import {
  deleteMessages,
  inChunks,
  listMessages,
  markMessages,
  restoreMessages,
  type Calls,
} from './message-calls.ts';
import { applyInboxes, applyMarks, lighten, newer, type Marks } from './message-rows.ts';
import { tagsOf, tagStatesOf, valuesOf, type TagState } from './message-values.ts';
import { browserStorage, Search, type KnownValues } from './search.svelte.ts';
import { Selection } from './selection.svelte.ts';

/** The first rows, which someone waits for. */
const pageSize = 200;
/** The most rows of a page: further down few requests count. */
const mostRows = 500;
/** Rows that are looked at for what to suggest. */
const lookedAt = 2000;

interface Options {
  /** Values to search for that messages do not hold. */
  moreValues?: () => KnownValues;
  schedule?: (flush: () => void) => void;
  refreshMs?: number;
}

export class Inbox {
  readonly list: KeysetList<MessageSummary>;
  readonly selection = new Selection();
  readonly search: Search;
  /** What the list is asked for; the empty text is all. */
  query = $state('');
  /** Whose messages are shown. Marks and deletions are then that inbox's own. */
  view = $state.raw<InboxView>(null);
  /** While the ids of all that match are asked for: how many there are so far. */
  collecting = $state<number | null>(null);
  /** The last deletion made here, until it cannot be taken back any more. */
  deletion = $state.raw<Deletion | null>(null);
  /** Retention has removed messages since the page was opened. */
  pruned = $state(0);
  error = $state.raw<unknown>(null);

  readonly #client: Calls;
  readonly #deleted = new DeletedRows();
  #collection = 0;
  #deleting: Promise<void> = Promise.resolve();
  readonly #undone = new WeakSet<Deletion>();
  /** Rows of before the search: what it finds is a poor source of what else could be searched for. */
  #unfiltered: readonly MessageSummary[] = [];

  constructor(client: Calls, { moreValues, ...options }: Options = {}) {
    this.#client = client;
    this.list = new KeysetList({
      load: (cursor, signal) => this.#readPage(cursor ? mostRows : pageSize, cursor, signal),
      compare: (a, b) => b.seq - a.seq,
      newer,
      ...options,
    });
    this.search = new Search({
      scope: 'messages',
      values: () => ({ ...valuesOf(this.#lookedAt()), ...moreValues?.() }),
      finds: async (query) =>
        (await listMessages(client, { view: this.view, limit: 1, query })).items.length > 0,
      storage: browserStorage(),
    });
  }

  /** Shows an inbox, or all, and of it what a search finds. */
  show(query: string, view: InboxView = null): void {
    untrack(() => {
      if (query === this.query && view === this.view) return;
      if (view !== this.view) this.#unfiltered = [];
      else if (this.query === '') this.#unfiltered = this.list.items.slice(0, lookedAt);
      this.query = query;
      this.view = view;
      this.clearSelection();
      if (this.list.ready || this.list.loading || this.list.error) void this.list.reload({ isOther: true });
    });
  }

  /** Whether there is nothing of what is to be shown; false until that is known. */
  isBare(query: string, view: InboxView): boolean {
    return query === this.query && view === this.view && this.list.isBare;
  }

  listen(feed: Feed): () => void {
    return feed.listen({
      event: (event) => this.#hear(eventInView(event, this.view)),
      reset: () => {
        this.selection.clear();
        void this.list.reload();
      },
      resumed: () => void (this.list.error && this.list.reload()),
    });
  }

  #hear(event: DurableEvent | undefined): void {
    if (!event) return;
    const { type, payload } = event;
    if (type === 'message:stored' || type === 'message:parsed') this.#takeMessage(payload.message);
    if (type === 'messages:changed') this.#take(payload);
    if (type === 'messages:deleted') this.#drop(payload);
    if (type === 'messages:restored') this.#putBack(payload.ids, payload.byInbox);
    const isMade = type === 'inbox:created' && payload.inbox.name === this.view;
    if (isMade || (type === 'inbox:deleted' && payload.name === this.view))
      void this.list.reload({ isOther: true });
  }

  /** The neighbour of a message in the list; without one the first. */
  neighbour(id: string | null, step: 1 | -1): MessageSummary | undefined {
    const { items } = this.list;
    const index = id === null ? -1 : items.findIndex((row) => row.id === id);
    if (index === -1) return items[0];
    return items[index + step];
  }

  /** Selects all that match, loaded or not. What arrives later is not selected. */
  async selectAll(): Promise<void> {
    const turn = (this.#collection += 1);
    this.selection.add(this.list.items.map(({ id }) => id));
    if (!this.list.hasMore) return;
    this.collecting = this.selection.size;
    await attempt(this, async () => {
      const ids: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await this.#readPage(mostRows, cursor);
        if (turn !== this.#collection) return;
        for (const { id } of page.items) ids.push(id);
        this.collecting = Math.max(this.selection.size, ids.length);
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      this.selection.add(ids);
    });
    if (turn === this.#collection) this.collecting = null;
  }

  clearSelection(): void {
    this.#collection += 1;
    this.collecting = null;
    this.selection.clear();
  }

  mark(ids: string[], read: boolean): Promise<void> {
    return this.change(ids, { read });
  }

  /** Shown at once; taken back where the server refuses. */
  async change(ids: string[], marks: Marks): Promise<void> {
    const before = new Map<string, MessageSummary>();
    const { view } = this;
    this.list.change(ids, (row) => {
      const changed = applyMarks(row, marks);
      if (changed !== row) before.set(row.id, before.get(row.id) ?? row);
      return changed;
    });
    const done = await attempt(this, () => markMessages(this.#client, view, ids, marks));
    if (done) return;
    this.list.change(before.keys(), (row) => {
      const { read, pinned, tags } = before.get(row.id) ?? row;
      return { ...row, read, pinned, tags };
    });
  }

  async delete(ids: string[]): Promise<void> {
    const wanted = new Set(ids);
    this.#deleted.keep(
      this.list.remove((row) => wanted.has(row.id)),
      this,
    );
    this.selection.drop(ids);
    const deletion = { ids, until: Date.now() + undoMs, view: this.view };
    this.deletion = deletion;
    this.#deleting = this.#send(deletion);
    await this.#deleting;
  }

  async #send(deletion: Deletion): Promise<void> {
    const deleted: string[] = [];
    const isUndone = (): boolean => this.#undone.has(deletion);
    const done = await attempt(this, async () => {
      for (const chunk of inChunks(deletion.ids)) {
        if (isUndone()) return;
        await deleteMessages(this.#client, deletion.view, chunk);
        deleted.push(...chunk);
      }
    });
    if (done || isUndone()) return;
    const gone = new Set(deleted);
    this.deletion = deleted.length > 0 ? { ...deletion, ids: deleted, until: Date.now() + undoMs } : null;
    this.#putBack(deletion.ids.filter((id) => !gone.has(id)));
  }

  /** Also of a deletion that is still under way: no more of it is sent, and what was sent is awaited. */
  async undo(): Promise<string[]> {
    const { deletion } = this;
    if (!deletion || deletion.until < Date.now()) return [];
    this.deletion = null;
    this.#undone.add(deletion);
    await this.#deleting;
    const done = await attempt(this, () => restoreMessages(this.#client, deletion.view, deletion.ids));
    if (done) this.#putBack(deletion.ids);
    return done ? deletion.ids : [];
  }

  forgetDeletion(deletion: Deletion): void {
    if (this.deletion === deletion) this.deletion = null;
  }

  /** Tags of the messages known here, the most used first. */
  knownTags(): string[] {
    return tagsOf(this.#lookedAt());
  }

  /** Which tags some messages have, and which they could be given; of what is not loaded nothing is known. */
  tagStates(ids: readonly string[]): TagState[] {
    const rows = ids.flatMap((id) => this.list.find(id) ?? []);
    return tagStatesOf(rows, ids.length, this.knownTags());
  }

  tryAgain(): void {
    this.error = null;
    void this.list.reload();
  }

  #readPage(limit: number, cursor?: string, signal?: AbortSignal) {
    const { view, query } = this;
    return listMessages(this.#client, { view, query, limit, cursor, signal });
  }

  #lookedAt(): readonly MessageSummary[] {
    const rows = this.list.items.slice(0, lookedAt);
    return this.query === '' ? rows : [...rows, ...this.#unfiltered];
  }

  #takeMessage(message: MessageSummary): void {
    const row = lighten(message);
    if (this.query === '' || this.list.find(row.id)) this.list.merge([row]);
    // What else matches only the server knows: it has the body.
    if (this.query !== '') this.list.refreshSoon();
  }

  /** A row that the search would not find any more stays until it is asked again: lists that jump are no use. */
  #take({ ids, ...marks }: DurableEvents['messages:changed']): void {
    this.list.change(ids, (row) => applyMarks(row, marks));
    if (this.query !== '') this.list.refreshSoon();
  }

  #drop({ ids, upToSeq, reason, byInbox }: DurableEvents['messages:deleted']): void {
    const wanted = ids && new Set(ids);
    const last = upToSeq ?? Infinity;
    const removed = this.list.remove((row) => (wanted ? wanted.has(row.id) : row.seq <= last), ids ?? []);
    this.selection.drop(ids ?? removed.map(({ id }) => id));
    if (reason === 'retention') this.pruned += ids?.length ?? removed.length;
    else this.#deleted.keep(removed, this);
    this.#place(byInbox, 'left');
  }

  #putBack(ids: readonly string[], byInbox?: ByInbox<string[]>): void {
    const rows = this.#deleted.take(ids, this);
    this.list.restore(rows);
    // Rows that were never loaded here: only the server can say where they belong.
    const back = new Set(rows.map(({ id }) => id));
    if (ids.some((id) => !back.has(id) && !this.list.find(id))) void this.list.reload();
    this.#place(byInbox, 'back');
  }

  /** In the view of an inbox a row names that one alone, and events do not say more. */
  #place(byInbox: ByInbox<string[]> | undefined, how: 'left' | 'back'): void {
    if (byInbox === undefined) return;
    this.list.change(Object.values(byInbox).flat(), (row) => applyInboxes(row, byInbox, how));
  }
}
