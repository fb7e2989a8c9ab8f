// Saves messages: one operation for the list row, the envelope, the body, the inboxes and the session so far.
import type { MessageSummary } from '../../../shared/message.ts';
import { placeBodyFile } from '../files/body-files.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { Writing } from '../sqlite/writing.ts';
import { messageColumns, type EncodedDerived, type EncodedMessage } from './encode-message.ts';
import type { EncodedSession } from './encode-session.ts';
import { appendEvent, appendEventText } from './events.ts';
import { marksByInbox } from './in-inbox.ts';
import { summaryBySeq } from './read-messages.ts';
import { saveSession } from './sessions.ts';
import { saveTags } from './tags.ts';

export interface SaveMessage {
  message: EncodedMessage;
  session: EncodedSession | null;
}

const insertMessage = `INSERT INTO message (${messageColumns.join()}, snippet, attachments, parse, derived_version)
  VALUES (${messageColumns.map(() => '?').join()}, '', 0, 'pending', 0)`;

/** Returns the seq of the message. */
export function saveMessage(writing: Writing, { message, session }: SaveMessage): number {
  const { sql } = writing;
  if (session !== null) saveSession(writing, { session, announce: false });
  const file = message.file === null ? null : placeBodyFile(writing, message.file, message.id);
  const seq = Number(sql(insertMessage).run(...message.row).lastInsertRowid);
  sql('INSERT INTO body (seq, size, dots, bdat, file, bytes) VALUES (?, ?, ?, ?, ?, ?)').run(
    seq,
    message.size,
    message.dots,
    message.bdat,
    file,
    message.bytes,
  );
  for (const inbox of message.inboxes) {
    sql('INSERT INTO message_inbox (seq, inbox, read, pinned) VALUES (?, ?, 0, 0)').run(seq, inbox);
  }
  if (message.tags !== null) saveTags(writing, seq, message.tags);
  writing.counters.messages += 1;
  writing.counters.unread += 1;
  writing.counters.messageBytes += message.size;
  appendEventText(writing, 'message:stored', `{"message":{"seq":${String(seq)},${message.summary.slice(1)}}`);
  return seq;
}

/** Returns the message where this is its first parse and something was found wrong: that of later ones was told before. */
export function saveDerived(writing: Writing, derived: EncodedDerived): MessageSummary | null {
  const { sql } = writing;
  const { id, version, fields, headers, facts, text, html } = derived;
  const known = sql<{ seq: number; isFirst: number }>(
    "SELECT seq, derived_version = 0 AND parse <> 'parsed' AS isFirst FROM message WHERE id = ?",
  ).get(id);
  // Purged meanwhile: nothing to say about it.
  if (known === undefined) return null;
  const { seq, isFirst } = known;
  sql(
    'UPDATE message SET parse = ?, derived_version = ?, snippet = ?, attachments = ?, findings = ?, searched = 0 WHERE seq = ?',
  ).run(derived.parse, version, derived.snippet, derived.attachments, derived.findings, seq);
  if (fields !== null) {
    sql('UPDATE message SET header_from = ?, header_to = ?, subject = ?, date = ? WHERE seq = ?').run(
      fields.from,
      fields.to,
      fields.subject,
      fields.date,
      seq,
    );
  }
  sql(
    `INSERT OR REPLACE INTO message_detail (seq, version, headers, facts, text, html, header_to)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(seq, version, headers, facts, text, html, fields?.allTo ?? null);
  const message = summaryBySeq(writing, seq);
  if (message === null) return null;
  appendEvent(writing, 'message:parsed', { message, ...marksByInbox(writing, seq, message.inboxes) });
  return isFirst === 1 && derived.findings !== null ? message : null;
}

/**
 * What is derived of it is damaged, and is to be made anew; the envelope has the recipients of a list row. Returns the id,
 * unless it is gone.
 */
export function parseAgain({ sql }: Writing, { seq }: { seq: number }): string | null {
  sql('UPDATE message SET derived_version = 0 WHERE seq = ?').run(seq);
  sql(
    `UPDATE message SET rcpt_to = (SELECT json_group_array(value ->> '$.address')
       FROM (SELECT value FROM json_each(envelope, '$.to') LIMIT 20))
     WHERE seq = ? AND NOT json_valid(rcpt_to) AND json_valid(envelope)`,
  ).run(seq);
  return sql<{ id: string }>('SELECT id FROM message WHERE seq = ?').get(seq)?.id ?? null;
}

/** Those deleted are left out; restored, they are listed again. */
export const listUnparsed = (
  { sql }: Connection,
  { version, limit, after }: { version: number; limit: number; after: string },
): string[] =>
  sql<{ id: string }>(
    `SELECT id FROM message INDEXED BY message_derived WHERE derived_version < ?
       AND seq > coalesce((SELECT seq FROM message WHERE id = ?), 0)
       AND EXISTS (SELECT 1 FROM message_inbox i WHERE i.seq = message.seq AND deleted_us IS NULL)
     ORDER BY seq LIMIT ?`,
  )
    .all(version, after, limit)
    .map(({ id }) => id);
