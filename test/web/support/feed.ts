// A live connection in memory: what is said to it reaches who listens.
import type { DurableEvent, DurableEvents, DurableEventType } from '../../../shared/events.ts';
import type { TranscriptLine } from '../../../shared/transcript.ts';
import type { Ephemeral, Feed, LiveListener } from '../../../web/state/live.svelte.ts';

export interface TestFeed extends Feed {
  say<T extends DurableEventType>(type: T, payload: DurableEvents[T]): void;
  sayEphemeral(event: Ephemeral): void;
  reset(): void;
  opened(): void;
  resumed(): void;
  lines(id: string, lines: TranscriptLine[]): void;
  watched: string[];
}

export function createFeed(): TestFeed {
  const listeners = new Set<LiveListener>();
  const watches = new Map<string, (lines: TranscriptLine[]) => void>();
  const watched: string[] = [];
  let seq = 0;
  return {
    watched,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watchSession(id, fromLine, onLines) {
      watched.push(`${id} from ${fromLine}`);
      watches.set(id, onLines);
      return () => {
        watched.push(`${id} left`);
        watches.delete(id);
      };
    },
    say(type, payload) {
      seq += 1;
      const event = {
        seq,
        cursor: `store.${seq}`,
        at: '2026-03-12T14:20:00.000Z',
        type,
        payload,
      } as DurableEvent;
      for (const listener of listeners) listener.event?.(event);
    },
    sayEphemeral(event) {
      for (const listener of listeners) listener.ephemeral?.(event);
    },
    reset() {
      for (const listener of listeners) listener.reset?.();
    },
    opened() {
      for (const listener of listeners) listener.opened?.();
    },
    resumed() {
      for (const listener of listeners) listener.resumed?.();
    },
    lines: (id, lines) => watches.get(id)?.(lines),
  };
}

/** A promise that is settled from outside. */
export function later<T>(): {
  promise: Promise<T>;
  give: (value: T) => void;
  fail: (error: unknown) => void;
} {
  let give!: (value: T) => void;
  let fail!: (error: unknown) => void;
  const promise = new Promise<T>((resolve, reject) => {
    give = resolve;
    fail = reject;
  });
  return { promise, give, fail };
}
