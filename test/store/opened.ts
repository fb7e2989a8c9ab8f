import type { Store } from '../../server/store/store.ts';
import type { DurableEvent } from '../../shared/events.ts';

/** A fresh store and the events that it told. */
export interface Opened {
  store: Store;
  events: DurableEvent[];
}

export type OpenFresh = () => Promise<Opened>;
