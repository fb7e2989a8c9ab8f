// The tables of sessions that may come back.

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

/** What a session had in an inbox that deleted it while others still have it. */
export const leftSessions = `
  CREATE TABLE session_left (
    session INTEGER NOT NULL, inbox TEXT NOT NULL,
    messages TEXT NOT NULL, transactions TEXT NOT NULL, left_us INTEGER NOT NULL,
    PRIMARY KEY (session, inbox)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX session_left_at ON session_left (left_us);
`;
