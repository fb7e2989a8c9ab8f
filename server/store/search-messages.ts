// Finds messages: a window of the list for a page, or all at once for a change.
import type { MessageSummary } from '../../shared/message.ts';
import type { Query } from '../../shared/search/query.ts';
import { compileMessages } from './compile-messages.ts';
import type { Connection } from './connection.ts';
import { inInboxLiteral, oldestListed } from './in-inbox.ts';
import { summariesBySeq } from './read-messages.ts';
import { candidatesOf, mostCandidates } from './search-candidates.ts';
import { among, columnsOf, join, sql, type SeqWindow, type Sql } from './search-sql.ts';
import type { Writing } from './writing.ts';

export interface SearchMessages {
  query: Query;
  below: number;
  /** How far back this step looks; null: to the beginning. */
  span: number | null;
  limit: number;
  inbox: string | null;
  nowUs: number;
}

interface Look {
  window: SeqWindow;
  nowUs: number;
  /** A condition on message_inbox. */
  which: string;
  few: boolean;
  narrowed: boolean;
}

/** Of as many the session is looked up one by one. */
const fewMessages = 5000;

const newestSeq = ({ db }: Connection): number =>
  (db.prepare('SELECT max(seq) FROM message_search').pluck().get() as number | null) ?? 0;

const windowIs = ({ low, high }: SeqWindow): Sql => sql('s.seq >= ? AND s.seq < ?', low, high);

/** Columns that lie together in an index: a scan of all messages reads as little as it can. */
const scans = [
  { from: 'INDEXED BY message_search_narrow', columns: ['received_us', 'size', 'session_seq', 'flags'] },
  {
    from: 'INDEXED BY message_search_rest',
    columns: ['flags', 'tls', 'cc', 'bcc', 'user', 'filenames', 'attachments'],
  },
  { from: 'INDEXED BY message_search_people', columns: ['flags', 'sender', 'recipient', 'subject', 'rcpt'] },
];

function scanFor(condition: Sql): string {
  const needed = columnsOf(condition, 's');
  return scans.find(({ columns }) => needed.every((name) => columns.includes(name)))?.from ?? 'NOT INDEXED';
}

/** From where, and which: those that are parsed. Not more than the candidates, where these are known. */
function ofParsed(query: Query, look: Look, candidates: number[] | null): Sql {
  const { rows, condition } = compileMessages(query, { ...look, parsed: true });
  if (candidates !== null) {
    const all = join('AND', [windowIs(look.window), condition, ...(rows === null ? [] : [among(rows)])]);
    return sql(
      `(SELECT value AS seq FROM json_each(?)) c CROSS JOIN message_search s ON s.seq = c.seq
       WHERE s.words IS NULL AND ${all.text}`,
      JSON.stringify(candidates),
      ...all.values,
    );
  }
  if (rows !== null)
    return sql(`(${rows.text}) s WHERE ${condition.text}`, ...rows.values, ...condition.values);
  const all = join('AND', [windowIs(look.window), sql('s.flags & 64 = 0'), condition]);
  return sql(`message_search s ${scanFor(condition)} WHERE ${all.text}`, ...all.values);
}

/** Those that are not parsed yet are in no full-text table. */
function ofPending(query: Query, look: Look): Sql {
  const { condition } = compileMessages(query, { ...look, parsed: false });
  const all = join('AND', [windowIs(look.window), condition]);
  return sql(
    `message_search s INDEXED BY message_search_unparsed WHERE s.words IS NOT NULL AND ${all.text}`,
    ...all.values,
  );
}

/** A step of a search, newest first; `low` is where the next one goes on, 0 at the end. */
export function searchMessages(
  connection: Connection,
  { query, below, span, limit, inbox, nowUs }: SearchMessages,
  most = mostCandidates,
): { items: MessageSummary[]; low: number } {
  const high = Math.min(below, newestSeq(connection) + 1);
  const oldest = connection.db.prepare(`SELECT ${oldestListed}`).pluck().get() as number;
  const low = span === null ? 0 : high - span;
  const window = { high, low: Math.max(oldest, low) };
  const which = `deleted_us IS NULL AND ${inInboxLiteral(inbox)}`;
  const candidates = span === null ? candidatesOf(connection, query, { window, which }, most) : null;
  const look = {
    window: windowOf(candidates, window),
    nowUs,
    which,
    few: false,
    narrowed: candidates !== null,
  };
  look.few = candidates !== null || window.high - window.low <= fewMessages;
  const seqs = [
    ...(candidates?.length === 0 ? [] : [ofParsed(query, look, candidates)]),
    ofPending(query, { ...look, window }),
  ].flatMap(
    ({ text, values }) =>
      // Not kept like other statements: each search has a text of its own.
      connection.db
        .prepare(
          `SELECT s.seq FROM ${text}
             AND EXISTS (SELECT 1 FROM message_inbox i WHERE i.seq = s.seq AND ${which})
           ORDER BY s.seq DESC LIMIT ?`,
        )
        .pluck()
        .all(...values, limit) as number[],
  );
  const found = seqs.sort((a, b) => b - a).slice(0, limit);
  return {
    items: found.length === 0 ? [] : summariesBySeq(connection, found, inbox),
    low: low > oldest ? low : 0,
  };
}

/** Candidates may be close together. */
const windowOf = (candidates: number[] | null, window: SeqWindow): SeqWindow =>
  candidates === null || candidates.length === 0
    ? window
    : { low: Math.min(...candidates), high: Math.max(...candidates) + 1 };

/** Adds those that match to temp.selection. `which` is the condition on their rows in message_inbox. */
export function selectMatching(writing: Writing, query: Query, which: string, most = mostCandidates): number {
  const window = { low: 0, high: newestSeq(writing) + 1 };
  const candidates = candidatesOf(writing, query, { window, which }, most);
  const narrowed = candidates !== null;
  const look = { window, nowUs: writing.atUs, which, few: narrowed, narrowed };
  let count = 0;
  for (const { text, values } of [ofParsed(query, look, candidates), ofPending(query, look)]) {
    count += writing.db
      .prepare(
        `INSERT INTO temp.selection SELECT s.seq FROM ${text}
           AND EXISTS (SELECT 1 FROM message_inbox i WHERE i.seq = s.seq AND ${which})`,
      )
      .run(...values).changes;
  }
  return count;
}
