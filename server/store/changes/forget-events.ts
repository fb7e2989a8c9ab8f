// What the log of changes says of messages and sessions that go for good: that they came and went stays, so that it has no
// holes, and nothing of what they said.
import { onSoundEvents } from '../records/event-repair.ts';
import { ofMessage, ofSession, type EventsOf } from '../sqlite/event-tables.ts';
import type { Writing } from '../sqlite/writing.ts';

const forget = (
  writing: Writing,
  { index, types, key }: EventsOf,
  { selected, blank }: { selected: string; blank: string },
): void => {
  const text = `UPDATE event INDEXED BY ${index} SET payload = json_set(payload, ${blank}) WHERE ${types} AND ${key} IN ${selected}`;
  onSoundEvents(writing, () => writing.sql(text).run());
};

/** Of those selected. */
export const forgetInEvents = (writing: Writing): void =>
  forget(writing, ofMessage, {
    selected: 'temp.selection',
    blank: `'$.message.subject', '', '$.message.snippet', '', '$.message.mailFrom', '',
      '$.message.rcptTo', json('[]'), '$.message.from', json('[]'), '$.message.to', json('[]')`,
  });

/** Of those selected that have a row in the table, before they are removed from it. */
export const forgetSessionsInEvents = (writing: Writing, table: 'session' | 'session_deleted'): void =>
  forget(writing, ofSession, {
    selected: `(SELECT id FROM ${table} WHERE seq IN temp.selection)`,
    blank: `'$.session.clientName', NULL, '$.session.user', NULL`,
  });
