// What the log of changes says of messages and sessions that go for good: that they came and went stays, so that it has no
// holes, and nothing of what they said.
import type { Writing } from './writing.ts';

const pageSize = 500;
/** The events of one stand near each other; one that is not found so soon is left to the end of the log. */
const mostPages = 20;
/** A message is parsed soon after it is stored. */
const lateUs = 600_000_000;

interface Span {
  events: number;
  fromUs: number;
  toUs: number;
}

interface Kind {
  types: string;
  /** What an event is of: all that we write begin with it, so that most need no look at all of their JSON. */
  key: string;
  /** The keys of those that go. */
  selected: string;
  blank: string;
}

const messageHead = '{"message":{"seq":';
const messages: Kind = {
  types: `type IN ('message:stored', 'message:parsed')`,
  key: `iif(substr(payload, 1, ${String(messageHead.length)}) = '${messageHead}',
    CAST(substr(payload, ${String(messageHead.length + 1)}, 20) AS INTEGER), json_extract(payload, '$.message.seq'))`,
  selected: 'temp.selection',
  blank: `json_set(payload, '$.message.subject', '', '$.message.snippet', '', '$.message.mailFrom', '',
    '$.message.rcptTo', json('[]'), '$.message.from', json('[]'), '$.message.to', json('[]'))`,
};

/** Of those selected, before they are removed. */
export function forgetInEvents(writing: Writing): void {
  const span = writing.sql<Span>(
    `SELECT count(*) + coalesce(sum(parse <> 'pending'), 0) AS events, coalesce(min(received_us), 0) AS fromUs, coalesce(max(received_us), 0) AS toUs
     FROM message WHERE seq IN temp.selection`,
  );
  forget(writing, span.get()!, messages);
}

const sessionHead = '{"session":{"id":"';
const idAt = String(sessionHead.length + 1);
const sessionsOf = (table: string): Kind => ({
  types: `type = 'session:closed'`,
  key: `iif(substr(payload, 1, ${String(sessionHead.length)}) = '${sessionHead}',
    substr(payload, ${idAt}, instr(substr(payload, ${idAt}, 100), '"') - 1), json_extract(payload, '$.session.id'))`,
  selected: `(SELECT id FROM ${table} WHERE seq IN temp.selection)`,
  blank: `json_set(payload, '$.session.clientName', NULL, '$.session.user', NULL)`,
});

/** Of those selected that have a row in the table, before they are removed from it. */
export function forgetSessionsInEvents(writing: Writing, table: 'session' | 'session_deleted'): void {
  const span = writing.sql<Span>(
    `SELECT count(*) AS events, coalesce(min(coalesce(closed_us, opened_us)), 0) AS fromUs,
       coalesce(max(coalesce(closed_us, opened_us)), 0) AS toUs
     FROM ${table} WHERE seq IN temp.selection`,
  );
  forget(writing, span.get()!, sessionsOf(table));
}

function forget({ sql }: Writing, { events, fromUs, toUs }: Span, kind: Kind): void {
  const { types, key, selected, blank } = kind;
  const oldest = sql<{ atUs: number }>('SELECT at_us AS atUs FROM event ORDER BY seq LIMIT 1').get();
  // The log does not reach back for ever.
  if (events === 0 || oldest === undefined || toUs + lateUs < oldest.atUs) return;
  const first = sql<{ seq: number }>(
    'SELECT seq FROM event WHERE at_us >= ? ORDER BY at_us, seq LIMIT 1',
  ).get(fromUs);
  let next = first?.seq ?? Infinity;
  let missing = events;
  for (let page = 0; page < mostPages && missing > 0 && next < Infinity; page++) {
    const found = sql<{ seq: number; key: number | string }>(
      `SELECT seq, ${key} AS key FROM event WHERE seq >= ? AND seq < ? AND ${types}`,
    ).all(next, next + pageSize);
    const ours = sql<{ seq: number }>(
      `UPDATE event SET payload = ${blank}
       WHERE seq IN (SELECT value ->> 0 FROM json_each(?) WHERE value ->> 1 IN ${selected}) RETURNING seq`,
    ).all(JSON.stringify(found.map(({ seq, key }) => [seq, key])));
    missing -= ours.length;
    next =
      sql<{ seq: number }>('SELECT seq FROM event WHERE seq >= ? ORDER BY seq LIMIT 1').get(next + pageSize)
        ?.seq ?? Infinity;
  }
}
