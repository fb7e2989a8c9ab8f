// One live connection for all state classes. It is opened at a cursor that was read before the first page was
// asked for, so that whatever happens in between arrives as an event.
/* eslint-disable svelte/prefer-svelte-reactivity -- bookkeeping that nothing on the page reads */
import { openLive, type Live as Connection, type LiveState } from '../../shared/client/live.ts';
import type { DurableEvent, EphemeralEvents } from '../../shared/events.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';

export type EphemeralType = keyof EphemeralEvents;
export type Ephemeral = { [K in EphemeralType]: { type: K; payload: EphemeralEvents[K] } }[EphemeralType];

export interface LiveListener {
  event?: (event: DurableEvent) => void;
  ephemeral?: (event: Ephemeral) => void;
  /** The log does not reach back far enough: load everything anew. */
  reset?: () => void;
  /** Connected for the first time; what is not in the log and came after the first page was missed. */
  opened?: () => void;
  /** Connected again; what is not in the log was missed. */
  resumed?: () => void;
}

/** What a state class needs of the live connection. */
export interface Feed {
  listen(listener: LiveListener): () => void;
  watchSession(id: string, fromLine: number, onLines: (lines: TranscriptLine[]) => void): () => void;
}

export class Live implements Feed {
  state = $state<'connecting' | 'connected' | 'lost'>('connecting');

  readonly #baseUrl: string;
  readonly #listeners = new Set<LiveListener>();
  #connection: Connection | null = null;
  /** Asked for before there was a connection. */
  readonly #waiting = new Set<() => void>();

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  open(since: string): void {
    this.close();
    this.#connection = openLive(this.#baseUrl, {
      since,
      onEvent: (event) => this.#tell((listener) => listener.event?.(event)),
      onEphemeral: (type, payload) =>
        this.#tell((listener) => listener.ephemeral?.({ type, payload } as Ephemeral)),
      onState: (state) => this.#change(state),
    });
    for (const watch of this.#waiting) watch();
    this.#waiting.clear();
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  listen(listener: LiveListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  watchSession(id: string, fromLine: number, onLines: (lines: TranscriptLine[]) => void): () => void {
    let stop: (() => void) | undefined;
    const watch = (): void => {
      stop = this.#connection?.watchSession(id, fromLine, onLines);
    };
    if (this.#connection) watch();
    else this.#waiting.add(watch);
    return () => {
      this.#waiting.delete(watch);
      stop?.();
    };
  }

  #change(state: LiveState): void {
    if (state === 'reset') return this.#tell((listener) => listener.reset?.());
    const wasLost = this.state === 'lost';
    const isFirst = this.state === 'connecting';
    this.state = state;
    if (state !== 'connected') return;
    if (isFirst) this.#tell((listener) => listener.opened?.());
    if (wasLost) this.#tell((listener) => listener.resumed?.());
  }

  #tell(call: (listener: LiveListener) => void): void {
    for (const listener of this.#listeners) call(listener);
  }
}
