// How many messages and sessions an inbox has.
import { defaultInbox } from '../../../shared/inbox-name.ts';
import { emptyByInbox } from '../../../shared/inbox-view.ts';
import type { Connection } from '../sqlite/connection.ts';
import { loadCounters } from '../sqlite/counters.ts';
import type { StoreCounts } from '../store.ts';

export const countMessages =
  'SELECT count(*) AS count FROM message_inbox WHERE inbox = ? AND deleted_us IS NULL';
export const countSessions = 'SELECT count(*) AS count FROM session_inbox WHERE inbox = ?';

/** Looked up one by one: of the default inbox, which may have a million, those that it does not have. */
const bytesOf = (which: string): string =>
  `SELECT coalesce(sum(size), 0) AS bytes FROM message_inbox i JOIN message USING (seq)
   WHERE i.deleted_us IS NULL AND ${which}`;
const inThis = 'i.inbox = @name';
const onlyInOthers = `i.inbox <> @name AND NOT EXISTS (
  SELECT 1 FROM message_inbox o WHERE o.seq = i.seq AND o.deleted_us IS NULL AND (o.inbox = @name OR o.inbox < i.inbox))`;

/** Of the default inbox, where there is no other, the totals of the store say the same. */
export function readInboxCounts(connection: Connection, { name }: { name: string }): StoreCounts {
  const { sql } = connection;
  const isDefault = name === defaultInbox;
  const total = loadCounters(connection);
  if (isDefault && total.inboxes === 0)
    return {
      messages: total.messages,
      unread: total.unread,
      sessions: total.sessions,
      bytes: total.messageBytes,
    };
  const marks = sql<{ messages: number; unread: number }>(
    `SELECT count(*) AS messages, coalesce(sum(read = 0), 0) AS unread
     FROM message_inbox INDEXED BY message_inbox_inbox WHERE inbox = ? AND deleted_us IS NULL`,
  ).get(name) ?? { messages: 0, unread: 0 };
  const { bytes } = sql<{ bytes: number }>(bytesOf(isDefault ? onlyInOthers : inThis)).get({ name })!;
  const none = 'SELECT count(*) AS count FROM session WHERE seq NOT IN (SELECT session FROM session_inbox)';
  const sessions =
    (sql<{ count: number }>(countSessions).get(name)?.count ?? 0) +
    (isDefault ? (sql<{ count: number }>(none).get()?.count ?? 0) : 0);
  return { ...marks, bytes: isDefault ? total.messageBytes - bytes : bytes, sessions };
}

type Counts = Record<string, { messages: number; unread: number; sessions: number }>;

/** Of all that have anything. Where there is but one, nothing is to be counted. */
export function countInboxes(connection: Connection, _input: null): Counts {
  const { sql } = connection;
  const total = loadCounters(connection);
  if (total.inboxes === 0) {
    const { messages, unread, sessions } = total;
    return { [defaultInbox]: { messages, unread, sessions } };
  }
  const counts: Counts = emptyByInbox();
  const of = (name: string) => (counts[name] ??= { messages: 0, unread: 0, sessions: 0 });
  const rows = sql<{ inbox: string; messages: number; unread: number }>(
    `SELECT inbox, count(*) AS messages, sum(read = 0) AS unread FROM message_inbox WHERE deleted_us IS NULL
     GROUP BY inbox`,
  ).all();
  for (const { inbox, messages, unread } of rows) Object.assign(of(inbox), { messages, unread });
  const sessions = sql<{ inbox: string; count: number }>(
    `SELECT inbox, count(*) AS count FROM session_inbox GROUP BY inbox
     UNION ALL SELECT 'default', count(*) FROM session WHERE seq NOT IN (SELECT session FROM session_inbox)`,
  ).all();
  for (const { inbox, count } of sessions) of(inbox).sessions += count;
  return counts;
}
