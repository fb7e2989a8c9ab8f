// The log of what changed, for clients that ask instead of listening.
import type { DurableEvent } from '../../shared/events.ts';
import { eventInView, type InboxView } from '../../shared/inbox-view.ts';
import type { Handlers } from './endpoint.ts';
import type { EventPage, HttpParts } from './parts.ts';

/** The events that the view has, none of an earlier inbox of the same name. */
export function eventsInView(
  events: DurableEvent[],
  view: InboxView,
  inboxes: Pick<HttpParts['inboxes'], 'sinceSeq'>,
): DurableEvent[] {
  if (view === null) return events;
  let sinceSeq: number;
  try {
    sinceSeq = inboxes.sinceSeq(view);
  } catch {
    // It is gone: of all that is left only that.
    return events.filter((event) => event.type === 'inbox:deleted' && event.payload.name === view);
  }
  return events.flatMap((event) => (event.seq < sinceSeq ? [] : (eventInView(event, view) ?? [])));
}

/** Goes on to where there is something to tell, or to the end. */
async function readEventsInView(
  { store, inboxes }: Pick<HttpParts, 'store' | 'inboxes'>,
  view: InboxView,
  since: string | undefined,
  limit: number,
): Promise<EventPage> {
  let from = since;
  for (;;) {
    const page = await store.readEvents(from, limit, view);
    const items = eventsInView(page.items, view, inboxes);
    if (page.reset || items.length > 0 || page.items.length < limit) return { ...page, items };
    from = page.next;
  }
}

export const eventHandlers = (parts: Pick<HttpParts, 'store' | 'inboxes'>): Pick<Handlers, 'listEvents'> => ({
  listEvents: ({ query }, { view }) => readEventsInView(parts, view, query.since, query.limit),
});
