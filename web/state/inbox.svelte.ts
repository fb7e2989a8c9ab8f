// The message list: pages, live changes, marks, and deletions that can be taken back.
/* eslint-disable svelte/prefer-svelte-reactivity -- bookkeeping that nothing on the page reads */
import { SvelteSet } from 'svelte/reactivity';
import type { DurableEvents } from '../../shared/events.ts';
import type { MessageSummary } from '../../shared/message.ts';
import type { Client } from './client.ts';
import { KeysetList } from './keyset-list.svelte.ts';
import type { Feed } from './live.svelte.ts';

type Calls = Pick<Client, 'listMessages' | 'updateMessages' | 'deleteMessages' | 'restoreMessages'>;

/** The server keeps a deleted message for 60 s. */
const undoMs = 60_000;
const pageSize = 200;

export interface Deletion {
  ids: string[];
  until: number;
}

function newer(kept: MessageSummary, incoming: MessageSummary): MessageSummary {
  return incoming.parse === 'pending' && kept.parse !== 'pending' ? kept : incoming;
}

export class Inbox {
  readonly list: KeysetList<MessageSummary>;
  readonly selected = new SvelteSet<string>();
  /** The last deletion made here, until it cannot be taken back any more. */
  deletion = $state.raw<Deletion | null>(null);
  /** Retention has removed messages since the page was opened. */
  pruned = $state(0);
  error = $state.raw<unknown>(null);

  readonly #client: Calls;
  /** Deleted rows, for as long as they may come back. */
  #deleted = new Map<string, { row: MessageSummary; until: number }>();

  constructor(client: Calls, options: { schedule?: (flush: () => void) => void } = {}) {
    this.#client = client;
    this.list = new KeysetList({
      load: (cursor) => client.listMessages({ query: { limit: pageSize, ...(cursor ? { cursor } : {}) } }),
      compare: (a, b) => b.seq - a.seq,
      newer,
      ...options,
    });
  }

  listen(feed: Feed): () => void {
    return feed.listen({
      event: ({ type, payload }) => {
        if (type === 'message:stored' || type === 'message:parsed') this.list.merge([payload.message]);
        if (type === 'messages:changed') this.#take(payload);
        if (type === 'messages:deleted') this.#drop(payload);
        if (type === 'messages:restored') this.#putBack(payload.ids);
      },
      reset: () => void this.list.reload(),
      resumed: () => void (this.list.error && this.list.reload()),
    });
  }

  /** The neighbour of a message in the list; without one the first. */
  neighbour(id: string | null, step: 1 | -1): MessageSummary | undefined {
    const { items } = this.list;
    const index = id === null ? -1 : items.findIndex((row) => row.id === id);
    if (index === -1) return items[0];
    return items[index + step];
  }

  toggle(id: string): void {
    if (!this.selected.delete(id)) this.selected.add(id);
  }

  async mark(ids: string[], read: boolean): Promise<void> {
    const wanted = new Set(ids);
    this.list.change(
      (row) => wanted.has(row.id) && row.read !== read,
      (row) => ({ ...row, read }),
    );
    await this.#try(() => this.#client.updateMessages({ body: { ids, read } }));
  }

  async delete(ids: string[]): Promise<void> {
    const wanted = new Set(ids);
    this.#keep(this.list.remove((row) => wanted.has(row.id)));
    for (const id of ids) this.selected.delete(id);
    this.deletion = { ids, until: Date.now() + undoMs };
    const done = await this.#try(() => this.#client.deleteMessages({ body: { ids } }));
    if (done) return;
    this.deletion = null;
    this.#putBack(ids);
  }

  async undo(): Promise<string[]> {
    const { deletion } = this;
    if (!deletion || deletion.until < Date.now()) return [];
    this.deletion = null;
    const done = await this.#try(() => this.#client.restoreMessages({ body: { ids: deletion.ids } }));
    if (done) this.#putBack(deletion.ids);
    return done ? deletion.ids : [];
  }

  forgetDeletion(deletion: Deletion): void {
    if (this.deletion === deletion) this.deletion = null;
  }

  #take({ ids, read, pinned }: DurableEvents['messages:changed']): void {
    const wanted = ids && new Set(ids);
    const marks = { ...(read === undefined ? {} : { read }), ...(pinned === undefined ? {} : { pinned }) };
    this.list.change(
      (row) => !wanted || wanted.has(row.id),
      (row) => ({ ...row, ...marks }),
    );
  }

  #drop({ ids, upToSeq, reason }: DurableEvents['messages:deleted']): void {
    const wanted = ids && new Set(ids);
    const last = upToSeq ?? Infinity;
    const removed = this.list.remove((row) => (wanted ? wanted.has(row.id) : row.seq <= last), ids ?? []);
    for (const row of removed) this.selected.delete(row.id);
    if (reason === 'retention') this.pruned += ids?.length ?? removed.length;
    else this.#keep(removed);
  }

  #keep(rows: readonly MessageSummary[]): void {
    const now = Date.now();
    for (const [id, { until }] of this.#deleted) if (until < now) this.#deleted.delete(id);
    for (const row of rows) this.#deleted.set(row.id, { row, until: now + undoMs });
  }

  #putBack(ids: readonly string[]): void {
    const rows = ids.flatMap((id) => this.#deleted.get(id)?.row ?? []);
    this.list.restore(rows);
    for (const row of rows) this.#deleted.delete(row.id);
    // Rows that were never loaded here: only the server can say where they belong.
    if (ids.some((id) => !rows.some((row) => row.id === id) && !this.list.find(id))) void this.list.reload();
  }

  async #try(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      this.error = null;
      return true;
    } catch (error) {
      this.error = error;
      return false;
    }
  }
}
