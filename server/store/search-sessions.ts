// Finds sessions: a window of the list for a page.
import type { Query } from '../../shared/search/query.ts';
import type { SessionSummary } from '../../shared/session.ts';
import { compileSessions } from './compile-sessions.ts';
import type { Connection } from './connection.ts';
import { mostCandidates } from './search-candidates.ts';
import { among, columnsOf, join, sql, type SeqWindow, type Sql } from './search-sql.ts';
import { sessionInInbox, type OneInbox } from './in-inbox.ts';

export interface SearchSessions {
  query: Query;
  below: number;
  limit: number;
  nowUs: number;
  inbox: OneInbox;
}

/** Sessions that the first step looks at; the next looks at all others. */
const firstSpan = 4000;

const narrow = new Set(['opened_us', 'outcome', 'flags', 'codes', 'client', 'mechanism']);

const windowIs = ({ low, high }: SeqWindow): Sql => sql('x.seq >= ? AND x.seq < ?', low, high);

/** What is left of the words, where they are rare. */
function candidatesOf({ db }: Connection, { text, values }: Sql, most: number): number[] | null {
  const seqs = db
    .prepare(`${text} LIMIT ${most + 1}`)
    .pluck()
    .all(...values) as number[];
  return seqs.length > most ? null : seqs;
}

function ofEnded(
  connection: Connection,
  query: Query,
  { window, nowUs, most }: { window: SeqWindow; nowUs: number; most: number },
): Sql {
  const { rows, condition } = compileSessions(query, { window, nowUs, ended: true });
  const columns = columnsOf(condition, 'x');
  if (rows !== null) {
    const candidates = candidatesOf(connection, rows, most);
    if (candidates !== null) {
      return sql(
        `(SELECT value AS seq FROM json_each(?)) c CROSS JOIN session_search x ON x.seq = c.seq WHERE ${condition.text}`,
        JSON.stringify(candidates),
        ...condition.values,
      );
    }
    if (columns.length === 0)
      return sql(`(${rows.text}) x WHERE ${condition.text}`, ...rows.values, ...condition.values);
  }
  const isNarrow = columns.every((column) => narrow.has(column));
  const from = `session_search x ${isNarrow ? 'INDEXED BY session_search_narrow' : 'NOT INDEXED'}`;
  const words = rows === null ? [] : [among(rows, 'x.seq')];
  const all = join('AND', [windowIs(window), sql('x.flags & 16 = 0'), condition, ...words]);
  return sql(`${from} WHERE ${all.text}`, ...all.values);
}

function ofRunning(query: Query, window: SeqWindow, nowUs: number): Sql {
  const { condition } = compileSessions(query, { window, nowUs, ended: false });
  const all = join('AND', [windowIs(window), condition]);
  return sql(
    `session_search x INDEXED BY session_search_running WHERE x.words <> '' AND ${all.text}`,
    ...all.values,
  );
}

export function searchSessions(
  connection: Connection,
  { query, below, limit, nowUs, inbox }: SearchSessions,
  { span, most } = { span: firstSpan, most: mostCandidates },
): { items: SessionSummary[]; last: number | null } {
  const { db } = connection;
  const newest = (db.prepare('SELECT max(seq) FROM session_search').pluck().get() as number | null) ?? 0;
  const own = sessionInInbox('x.seq', inbox);
  const found: number[] = [];
  for (
    let high = Math.min(below, newest + 1), low = Math.max(0, high - span);
    high > 0;
    high = low, low = 0
  ) {
    const window = { low, high };
    const wanted = limit + 1 - found.length;
    const seqs = [
      ofEnded(connection, query, { window, nowUs, most }),
      ofRunning(query, window, nowUs),
    ].flatMap(
      ({ text, values }) =>
        db
          .prepare(`SELECT x.seq FROM ${text} AND ${own.text} ORDER BY x.seq DESC LIMIT ?`)
          .pluck()
          .all(...values, ...own.values, wanted) as number[],
    );
    found.push(...seqs.sort((a, b) => b - a).slice(0, wanted));
    if (found.length > limit) break;
  }
  const shown = found.slice(0, limit);
  const summaries = connection
    .sql<{ summary: string }>(
      'SELECT summary FROM session WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq DESC',
    )
    .all(JSON.stringify(shown));
  return {
    items: summaries.map(({ summary }) => JSON.parse(summary) as SessionSummary),
    last: found.length > limit ? (shown.at(-1) ?? null) : null,
  };
}
