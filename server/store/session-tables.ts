// The table of deleted sessions.

/**
 * The row of a deleted session, for as long as it may come back; its lines stay where they are. Being apart it is found
 * by nothing that reads sessions.
 */
export const deletedSessions = `
  CREATE TABLE session_deleted (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    opened_us INTEGER NOT NULL, closed_us INTEGER,
    outcome TEXT NOT NULL, listener TEXT NOT NULL, peer TEXT NOT NULL, client_name TEXT, user TEXT,
    bytes INTEGER NOT NULL, summary TEXT NOT NULL, facts TEXT NOT NULL, codes TEXT,
    deleted_us INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX session_deleted_at ON session_deleted (deleted_us);
`;
