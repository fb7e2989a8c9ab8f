// An event as it is stored, and as the API gives it.
import type { DurableEvent, DurableEventType } from '../../shared/events.ts';
import { isoOf } from '../clock.ts';

export interface StoredEvent {
  seq: number;
  atUs: number;
  type: DurableEventType;
  /** As JSON. */
  payload: string;
}

/** What is left of a damaged event: its number, its time, and its type. */
export const lostPayload = 'null';

export interface ReadableEvents {
  /** Without those that are damaged. */
  items: DurableEvent[];
  damaged: number[];
  areSomeLost: boolean;
}

export function readableEvents(storeId: string, events: StoredEvent[]): ReadableEvents {
  const damaged: number[] = [];
  const items = events.flatMap((event) => {
    if (event.payload === lostPayload) return [];
    try {
      return [durableEvent(storeId, event)];
    } catch {
      damaged.push(event.seq);
      return [];
    }
  });
  return { items, damaged, areSomeLost: items.length < events.length };
}

export function durableEvent(storeId: string, { seq, atUs, type, payload }: StoredEvent): DurableEvent {
  const cursor = `${storeId}.${String(seq)}`;
  return { seq, cursor, at: isoOf(atUs), type, payload: JSON.parse(payload) as unknown } as DurableEvent;
}
