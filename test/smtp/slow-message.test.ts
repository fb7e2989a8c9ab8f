// A message that comes too slowly: its clock, which stands still while a simulated failure has the client wait.
import { expect, test } from 'vitest';
import type { Connection } from '../../server/smtp/connection.ts';
import { enforceTimeLimits } from '../../server/smtp/limits.ts';

/** A message that stops after its first byte. `look`: after so many seconds more, in such a state. */
function startMessage(): { look(afterS: number, waiting: 'data' | 'pause'): void; ended: string[] } {
  let nowUs = 0;
  const ended: string[] = [];
  const connection = {
    ...{ over: false, waiting: 'data', lastWriteUs: 0, partialSinceUs: undefined },
    socket: { bytesRead: 1 },
    recorder: { now: () => nowUs, session: { messages: 0 } },
    reader: { lastAtUs: 0 },
    options: { limits: { idleMs: 1e9, partialLineMs: 1e9, slowAfterMs: 60_000, minRate: 100 } },
    endWith: (...[, , text]: string[]) => Promise.resolve(void ended.push(text!)),
  };
  const look = (afterS: number, waiting: 'data' | 'pause'): void => {
    nowUs += afterS * 1e6;
    connection.waiting = waiting;
    enforceTimeLimits(connection as unknown as Connection);
  };
  return { look, ended };
}

test('a message that comes at less than the least rate ends the session', () => {
  const { look, ended } = startMessage();
  for (const afterS of [0, 50, 20]) look(afterS, 'data');
  expect(ended).toEqual(['The message came too slowly: 0 bytes in 70 s.']);
});

test('the delay of a simulated failure between two chunks does not count', () => {
  const { look, ended } = startMessage();
  look(0, 'data');
  look(50, 'pause');
  for (const afterS of [250, 50]) look(afterS, 'data');
  expect(ended).toEqual([]);
  look(20, 'data');
  expect(ended).toEqual(['The message came too slowly: 0 bytes in 70 s.']);
});
