// The session list, running ones included: all, or those that a search finds.
/* eslint-disable svelte/prefer-svelte-reactivity -- bookkeeping that nothing on the page reads */
import { untrack } from 'svelte';
import type { MessageSummary } from '../../shared/message.ts';
import type { Session, SessionSummary } from '../../shared/session.ts';
import type { Client } from './client.ts';
import { KeysetList } from './keyset-list.svelte.ts';
import type { Feed } from './live.svelte.ts';
import { browserStorage, Search } from './search.svelte.ts';

const pageSize = 200;
/** Rows that are looked at for what to suggest. */
const lookedAt = 500;

type FirstMail = NonNullable<SessionSummary['firstMail']>;

const withMail = (session: SessionSummary, firstMail: FirstMail | undefined): SessionSummary =>
  firstMail === undefined ? session : { ...session, firstMail };

/** A session that was seen closed is not open again, whatever arrives late. */
function newer(kept: SessionSummary, incoming: SessionSummary): SessionSummary {
  if (kept.outcome !== 'open' && incoming.outcome === 'open') return kept;
  if (kept.outcome === 'open' && incoming.outcome === 'open' && incoming.bytesIn < kept.bytesIn) return kept;
  // What was first stays so; a page that was opened in the midst of a session takes a later message for the first.
  return withMail(incoming, kept.firstMail);
}

/** More messages do not arrive before the end of their session. */
const mostMails = 1000;

export class Sessions {
  readonly list: KeysetList<SessionSummary>;
  readonly search: Search;
  /** What the list is asked for; the empty text is all. */
  query = $state('');
  /** Rows of before the search, to suggest from. */
  #unfiltered: readonly SessionSummary[] = [];
  /** Those that went with the last deletion, for as long as they may come back. */
  #deleted: readonly SessionSummary[] = [];
  /** What the event of its end leaves out of a session, as it came with its first message. */
  #mails = new Map<string, FirstMail>();

  constructor(
    client: Pick<Client, 'listSessions'>,
    options: { schedule?: (flush: () => void) => void; refreshMs?: number } = {},
  ) {
    this.list = new KeysetList({
      load: (cursor, signal) =>
        client.listSessions({
          query: {
            limit: pageSize,
            ...(cursor ? { cursor } : {}),
            ...(this.query ? { query: this.query } : {}),
          },
          signal,
        }),
      compare: (a, b) => b.openedAtUs - a.openedAtUs || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0),
      newer,
      ...options,
    });
    this.search = new Search({
      scope: 'sessions',
      values: () => this.#values(),
      finds: async (query) => (await client.listSessions({ query: { limit: 1, query } })).items.length > 0,
      storage: browserStorage(),
    });
  }

  /** Shows what a search finds; one that cannot be read finds nothing. */
  show(query: string): void {
    untrack(() => {
      if (query === this.query) return;
      if (this.query === '') this.#unfiltered = this.list.items.slice(0, lookedAt);
      this.query = query;
      if (this.list.ready || this.list.loading || this.list.error) void this.list.reload({ isOther: true });
    });
  }

  /** Whether there is nothing of what is to be shown; false until that is known. */
  isBare(query: string): boolean {
    return query === this.query && this.list.isBare;
  }

  listen(feed: Feed): () => void {
    return feed.listen({
      event: ({ type, payload }) => {
        if (type === 'message:stored') this.#note(payload.message);
        if (type === 'session:closed') {
          this.#take(withMail(payload.session, this.#mails.get(payload.session.id)));
          this.#mails.delete(payload.session.id);
        }
        if (type === 'sessions:deleted') {
          const wanted = payload.ids && new Set(payload.ids);
          const rows = this.list.remove(
            (row) => (wanted ? wanted.has(row.id) : row.outcome !== 'open'),
            payload.ids ?? [],
          );
          if (payload.reason === 'request') this.#deleted = rows;
        }
        if (type === 'sessions:restored') this.#putBack(payload.ids);
      },
      ephemeral: (event) => {
        if ('session' in event.payload) this.#take(event.payload.session);
      },
      reset: () => void this.list.reload(),
      // That a session began is not in the log.
      opened: () => this.list.refreshSoon(),
      resumed: () => void this.list.reload(),
    });
  }

  #note({ sessionId, mailFrom, rcptTo, rcptCount }: MessageSummary): void {
    if (sessionId === null || this.#mails.has(sessionId)) return;
    this.#mails.set(sessionId, { from: mailFrom, to: rcptTo[0] ?? '', recipients: rcptCount });
    const [oldest] = this.#mails.keys();
    if (this.#mails.size > mostMails) this.#mails.delete(oldest!);
  }

  /** Only the server knows where those belong that were not the last ones to go from here. */
  #putBack(ids: readonly string[]): void {
    const back = this.#deleted.filter((row) => ids.includes(row.id));
    this.list.restore(back);
    if (back.length < ids.length) void this.list.reload();
    else if (this.query !== '') this.list.refreshSoon({ drops: true });
  }

  /** Not every command of a running session is announced, so that a row is told what else was read of it. */
  note(session: Session): void {
    if (session.outcome === 'open' && this.list.find(session.id)) this.list.merge([session]);
  }

  neighbour(id: string | null, step: 1 | -1): SessionSummary | undefined {
    const { items } = this.list;
    const index = id === null ? -1 : items.findIndex((row) => row.id === id);
    return index === -1 ? items[0] : items[index + step];
  }

  /** With a search the server says whether it belongs here, now that it has changed. */
  #take(session: SessionSummary): void {
    if (this.query === '' || this.list.find(session.id)) this.list.merge([session]);
    if (this.query !== '') this.list.refreshSoon({ drops: true });
  }

  /** What clients called themselves, of the sessions that are known here. */
  clientNames(): string[] {
    return this.#unique((row) => row.clientName);
  }

  #unique(of: (row: SessionSummary) => string | null): string[] {
    const rows = [...this.list.items.slice(0, lookedAt), ...this.#unfiltered];
    return [...new Set(rows.flatMap((row) => of(row) ?? []))];
  }

  #values(): Record<string, string[]> {
    return {
      listener: this.#unique((row) => row.listener),
      peer: this.#unique((row) => row.peer.address),
      client: this.clientNames(),
      auth: this.#unique((row) => row.user),
    };
  }
}
