// How far back the log of events reaches.
import { expect, test } from 'vitest';
import { openConnection } from '../../server/store/sqlite/connection.ts';
import { appendEventText, readEvents } from '../../server/store/records/events.ts';
import { migrate } from '../../server/store/sqlite/schema.ts';
import { commitTogether, createWriting } from '../../server/store/sqlite/writing.ts';

test('the log is as long as the messages are many, and gets shorter by steps where they become fewer', () => {
  const connection = openConnection(':memory:');
  migrate(connection, ':memory:');
  const writing = createWriting(connection, null);
  const append = (count: number): number => {
    connection.sql('BEGIN').run();
    for (let n = 0; n < count; n += 1) appendEventText(writing, 'messages:changed', '{}');
    connection.sql('COMMIT').run();
    return connection.sql<{ count: number }>('SELECT count(*) AS count FROM event').get()?.count ?? 0;
  };
  expect(append(21_500)).toBe(20_500);
  writing.counters.messages = 10_000;
  expect(append(25_000)).toBe(40_500);
  writing.counters.messages = 1_000_000;
  expect(append(70_000)).toBe(100_500);
  // All messages are deleted: no commit has to remove very many events.
  writing.counters.messages = 0;
  expect(append(1000)).toBe(99_500);
  expect(append(90_000)).toBe(20_500);
  connection.db.close();
});

test('who was away for longer than the log reaches back is told to begin anew, and who was not misses nothing', () => {
  const connection = openConnection(':memory:');
  migrate(connection, ':memory:');
  const writing = createWriting(connection, null);
  const append = (): void => {
    for (let n = 1; n <= 21_500; n += 1) {
      writing.atUs = n;
      appendEventText(writing, 'messages:changed', '{}');
    }
  };
  expect(commitTogether(writing, [append])).toEqual([{ ok: true, value: undefined }]);
  const all = { limit: 100_000, inbox: null };
  const after = (seq: number) => readEvents(connection, { after: { kind: 'seq', seq }, ...all });
  const seqs = ({ items }: ReturnType<typeof after>): number[] => items.map(({ seq }) => seq);
  const kept = Array.from({ length: 20_500 }, (_, n) => n + 1001);
  const reset = { items: [], nextSeq: 21_500, reset: true };
  for (const gone of [0, 1, 500, 998, 999]) expect(after(gone), `after ${gone}`).toEqual(reset);
  // The first that is asked for is the oldest that is there.
  expect(after(1000).reset).toBe(false);
  expect(seqs(after(1000))).toEqual(kept);
  expect(seqs(after(21_499))).toEqual([21_500]);
  expect(after(21_500)).toEqual({ items: [], nextSeq: 21_500, reset: false });
  // By time the same: what happened since may have been pruned with what came before.
  const since = (atUs: number) => readEvents(connection, { after: { kind: 'time', atUs }, ...all });
  expect(since(1000)).toEqual(reset);
  expect(seqs(since(1001))).toEqual(kept);
  connection.db.close();
});
