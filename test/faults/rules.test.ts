// What of a change of the rules holds when it cannot be stored, and when several come at once.
import { expect, test } from 'vitest';
import { MailscopeError } from '../../shared/errors.ts';
import { faultTimes } from '../../shared/fault.ts';
import { createFaultEngine } from '../../server/faults/engine.ts';
import { Faults, type FaultStore, type StoredFault } from '../../server/faults/faults.ts';

function startRules() {
  const kept = new Map<string, StoredFault>();
  const disk = { isFull: false };
  const write = async (change: () => void): Promise<void> => {
    await Promise.resolve();
    if (disk.isFull) throw new MailscopeError('storage_full', 'The disk is full.');
    change();
  };
  const store: FaultStore = {
    loadFaults: async () => [...kept.values()],
    saveFault: (fault) => write(() => kept.set(fault.id, fault)),
    removeFaults: (ids) => write(() => ids.forEach((id) => kept.delete(id))),
  };
  const engine = createFaultEngine({ bounceAddresses: false, onApplied: () => undefined });
  const meet = () =>
    engine.decide('quit', {
      ...{ sessionId: 's_1', transaction: 1, ip: '127.0.0.1', listener: 'smtp' },
      ...{ client: null, user: null, from: null, to: [], size: null },
    })?.id;
  return { faults: new Faults(store, engine), kept, disk, meet };
}
const reset = { stage: 'quit', then: 'reset' } as const;

test('what could not be stored is not carried out, and what was before goes on', async () => {
  const { faults, disk, meet } = startRules();
  const { id } = await faults.create(reset);
  disk.isFull = true;
  for (const change of [
    () => faults.create(reset),
    () => faults.change(id, { enabled: false }),
    () => faults.remove(id),
    () => faults.removeAll({ all: true }),
  ])
    await expect(change()).rejects.toMatchObject({ code: 'storage_full' });
  expect(meet()).toBe(id);
  expect(faults.list()).toMatchObject([{ id, enabled: true, applied: 1 }]);
  disk.isFull = false;
  await faults.change(id, { enabled: false });
  expect(meet()).toBeUndefined();
});

test('of changes that come at once none is lost', async () => {
  const { faults, kept } = startRules();
  const { id } = await faults.create(reset);
  const changes = [{ name: 'a' }, { delay: 5 }, { then: 'close' as const }, { when: { ip: ['127.*'] } }];
  await Promise.all(changes.map((change) => faults.change(id, change)));
  expect(faults.read(id)).toMatchObject({ name: 'a', delay: 5, then: 'close', when: { ip: ['127.*'] } });
  expect(kept.get(id)?.rule).toMatchObject({ name: 'a', delay: 5, then: 'close' });
  const [, change] = await Promise.allSettled([faults.remove(id), faults.change(id, { name: 'b' })]);
  expect(change).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } });
  expect([faults.list(), kept.size]).toEqual([[], 0]);
});

test('to change one rule lets the others count on', async () => {
  const { faults, meet } = startRules();
  const { id } = await faults.create({ ...reset, times: faultTimes.parse({ count: 2 }) });
  const other = await faults.create(reset);
  expect([meet(), meet(), meet()]).toEqual([id, id, other.id]);
  await faults.change(other.id, { name: 'x' });
  expect(faults.list()).toMatchObject([
    { id, applied: 2 },
    { id: other.id, applied: 0, appliedAt: null },
  ]);
  expect(meet()).toBe(other.id);
});
