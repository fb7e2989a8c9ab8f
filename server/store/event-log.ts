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

export function durableEvent(storeId: string, { seq, atUs, type, payload }: StoredEvent): DurableEvent {
  const cursor = `${storeId}.${String(seq)}`;
  return { seq, cursor, at: isoOf(atUs), type, payload: JSON.parse(payload) as unknown } as DurableEvent;
}
