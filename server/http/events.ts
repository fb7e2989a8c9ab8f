// The log of what changed, for clients that ask instead of listening.
import type { Handlers } from './endpoint.ts';
import type { StorePart } from './parts.ts';

export function eventHandlers(store: StorePart): Pick<Handlers, 'listEvents'> {
  return { listEvents: ({ query }) => store.readEvents(query.since, query.limit) };
}
