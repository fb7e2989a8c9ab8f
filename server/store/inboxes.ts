// What is kept of inboxes and tokens, their counts, and their end.
import type { Inbox } from '../../shared/inbox.ts';
import { defaultInbox } from '../../shared/inbox-name.ts';
import { emptyByInbox } from '../../shared/inbox-view.ts';
import { addToCounters, deleteMessages, removeSelected, sumsOfSelection } from './changes.ts';
import type { Connection } from './connection.ts';
import { damagedText, readJson } from './damage.ts';
import { loadCounters } from './counters.ts';
import { appendEvent } from './events.ts';
import { deselectKept } from './in-inbox.ts';
import { deleteSessions } from './delete-sessions.ts';
import type { StoreCounts } from './store.ts';
import { fillSelection, type Writing } from './writing.ts';

const countMessages = 'SELECT count(*) AS count FROM message_inbox WHERE inbox = ? AND deleted_us IS NULL';
const countSessions = 'SELECT count(*) AS count FROM session_inbox WHERE inbox = ?';

type Row = { definition: string; sinceSeq: number };

/** It stays the inbox of its messages; who has its token may read them. */
function soundInbox(name: string, definition: string): string {
  const limits = { maxMessages: 0, maxAgeMs: 0 };
  const instead = { name, source: 'api', createdUs: 0, expiresUs: null, user: null, password: null };
  const what = `what inbox ${name} is (its login, rules and limits are to be given anew)`;
  return sound(definition, what, { ...instead, rules: [], retention: limits });
}

/** The hash is a column of its own, so whoever was let in still is, and nobody else. */
function soundToken({ id, inbox, hash, definition }: SaveInboxToken): string {
  const instead = { id, inbox, hash, scope: 'read', label: damagedText, createdUs: 0 };
  return sound(definition, `what a token of inbox ${inbox} may (now it may only read)`, instead);
}

function sound(definition: string, what: string, instead: object): string {
  const read = readJson<object>(definition, () => ({ what, instead }));
  return read === instead ? JSON.stringify(read) : definition;
}

/** As JSON, which those understand who gave them. */
export const loadInboxes = ({ sql }: Connection, _input: null): { inboxes: Row[]; tokens: string[] } => ({
  inboxes: sql<Row & { name: string }>(
    'SELECT name, definition, since_seq AS sinceSeq FROM inbox ORDER BY since_seq',
  )
    .all()
    .map(({ name, definition, sinceSeq }) => ({ sinceSeq, definition: soundInbox(name, definition) })),
  tokens: sql<SaveInboxToken>('SELECT id, inbox, hash, definition FROM inbox_token').all().map(soundToken),
});

export interface SaveInbox {
  definition: string;
  told: Inbox;
  event: 'inbox:created' | 'inbox:changed';
}

/** Returns the seq of the event that tells of it. */
export function saveInbox(writing: Writing, { definition, told, event }: SaveInbox): number {
  const { sql, counters } = writing;
  appendEvent(writing, event, { inbox: told });
  const isNew = sql('SELECT 1 FROM inbox WHERE name = ?').get(told.name) === undefined;
  const since = told.name === defaultInbox ? 0 : counters.eventSeq;
  sql(
    `INSERT INTO inbox (name, since_seq, definition) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET definition = excluded.definition`,
  ).run(told.name, since, definition);
  if (isNew && told.name !== defaultInbox) counters.inboxes += 1;
  return counters.eventSeq;
}

export interface SaveInboxToken {
  id: string;
  inbox: string;
  hash: string;
  definition: string;
}

export function saveInboxToken({ sql }: Writing, { id, inbox, hash, definition }: SaveInboxToken): null {
  sql('INSERT INTO inbox_token (id, inbox, hash, definition) VALUES (?, ?, ?, ?)').run(
    ...[id, inbox, hash, definition],
  );
  return null;
}

export const removeInboxToken = ({ sql }: Writing, { id }: { id: string }): number =>
  sql('DELETE FROM inbox_token WHERE id = ?').run(id).changes;

