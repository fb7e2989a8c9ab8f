// The tables of inboxes: what each is, who may see it, and which sessions belong to it.

/**
 * A session without a row in session_inbox belongs to the default inbox, so that nothing is written where there is no
 * other. The index of message_inbox has all that counts and lists of an inbox read.
 */
export const inboxTables = `
  CREATE TABLE inbox (
    name TEXT PRIMARY KEY, since_seq INTEGER NOT NULL, definition TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE inbox_token (
    id TEXT PRIMARY KEY, inbox TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, definition TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE session_inbox (
    inbox TEXT NOT NULL, session INTEGER NOT NULL, PRIMARY KEY (inbox, session)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX session_inbox_session ON session_inbox (session);
  DROP INDEX message_inbox_inbox;
  CREATE INDEX message_inbox_inbox ON message_inbox (inbox, seq, deleted_us, read, pinned);
  UPDATE session SET summary = json_set(summary, '$.inboxes', json('["default"]'));
  UPDATE event SET payload = json_set(payload, '$.session.inboxes', json('["default"]'))
    WHERE type = 'session:closed';
`;

/** What is listed, without what was deleted: of a large store that was emptied that is the bulk, until it is purged. */
export const listedIndex = `
  CREATE INDEX message_inbox_listed ON message_inbox (seq, inbox, read, pinned) WHERE deleted_us IS NULL;
`;
