// The search index is brought up to date in steps between the commits of arriving mail.
import type { Connection } from './connection.ts';
import { indexMessages } from './index-message.ts';
import { indexSessions } from './index-session.ts';
import { makeRoom } from './merging.ts';
import type { Writing } from './writing.ts';

/** How many of each at most. */
export interface IndexStep {
  parsed: number;
  /** Not parsed yet, or still running: of interest only while somebody is searching. */
  pending: number;
  sessions: number;
}

/** Of merging, before more is added to a table of many segments. */
const pagesForRoom = 64;

/** Takes up the newest that are not. Returns how many it took; 1 where it had to make room first. */
export function indexStep(writing: Writing, { parsed, pending, sessions }: IndexStep): number {
  const { sql } = writing;
  if (!makeRoom(writing, { pages: pagesForRoom })) return 1;
  const some = sql<{ seq: number }>(
    'SELECT seq FROM message WHERE searched = 0 AND parse = ? ORDER BY seq DESC LIMIT ?',
  );
  const messages = [
    ...some.all('parsed', parsed),
    ...some.all('failed', parsed),
    ...some.all('pending', pending),
  ];
  const due = sql<{ seq: number }>(
    `SELECT seq FROM session WHERE searched = 0 ${pending > 0 ? '' : 'AND closed_us IS NOT NULL'}
     ORDER BY seq DESC LIMIT ?`,
  ).all(sessions);
  indexSessions(
    writing,
    due.map(({ seq }) => seq),
  );
  indexMessages(
    writing,
    messages.map(({ seq }) => seq),
  );
  return messages.length + due.length;
}

/** How many are not taken up yet. */
export const countUnsearched = ({ sql }: Connection, _input: null): { messages: number; sessions: number } =>
  sql<{ messages: number; sessions: number }>(
    `SELECT (SELECT count(*) FROM message WHERE searched = 0) AS messages,
       (SELECT count(*) FROM session WHERE searched = 0) AS sessions`,
  ).get() ?? { messages: 0, sessions: 0 };
