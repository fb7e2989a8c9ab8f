// The simulated failures, and what the other parts are given of them.
import { faultRule } from '../shared/fault.ts';
import { isoOf } from './clock.ts';
import type { Config } from './config/read-config.ts';
import type { Events } from './events.ts';
import { createFaultEngine, type FaultEngine } from './faults/engine.ts';
import { Faults, type FaultStore } from './faults/faults.ts';
import type { Log } from './log.ts';

export async function openFaultParts(
  store: FaultStore,
  { faults: configured, bounceAddresses }: Pick<Config, 'faults' | 'bounceAddresses'>,
  events: Events,
  log: Log,
): Promise<{ faults: Faults; engine: FaultEngine }> {
  const engine = createFaultEngine({
    bounceAddresses,
    onApplied(id, sessionId, applied, atUs) {
      if (events.heard('fault:applied'))
        events.emit('fault:applied', { id, sessionId, applied, appliedAt: isoOf(atUs) });
    },
  });
  const faults = new Faults(store, engine);
  const stored = (await store.loadFaults()).flatMap((one) => {
    const read = faultRule.safeParse(one.rule);
    if (read.success) return [{ ...one, rule: read.data }];
    log.warn(`The rule ${one.id} of simulated failures is passed over: it is none that this version knows.`);
    return [];
  });
  faults.open(configured, stored);
  return { faults, engine };
}