/** Begins its end: its tokens go, and its messages are marked to be purged. */
export function endInbox(writing: Writing, { name }: { name: string }): number {
  const { sql } = writing;
  const count = sql<{ count: number }>(countMessages).get(name)?.count;
  sql('DELETE FROM inbox_token WHERE inbox = ?').run(name);
  deleteMessages(writing, { which: { all: true }, purge: true, inbox: name });
  return count ?? 0;
}

/** The last step of its end, once its sessions are gone. */
export function forgetInbox(
  writing: Writing,
  { name, reason }: { name: string; reason: 'request' | 'expired' },
): null {
  const { sql, counters } = writing;
  appendEvent(writing, 'inbox:deleted', { name, reason });
  // Of sessions that still run.
  sql('DELETE FROM session_inbox WHERE inbox = ?').run(name);
  if (sql('DELETE FROM inbox WHERE name = ?').run(name).changes > 0) counters.inboxes -= 1;
  return null;
}

export interface PruneInbox {
  name: string;
  maxMessages: number;
  maxAgeMs: number;
  nowUs: number;
  limit: number;
}

/** One step: the oldest that are over the limits of the inbox leave it; pinned ones stay. */
export function pruneInboxStep(
  writing: Writing,
  { name, maxMessages, maxAgeMs, nowUs, limit }: PruneInbox,
): { files: string[]; more: boolean } {
  const { sql } = writing;
  const count = (text: string): number => sql<{ count: number }>(text).get(name)?.count ?? 0;
  const over = (text: string): number => (maxMessages > 0 ? Math.max(0, count(text) - maxMessages) : 0);
  const olderUs = maxAgeMs > 0 ? nowUs - maxAgeMs * 1000 : -1;
  const messages = sql<{ seq: number }>(
    `SELECT seq FROM (
       SELECT seq, row_number() OVER (ORDER BY seq) AS n FROM message_inbox
       WHERE inbox = @name AND deleted_us IS NULL AND pinned = 0 ORDER BY seq LIMIT @limit)
     JOIN message USING (seq) WHERE n <= @over OR received_us < @olderUs`,
  )
    .all({ name, limit, over: over(countMessages), olderUs })
    .map(({ seq }) => seq);
  const files = leaveInbox(writing, name, messages);
  const sessions = sql<{ id: string }>(
    `SELECT id FROM (
       SELECT session, row_number() OVER (ORDER BY session) AS n FROM session_inbox WHERE inbox = @name
       ORDER BY session LIMIT @limit)
     JOIN session ON seq = session WHERE closed_us IS NOT NULL AND (n <= @over OR closed_us < @olderUs)`,
  ).all({ name, limit, over: over(countSessions), olderUs });
  if (sessions.length > 0) {
    const ids = JSON.stringify(sessions.map(({ id }) => id));
    deleteSessions(writing, { which: { ids }, limit, inbox: name, purge: true, reason: 'retention' });
  }
  return { files, more: messages.length === limit || sessions.length === limit };
}

function leaveInbox(writing: Writing, inbox: string, seqs: number[]): string[] {
  if (seqs.length === 0) return [];
  const { sql } = writing;
  fillSelection(writing, seqs);
  const idsOf = (): string[] =>
    sql<{ id: string }>('SELECT id FROM message WHERE seq IN temp.selection ORDER BY seq')
      .all()
      .map(({ id }) => id);
  const all = idsOf();
  const before = sumsOfSelection(writing);
  sql('DELETE FROM message_inbox WHERE inbox = ? AND seq IN temp.selection').run(inbox);
  addToCounters(writing, before, -1);
  addToCounters(writing, sumsOfSelection(writing), 1);
  deselectKept(writing);
  const ids = idsOf();
  const files = removeSelected(writing);
  appendEvent(writing, 'messages:deleted', {
    ids,
    upToSeq: null,
    reason: 'retention',
    byInbox: { [inbox]: all },
  });
  return files;
}

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
