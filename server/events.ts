// Publish and subscribe within the process, over the event map of shared/events.ts.
import type { DurableEvent, EphemeralEvents } from '../shared/events.ts';
import type { Log } from './log.ts';

/** Durable events come in batches, in order of seq, after their commit. `unparsed` is the id of a message. */
export type LiveEvents = EphemeralEvents & { durable: DurableEvent[]; unparsed: string };

type Listener<K extends keyof LiveEvents> = (payload: LiveEvents[K]) => void;

export interface Events {
  on<K extends keyof LiveEvents>(type: K, listener: Listener<K>): () => void;
  emit<K extends keyof LiveEvents>(type: K, payload: LiveEvents[K]): void;
  /** Whether it is worth making a payload. */
  heard(type: keyof LiveEvents): boolean;
}

export function createEvents(log: Log): Events {
  const listeners = new Map<keyof LiveEvents, Set<Listener<never>>>();
  return {
    on(type, listener) {
      const set = listeners.get(type) ?? new Set();
      listeners.set(type, set.add(listener as Listener<never>));
      return () => void set.delete(listener as Listener<never>);
    },
    emit(type, payload) {
      for (const listener of listeners.get(type) ?? []) {
        try {
          (listener as Listener<typeof type>)(payload);
        } catch (error) {
          // One listener's fault is not the sender's, nor the next listener's.
          log.error(`A listener of ${type} failed`, error);
        }
      }
    },
    heard: (type) => (listeners.get(type)?.size ?? 0) > 0,
  };
}
