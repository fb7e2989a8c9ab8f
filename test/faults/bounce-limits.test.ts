// How many bounces wait at one time, and what is said of those for which there is no room.
import { expect, test } from 'vitest';
import { createBounces, maxRecipients, maxWaiting } from '../../server/bounces.ts';
import { createFaultEngine } from '../../server/faults/engine.ts';
import type { Arrival } from '../../server/smtp/arrival.ts';
import { Recorder } from '../../server/smtp/record/recorder.ts';
import { faultInput } from '../../shared/fault.ts';
import { makeFault } from '../../shared/make-fault.ts';
import { silentLog } from '../support/silent-log.ts';

/** A message to so many; the texts of the transcript that are about what comes of it. */
function arrivalTo(count: number): { arrival: Arrival; told: string[]; recorder: Recorder } {
  const told: string[] = [];
  const place = { address: '127.0.0.1', port: 1 };
  const recorder = new Recorder(
    { id: 's_1', seq: 1, listener: 'smtp', peer: place, local: place },
    { onLines: (_, { text }) => void (text.startsWith('No bounce') && told.push(text)), onFacts() {} },
  );
  const reply = { code: 250, enhanced: '2.1.5', text: 'Ok' };
  const recipients = Array.from({ length: count }, (_, n) => ({
    ...{ address: `gone${n}@example.org`, params: [], reply, line: n },
  }));
  const transaction = { n: 1, from: { address: 'shop@example.com', params: [] }, recipients };
  const arrival = { id: 'm_1', receivedAtUs: 0, transaction, recorder, user: null, body: { size: 1 } };
  return { arrival: arrival as unknown as Arrival, told, recorder };
}

test('no bounce is announced that has no room, and one line says how many are left out', async () => {
  const engine = createFaultEngine({ bounceAddresses: false, onApplied() {} });
  const made = makeFault(faultInput.parse({ preset: 'generic/bounce-unknown-user', delay: '10m' }));
  engine.set([{ ...('rule' in made ? made.rule : expect.fail()), id: 'f_1' }]);
  await using bounces = createBounces({
    faults: engine,
    host: 'mail.test',
    findBody: () => Promise.resolve(undefined),
    submission: { store: () => expect.fail('it waits') },
    hasInbox: () => true,
    log: silentLog,
  });
  const first = arrivalTo(maxRecipients + 2);
  bounces.consider(first.arrival);
  expect(first.recorder.session.faults).toBe(maxRecipients);
  expect(first.told).toEqual(['No bounce is simulated for the last 2 recipients: a report has 500 at most.']);
  for (let waiting = maxRecipients; waiting < maxWaiting - 200; waiting += 400)
    bounces.consider(arrivalTo(Math.min(400, maxWaiting - 200 - waiting)).arrival);
  const last = arrivalTo(300);
  bounces.consider(last.arrival);
  expect(last.recorder.session.faults).toBe(200);
  const none = arrivalTo(1);
  bounces.consider(none.arrival);
  expect(none.recorder.session.faults).toBeUndefined();
  expect([...last.told, ...none.told]).toEqual([
    'No bounce is simulated for the last 100 recipients: 10000 wait for theirs already.',
    'No bounce is simulated for the last recipient: 10000 wait for theirs already.',
  ]);
  expect(engine.applied('f_1').applied).toBe(maxWaiting);
});
