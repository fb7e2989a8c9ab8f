// What the page says of simulated failures beside the lines and facts of a session.
import { expect, test } from 'vitest';
import type { AppliedFault } from '../../shared/fault.ts';
import { explainFailure } from '../../web/parts/connect/explain-failure.ts';
import { explainLine } from '../../web/parts/session/explain-line.ts';
import { readNotes } from '../../web/parts/session/line-notes.ts';
import { isLoginSimulated, isRefusalSimulated } from '../../web/parts/simulated.ts';
import { buildRows, filterRows } from '../../web/parts/session/transcript-rows.ts';
import { makeLines } from './support/fixture-lines.ts';
import { makeSession } from './support/fixture-sessions.ts';

const fault = (line: number, given: Partial<AppliedFault> = {}): AppliedFault => ({
  id: 'f_1',
  name: 'Mailbox full',
  stage: 'rcpt',
  line,
  text: 'RCPT TO is answered 452 4.2.2 Full.',
  ...given,
});

const lines = makeLines([
  ['S', 1, '220 hi'],
  ['C', 2, 'RCPT TO:<bob@full.test>'],
  ['S', 3, '452 4.2.2 Full'],
  ['C', 4, 'QUIT'],
]);

test('a line at which a failure was simulated is explained by it, and stays among the errors', () => {
  const event = { ...lines[3]!, n: 4, from: null, kind: 'event', text: 'Simulated failure' } as const;
  const session = makeSession(1, { faults: 1, faultList: [fault(4)] });
  const notes = readNotes(session);
  const all = [...lines, event];
  expect(explainLine(all, event, session, notes.get(4))).toMatchObject({
    title: 'Mailbox full',
    meaning: expect.stringContaining('on purpose') as string,
  });
  const kept = filterRows(buildRows(all), 'errors', (line) => notes.has(line));
  expect(kept.flatMap((row) => (row.kind === 'line' ? [row.line.n] : []))).toEqual([1, 2, 4]);
});

test('on Connect a first mail that fails on purpose is not explained by anything else', () => {
  const session = makeSession(1, { outcome: 'refused', faultList: [fault(4)] });
  expect(explainFailure(session, [])).toMatchObject({
    title: 'It failed on purpose',
    advice: 'The fault “Mailbox full” simulates it: turn it off under Faults to let mail through.',
  });
  const asked = makeSession(1, { outcome: 'refused', faultList: [fault(4, { id: 'bounce-address' })] });
  expect(explainFailure(asked, []).advice).toBe('The address asks for it: send to another one.');
});

test('a refusal counts as simulated only where a fault stands between the command and its reply', () => {
  const refused = (line: number | null, command = 'RCPT TO') => ({ command, line });
  expect(isRefusalSimulated([fault(14)], refused(13))).toBe(true);
  expect(isRefusalSimulated([fault(14)], refused(17))).toBe(false);
  expect(isRefusalSimulated([fault(0, { stage: 'connect' })], refused(null, 'CONNECT'))).toBe(true);
  expect(isRefusalSimulated([fault(0, { stage: 'connect' })], refused(null, 'XCLIENT'))).toBe(false);
  expect(isLoginSimulated([fault(12, { stage: 'auth' })], { line: 11 })).toBe(true);
  expect(isLoginSimulated([fault(12, { stage: 'auth' })], { line: 16 })).toBe(false);
});
