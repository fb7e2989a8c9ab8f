// A client of the SDK that keeps all that it was told, and the log that it is held against.
import { openLive, type LiveState } from '../../shared/client/live.ts';
import type { DurableEvent } from '../../shared/events.ts';
import type { Mailscope } from '../process/mailscope.ts';

export function listen(url: string, since: string) {
  const events: DurableEvent[] = [];
  const states: LiveState[] = [];
  const live = openLive(url, {
    since,
    reconnectDelayMs: 5,
    onEvent: (event) => void events.push(event),
    onState: (state) => void states.push(state),
  });
  return { events, states, live, [Symbol.dispose]: () => live.close() };
}

export async function allEvents(
  { client }: Pick<Mailscope, 'client'>,
  since: string,
): Promise<DurableEvent[]> {
  const all: DurableEvent[] = [];
  for (let at = since; ;) {
    const { items, next } = await client.listEvents({ query: { since: at, limit: 1000 } });
    if (items.length === 0) return all;
    all.push(...(items as DurableEvent[]));
    at = next;
  }
}
