// Finds sessions: a stretch of the list after the other, until the page is full.
import type { Query } from '../../../shared/search/query.ts';
import type { SessionSummary } from '../../../shared/session.ts';
import { blockOf, rowsOfBlock, sessionCorpus } from '../index/search-blocks.ts';
import { sql, windowOf, type SeqWindow } from '../index/search-sql.ts';
import { readSummary } from '../records/damaged-session.ts';
import { sessionInInbox, type OneInbox } from '../records/in-inbox.ts';
import type { Connection } from '../sqlite/connection.ts';
import { either, isEmpty, seqsOf, type Bits } from './bits.ts';
import { planSessions } from './plan-sessions.ts';
import { openColumns, type Within } from './search-columns.ts';
import { bitsOf, carryOutOn, mostRead } from './search-stretch.ts';
import { firstSpan, nextSpan } from './spans.ts';
import { matchStarts } from './word-starts.ts';

export interface SearchSessions {
  query: Query;
  below: number;
  limit: number;
  nowUs: number;
  inbox: OneInbox;
}

/** Those that match in the window, and others of its first and last block. */
function find(connection: Connection, query: Query, window: SeqWindow, nowUs: number): Bits {
  const columns = openColumns(connection, sessionCorpus, window);
  const startOf = matchStarts(connection);
  const stretch = { connection, columns, window, nowUs, startOf, mostRead };
  const running = bitsOf(
    { ...stretch, finished: false },
    sql(
      `SELECT seq FROM session_search INDEXED BY session_search_running WHERE words <> '' AND seq >= ? AND seq < ?`,
      window.low,
      window.high,
    ),
  );
  const carry = (within: Within, finished: boolean): Bits => {
    const own = { ...stretch, finished };
    return carryOutOn(own, sessionCorpus, planSessions(query, own), within);
  };
  const ended = carry(null, true);
  return isEmpty(running) ? ended : either(ended, carry(running, false));
}

const lookedUpAtOnce = 500;

export function searchSessions(
  connection: Connection,
  { query, below, limit, nowUs, inbox }: SearchSessions,
  first = firstSpan,
): { items: SessionSummary[]; last: number | null } {
  const { db } = connection;
  // Each by itself is a look at one end; both in one would be read through.
  const end = (of: 'min' | 'max'): string => `coalesce((SELECT ${of}(seq) FROM session_search), 0)`;
  const list = db.prepare(`SELECT ${end('min')} AS oldest, ${end('max')} AS newest`).get() as {
    oldest: number;
    newest: number;
  };
  const own = sessionInInbox('c.value', inbox);
  const listed = db.prepare(`SELECT c.value FROM json_each(?) c WHERE ${own.text} LIMIT ?`).pluck();
  const found: number[] = [];
  let high = Math.min(below, list.newest + 1);
  for (let span = first; high > list.oldest && found.length <= limit; span = nextSpan(span)) {
    const low = blockOf(Math.max(0, high - span)) * rowsOfBlock;
    const seqs = seqsOf(find(connection, query, windowOf(low, high, list), nowUs)).filter(
      (seq) => seq < high,
    );
    for (let at = 0; at < seqs.length && found.length <= limit; at += lookedUpAtOnce) {
      const asked = JSON.stringify(seqs.slice(at, at + lookedUpAtOnce));
      found.push(...(listed.all(asked, ...own.values, limit + 1 - found.length) as number[]));
    }
    high = low;
  }
  const shown = found.slice(0, limit);
  const summaries = connection
    .sql<{ seq: number; summary: string }>(
      'SELECT seq, summary FROM session WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq DESC',
    )
    .all(JSON.stringify(shown));
  return {
    items: summaries.map(({ seq, summary }) => readSummary(connection, seq, summary)),
    last: found.length > limit ? (shown.at(-1) ?? null) : null,
  };
}
