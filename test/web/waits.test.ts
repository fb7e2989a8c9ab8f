// Who let whom wait where the client went away in the middle of something.
import { expect, test } from 'vitest';
import { readWaits } from '../../web/parts/session/waits.ts';
import { makeLines } from './support/fixture-lines.ts';

test.each([
  ['a command without its end', ['C', 20, 'MAIL FROM:<a@b', { eol: '' }], 'client'],
  [
    'a chunk that was cut off',
    ['C', 20, 'BDAT chunk of 22 bytes, cut off (100 were announced)', { kind: 'data', eol: '' }],
    'client',
  ],
  ['a whole command', ['C', 20, 'NOOP'], 'server'],
] as const)('after %s, who is waited for', (_what, [from, atUs, text, more], by) => {
  const lines = makeLines([
    ['S', 10, '220 hi'],
    [from, atUs, text, { ...more }],
    ['-', 2_000_000, 'The client closed the connection.'],
  ]);
  expect(readWaits(lines).at(-1)).toMatchObject({ by, us: 1_999_980 });
});
