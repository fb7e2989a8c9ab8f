// What the log of changes says of messages that go for good: that they came and went stays, so that it has no holes, and
// nothing of what they said.
import type { Writing } from './writing.ts';

const pageSize = 500;
/** Both events of a message stand near each other; one that is not found so soon is left to the end of the log. */
const mostPages = 20;
/** A message is parsed soon after it is stored. */
const parseUs = 600_000_000;
const types = `type IN ('message:stored', 'message:parsed')`;
const blank = `json_set(payload, '$.message.subject', '', '$.message.snippet', '', '$.message.mailFrom', '',
  '$.message.rcptTo', json('[]'), '$.message.from', json('[]'), '$.message.to', json('[]'))`;

/** All that we write begin with it, so that most need no look at all of their JSON. */
const head = '{"message":{"seq":';
const messageSeq = `iif(substr(payload, 1, ${String(head.length)}) = '${head}',
  CAST(substr(payload, ${String(head.length + 1)}, 20) AS INTEGER), json_extract(payload, '$.message.seq'))`;

interface Span {
  messages: number;
  parsed: number;
  fromUs: number;
  toUs: number;
}
interface Found {
  seq: number;
  message: number;
}

/** Of those selected, before they are removed. */
export function forgetInEvents({ sql }: Writing): void {
  const { messages, parsed, fromUs, toUs } = sql<Span>(
    `SELECT count(*) AS messages, coalesce(sum(parse <> 'pending'), 0) AS parsed, coalesce(min(received_us), 0) AS fromUs, coalesce(max(received_us), 0) AS toUs
     FROM message WHERE seq IN temp.selection`,
  ).get() ?? { messages: 0, parsed: 0, fromUs: 0, toUs: 0 };
  const oldest = sql<{ atUs: number }>('SELECT at_us AS atUs FROM event ORDER BY seq LIMIT 1').get();
  // The log does not reach back for ever.
  if (messages === 0 || oldest === undefined || toUs + parseUs < oldest.atUs) return;
  const first = sql<{ seq: number }>(
    'SELECT seq FROM event WHERE at_us >= ? ORDER BY at_us, seq LIMIT 1',
  ).get(fromUs);
  let next = first?.seq ?? Infinity;
  let missing = messages + parsed;
  for (let page = 0; page < mostPages && missing > 0 && next < Infinity; page++) {
    const found = sql<Found>(
      `SELECT seq, ${messageSeq} AS message FROM event
       WHERE seq >= ? AND seq < ? AND ${types}`,
    ).all(next, next + pageSize);
    const ours = sql<{ seq: number }>(
      `UPDATE event SET payload = ${blank}
       WHERE seq IN (SELECT value ->> 0 FROM json_each(?) WHERE value ->> 1 IN temp.selection) RETURNING seq`,
    ).all(JSON.stringify(found.map(({ seq, message }) => [seq, message])));
    missing -= ours.length;
    next =
      sql<{ seq: number }>('SELECT seq FROM event WHERE seq >= ? ORDER BY seq LIMIT 1').get(next + pageSize)
        ?.seq ?? Infinity;
  }
}
