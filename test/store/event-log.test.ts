// How far back the log of events reaches.
import { expect, test } from 'vitest';
import { openConnection } from '../../server/store/connection.ts';
import { appendEventText } from '../../server/store/events.ts';
import { migrate } from '../../server/store/schema.ts';
import { createWriting } from '../../server/store/writing.ts';

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
