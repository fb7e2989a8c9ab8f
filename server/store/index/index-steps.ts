// The search index is brought up to date in steps between the commits of arriving mail.
import type { Connection } from '../sqlite/connection.ts';
import type { Writing } from '../sqlite/writing.ts';
import { indexMessages } from './index-message.ts';
import { indexSessions } from './index-session.ts';
import { makeRoom } from './merging.ts';

/** How many of each at most. */
export interface IndexStep {
  parsed: number;
  /** Not parsed yet, or still running: of interest only while somebody is searching. */
  pending: number;
  sessions: number;
}

/** Of merging, before more is added to a table of many segments. */
const pagesForRoom = 64;

/** With more than so many to be taken up it matters which are found first. */
const aBacklog = 1000;

/**
 * The newest first where there is a backlog. Else in their order, so that each row comes behind the last one: between
 * others SQLite moves rows from page to page, and leaves pages that are half empty.
 */
function orderOf({ sql }: Writing): 'ASC' | 'DESC' {
  const many = `SELECT 1 FROM message WHERE searched = 0 LIMIT 1 OFFSET ${String(aBacklog)}`;
  return sql(many).get() === undefined ? 'ASC' : 'DESC';
}

/** Takes up some that are not. Returns how many it took; 1 where it had to make room first. */
export function indexStep(writing: Writing, { parsed, pending, sessions }: IndexStep): number {
  const { sql } = writing;
  if (!makeRoom(writing, { pages: pagesForRoom })) return 1;
  const some = sql<{ seq: number }>(
    `SELECT seq FROM message WHERE searched = 0 AND parse = ? ORDER BY seq ${orderOf(writing)} LIMIT ?`,
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

/** What is not parsed yet comes first: parsed meanwhile, it is among the others when their turn comes. */
const passes = ['pending', 'parsed', 'failed'] as const;

/** What is not parsed yet takes far less. */
const quicker = 8;

/** A way through all that are not taken up, each once, however many come meanwhile; it begins at the first of the passes. */
export interface Pass {
  parse: (typeof passes)[number];
  after: number;
}

/** Takes up the next of those that are not newer than `upTo`; gives where the next step goes on, null at the end. */
export function indexPass(
  writing: Writing,
  { pass, upTo, limit }: { pass: Pass; upTo: number; limit: number },
): Pass | null {
  if (!makeRoom(writing, { pages: pagesForRoom })) return pass;
  const { parse, after } = pass;
  const most = parse === 'pending' ? quicker * limit : limit;
  const seqs = writing
    .sql<{ seq: number }>(
      'SELECT seq FROM message WHERE searched = 0 AND parse = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
    )
    .all(parse, after, upTo, most)
    .map(({ seq }) => seq);
  indexMessages(writing, seqs);
  if (seqs.length === most) return { parse, after: seqs.at(-1)! };
  const next = passes[passes.indexOf(parse) + 1];
  return next === undefined ? null : { parse: next, after: 0 };
}

interface Unsearched {
  messages: number;
  sessions: number;
  newest: number;
}

/** How many are not taken up yet, and the newest message of all. */
export const countUnsearched = ({ sql }: Connection, _input: null): Unsearched =>
  sql<Unsearched>(
    `SELECT (SELECT count(*) FROM message WHERE searched = 0) AS messages,
       (SELECT count(*) FROM session WHERE searched = 0) AS sessions,
       (SELECT coalesce(max(seq), 0) FROM message) AS newest`,
  ).get() ?? { messages: 0, sessions: 0, newest: 0 };
