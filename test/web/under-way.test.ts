// What a running session shows below its lines: whose turn it is, and how much of a message has come.
import { expect, test } from 'vitest';
import { underWay } from '../../web/parts/session/under-way.ts';
import { makeLines } from './support/fixture-lines.ts';

const greeting: ['S', number, string] = ['S', 10, '220 hi'];
const size = (text: string): number => text.length + 2;

test('the side that is waited for', () => {
  const open = { outcome: 'open', bytesIn: 6 } as const;
  expect(underWay(open, [])).toBeNull();
  expect(underWay(open, makeLines([greeting]))).toEqual({ by: 'client', message: null });
  expect(underWay(open, makeLines([greeting, ['C', 20, 'NOOP']]))).toEqual({ by: 'server', message: null });
  expect(underWay({ ...open, outcome: 'captured' }, makeLines([greeting]))).toBeNull();
});

test.each([
  [['C', 20, 'DATA'], ['S', 30, '354 go on', { code: 354 }], true],
  [['C', 20, 'BDAT 1000 LAST'], null, false],
] as const)('after %j so much of the message has come', (command, reply, endsWithDot) => {
  const lines = makeLines([greeting, [...command], ...(reply ? [[...reply]] : [])] as never);
  const bytesIn = size(command[2]) + 42_000;
  expect(underWay({ outcome: 'open', bytesIn }, lines)).toEqual({
    by: 'client',
    message: { bytes: 42_000, isAbout: false, endsWithDot },
  });
});
