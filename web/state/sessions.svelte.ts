// The session list, running ones included.
/* eslint-disable svelte/prefer-svelte-reactivity -- bookkeeping that nothing on the page reads */
import type { SessionSummary } from '../../shared/session.ts';
import type { Client } from './client.ts';
import { KeysetList } from './keyset-list.svelte.ts';
import type { Feed } from './live.svelte.ts';

const pageSize = 200;

/** A session that was seen closed is not open again, whatever arrives late. */
function newer(kept: SessionSummary, incoming: SessionSummary): SessionSummary {
  if (kept.outcome !== 'open' && incoming.outcome === 'open') return kept;
  if (kept.outcome === 'open' && incoming.outcome === 'open' && incoming.bytesIn < kept.bytesIn) return kept;
  return incoming;
}

export class Sessions {
  readonly list: KeysetList<SessionSummary>;

  constructor(
    client: Pick<Client, 'listSessions'>,
    options: { schedule?: (flush: () => void) => void } = {},
  ) {
    this.list = new KeysetList({
      load: (cursor) => client.listSessions({ query: { limit: pageSize, ...(cursor ? { cursor } : {}) } }),
      compare: (a, b) => b.openedAtUs - a.openedAtUs || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0),
      newer,
      ...options,
    });
  }

  listen(feed: Feed): () => void {
    return feed.listen({
      event: ({ type, payload }) => {
        if (type === 'session:closed') this.list.merge([payload.session]);
        if (type === 'sessions:deleted') {
          const wanted = payload.ids && new Set(payload.ids);
          this.list.remove(
            (row) => (wanted ? wanted.has(row.id) : row.outcome !== 'open'),
            payload.ids ?? [],
          );
        }
      },
      ephemeral: (event) => {
        if (event.type !== 'session:lines') this.list.merge([event.payload.session]);
      },
      reset: () => void this.list.reload(),
      resumed: () => void this.list.reload(),
    });
  }

  neighbour(id: string | null, step: 1 | -1): SessionSummary | undefined {
    const { items } = this.list;
    const index = id === null ? -1 : items.findIndex((row) => row.id === id);
    return index === -1 ? items[0] : items[index + step];
  }
}
