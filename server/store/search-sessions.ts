// Finds sessions: a window of the list for a page.
import type { Query } from '../../shared/search/query.ts';
import type { SessionSummary } from '../../shared/session.ts';
import { compileSessions } from './compile-sessions.ts';
import type { Connection } from './connection.ts';

export interface SearchSessions {
  query: Query;
  below: number;
  limit: number;
  nowUs: number;
}

export function searchSessions(
  { db }: Connection,
  { query, below, limit, nowUs }: SearchSessions,
): { items: SessionSummary[]; last: number | null } {
  const { text, values } = compileSessions(query, nowUs);
  const rows = db
    .prepare<unknown[], { seq: number; summary: string }>(
      `SELECT seq, (SELECT summary FROM session WHERE session.seq = x.seq) AS summary
       FROM session_search x WHERE x.seq < ? AND ${text} ORDER BY x.seq DESC LIMIT ?`,
    )
    .all(below, ...values, limit + 1);
  const shown = rows.slice(0, limit);
  return {
    items: shown.map(({ summary }) => JSON.parse(summary) as SessionSummary),
    last: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null,
  };
}
