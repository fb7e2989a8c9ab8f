// What is kept of inboxes and of their tokens.
import { defaultInbox } from '../../../shared/inbox-name.ts';
import type { Inbox } from '../../../shared/inbox.ts';
import type { Connection } from '../sqlite/connection.ts';
import { damagedText, readJson } from '../sqlite/damage.ts';
import type { Writing } from '../sqlite/writing.ts';
import { appendEvent } from './events.ts';

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

/** The last step of its end, once its sessions are gone; what comes before is in changes/end-inbox.ts. */
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
