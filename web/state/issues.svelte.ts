// The problems that were found, the last seen first, with those that come and change live.
/* eslint-disable svelte/prefer-svelte-reactivity -- bookkeeping that nothing on the page reads */
import { untrack } from 'svelte';
import type { DurableEvent, EphemeralEvents } from '../../shared/events.ts';
import type { Issue, IssueState } from '../../shared/issue.ts';
import type { Client } from './client.ts';
import type { Ephemeral, Feed } from './live.svelte.ts';

export const issueFilters = ['open', 'acknowledged', 'resolved', 'muted', 'all'] as const;
export type IssueFilter = (typeof issueFilters)[number];

type Rows = readonly Issue[];
const pageSize = 100;

const latestFirst = (one: Issue, other: Issue): number =>
  other.lastSeenAt.localeCompare(one.lastSeenAt) || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0);

export class Issues {
  /** null: not known yet. */
  all = $state.raw<Rows | null>(null);
  error = $state.raw<unknown>(null);
  filter = $state<IssueFilter>('open');
  /** Where the list goes on; null: it is all there. */
  cursor = $state<string | null>(null);

  readonly #client: Pick<Client, 'listIssues' | 'readIssue'>;
  #turn = 0;
  /** What happened while a page was on its way, which may have been read before it. */
  #meanwhile: Set<(rows: Rows) => Rows> | null = null;

  constructor(client: Pick<Client, 'listIssues' | 'readIssue'>) {
    this.#client = client;
  }

  async show(filter: IssueFilter): Promise<void> {
    untrack(() => {
      if (filter !== this.filter) this.all = null;
      this.filter = filter;
    });
    await untrack(() => this.load());
  }

  /** From the first page; the rows stay until it is there. */
  async load(): Promise<void> {
    await this.#fetch(null);
  }

  async loadMore(): Promise<void> {
    if (this.cursor !== null && this.#meanwhile === null) await this.#fetch(this.cursor);
  }

  listen(feed: Feed): () => void {
    const load = (): void => void this.load();
    return feed.listen({
      event: (event) => this.#hear(event),
      ephemeral: (event) => this.#count(event),
      // What was seen meanwhile is not in the log.
      opened: load,
      resumed: load,
      reset: load,
    });
  }

  /** At its place, where it is one of those that are asked for. */
  put(issue: Issue): void {
    this.#change((rows) => {
      const others = rows.filter(({ id }) => id !== issue.id);
      const isOne = this.filter === 'all' || issue.state === this.filter;
      return isOne ? [...others, issue].toSorted(latestFirst) : others;
    });
  }

  neighbour(id: string | null, step: 1 | -1): Issue | undefined {
    const rows = this.all ?? [];
    const index = id === null ? -1 : rows.findIndex((row) => row.id === id);
    return index === -1 ? rows[0] : rows[index + step];
  }

  async #fetch(cursor: string | null): Promise<void> {
    const turn = (this.#turn += 1);
    const meanwhile = (this.#meanwhile = new Set<(rows: Rows) => Rows>());
    const state: IssueState | null = this.filter === 'all' ? null : this.filter;
    const query = { limit: pageSize, ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) };
    try {
      const { items, nextCursor } = await this.#client.listIssues({ query });
      if (turn !== this.#turn) return;
      const known = cursor === null ? [] : (this.all ?? []);
      const ids = new Set(items.map(({ id }) => id));
      let rows: Rows = [...known.filter(({ id }) => !ids.has(id)), ...items].toSorted(latestFirst);
      for (const change of meanwhile) rows = change(rows);
      this.all = rows;
      this.cursor = nextCursor;
      this.error = null;
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    } finally {
      if (turn === this.#turn) this.#meanwhile = null;
    }
  }

  #change(change: (rows: Rows) => Rows): void {
    this.#meanwhile?.add(change);
    if (this.all) this.all = change(this.all);
  }

  #hear({ type, payload }: DurableEvent): void {
    if (type === 'issue:changed') this.put(payload.issue);
    else if (type === 'issues:deleted')
      this.#change((rows) => rows.filter(({ id }) => !payload.ids.includes(id)));
  }

  #count({ type, payload }: Ephemeral): void {
    if (type !== 'issue:seen' || !this.all) return;
    // Of those that are not loaded yet it comes to the top; where all are, it is not asked for.
    if (this.all.some(({ id }) => id === payload.id)) this.#note(payload);
    else if (this.cursor !== null) void this.#find(payload.id);
  }

  #note({ id, count, lastSeenAt, sessionId, messageId }: EphemeralEvents['issue:seen']): void {
    this.#change((rows) =>
      rows
        .map((one) =>
          one.id === id && count > one.count ? { ...one, count, lastSeenAt, sessionId, messageId } : one,
        )
        .toSorted(latestFirst),
    );
  }

  async #find(id: string): Promise<void> {
    const issue = await this.#client.readIssue({ params: { id } }).catch(() => null);
    if (issue) this.put(issue);
  }
}
