// The names of exported files.
import { expect, test } from 'vitest';
import { fileName } from '../../server/cli/export-target.ts';

test('a file name holds nothing of a subject but letters, digits and hyphens', () => {
  const received = { id: 'm_1', seq: 42, receivedAt: '2026-01-31T14:30:05.123Z' };
  for (const [subject, words] of [
    ['CON', '-con'],
    ['\0/\\:*?"<>|', ''],
    ['日本', ''],
    ['x'.repeat(1000), `-${'x'.repeat(50)}`],
    ['...', ''],
  ])
    expect(fileName({ ...received, subject: subject! })).toBe(`20260131T143005Z-00000042${words}-m_1.eml`);
});

test('names of messages of one second sort in the order in which they came', () => {
  const names = [9, 10, 11, 99_999, 100_000].map((seq) =>
    fileName({
      id: `m_${10 - String(seq).length}`,
      seq,
      receivedAt: '2026-01-31T14:30:05.123Z',
      subject: `${-seq}`,
    }),
  );
  expect(names.toSorted()).toEqual(names);
});
