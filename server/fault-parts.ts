// The simulated failures, and what the other parts are given of them.
import { isoOf } from './clock.ts';
import type { Config } from './config/read-config.ts';
import type { Events } from './events.ts';
import { createFaultEngine, type FaultEngine } from './faults/engine.ts';
import { Faults, type FaultStore } from './faults/faults.ts';

export async function openFaultParts(
  store: FaultStore,
  { faults: configured, bounceAddresses }: Pick<Config, 'faults' | 'bounceAddresses'>,
  events: Events,
): Promise<{ faults: Faults; engine: FaultEngine }> {
  const engine = createFaultEngine({
    bounceAddresses,
    onApplied(id, sessionId, applied, atUs) {
      if (events.heard('fault:applied'))
        events.emit('fault:applied', { id, sessionId, applied, appliedAt: isoOf(atUs) });
    },
  });
  const faults = new Faults(store, engine);
  faults.open(configured, await store.loadFaults());
  return { faults, engine };
}
