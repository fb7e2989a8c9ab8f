// What every driver promises about the rules of simulated failures.
import { expect, test } from 'vitest';
import type { Fault } from '../../shared/fault.ts';
import { makeFault } from '../../shared/make-fault.ts';
import type { Store } from '../../server/store/store.ts';
import type { OpenFresh } from './opened.ts';

export function sampleFault(id: string): { id: string; rule: object; told: Fault } {
  const made = makeFault({ stage: 'quit', then: 'reset' });
  if (!('rule' in made)) throw new Error(made.problem);
  const { rule } = made;
  const more = { text: 'At QUIT.', source: 'api', createdAt: '2026-01-31T12:00:00.000Z' } as const;
  return { id, rule, told: { id, ...rule, ...more, applied: 0, appliedAt: null } };
}

const save = (store: Store, id: string, event: 'fault:created' | 'fault:changed', more = {}) => {
  const { told, ...kept } = sampleFault(id);
  return store.faults.saveFault({ ...kept, ...more }, told, event);
};

export function faultSuite(openFresh: OpenFresh): void {
  test('rules come back in their order, as they were last changed, and each change is told', async () => {
    const { store, events } = await openFresh();
    for (const id of ['f_c', 'f_a', 'f_b', 'f_d']) await save(store, id, 'fault:created');
    await save(store, 'f_c', 'fault:changed', { more: 'kept' });
    await store.faults.removeFaults(['f_a', 'f_none', 'f_d']);
    const kept = await store.faults.loadFaults();
    expect(kept).toMatchObject([{ id: 'f_c', more: 'kept' }, { id: 'f_b' }]);
    expect(kept[1]).toEqual({ id: 'f_b', rule: sampleFault('f_b').rule });
    expect(events.map(({ type }) => type)).toEqual([
      ...['fault:created', 'fault:created', 'fault:created', 'fault:created'],
      ...['fault:changed', 'faults:deleted'],
    ]);
    expect(events[0]?.payload).toEqual({ fault: sampleFault('f_c').told });
    expect(events.at(-1)?.payload).toEqual({ ids: ['f_a', 'f_none', 'f_d'] });
    await store[Symbol.asyncDispose]();
  });
}
