// The tables. A migration, once released, is never changed; a new one is added at the end.
import { randomBytes } from 'node:crypto';
import { Refusal } from '../../refusal.ts';
import type { Connection } from './connection.ts';
import { eventIndexes } from './event-tables.ts';
import { damaged } from './failures.ts';
import { faultTable } from './fault-table.ts';
import { blankTable } from './free-pages.ts';
import { inboxTables, listedIndex } from './inbox-tables.ts';
import { issueTable } from './issue-table.ts';
import { morePieces, searchBlocks, searchIndexes, searchTables, wordLists } from './search-tables.ts';
import { deletedSessions, leftSessions } from './session-tables.ts';

const migrations = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE session (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    opened_us INTEGER NOT NULL, closed_us INTEGER,
    outcome TEXT NOT NULL, listener TEXT NOT NULL, peer TEXT NOT NULL, client_name TEXT, user TEXT,
    bytes INTEGER NOT NULL, summary TEXT NOT NULL, facts TEXT NOT NULL
  ) STRICT;
  CREATE INDEX session_running ON session (seq) WHERE closed_us IS NULL;
  CREATE TABLE smtp_transaction (
    session INTEGER NOT NULL, n INTEGER NOT NULL,
    outcome TEXT NOT NULL, mail_from TEXT NOT NULL, reply_code INTEGER, message_id TEXT, record TEXT NOT NULL,
    PRIMARY KEY (session, n)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE transcript (
    session INTEGER NOT NULL, first_line INTEGER NOT NULL, first_chunk INTEGER NOT NULL,
    last_line INTEGER NOT NULL, last_chunk INTEGER NOT NULL, content TEXT NOT NULL,
    UNIQUE (session, first_line, first_chunk)
  ) STRICT;
  CREATE TABLE session_blob (
    session INTEGER NOT NULL, line INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (session, line)
  ) STRICT;

  CREATE TABLE message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    received_us INTEGER NOT NULL, origin TEXT NOT NULL, session_id TEXT, transaction_n INTEGER,
    size INTEGER NOT NULL, mail_from TEXT NOT NULL, rcpt_to TEXT NOT NULL, rcpt_count INTEGER NOT NULL,
    header_from TEXT NOT NULL, header_to TEXT NOT NULL, subject TEXT NOT NULL, snippet TEXT NOT NULL,
    date TEXT, attachments INTEGER NOT NULL, tls TEXT, user TEXT,
    parse TEXT NOT NULL, derived_version INTEGER NOT NULL,
    first_line INTEGER, last_line INTEGER, envelope TEXT NOT NULL
  ) STRICT;
  CREATE INDEX message_derived ON message (derived_version);
  CREATE TABLE message_detail (
    seq INTEGER PRIMARY KEY, version INTEGER NOT NULL,
    headers TEXT NOT NULL, facts TEXT NOT NULL, text TEXT, html TEXT
  ) STRICT;
  CREATE TABLE message_inbox (
    seq INTEGER NOT NULL, inbox TEXT NOT NULL,
    read INTEGER NOT NULL, pinned INTEGER NOT NULL, deleted_us INTEGER,
    PRIMARY KEY (seq, inbox)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX message_inbox_inbox ON message_inbox (inbox, seq);
  CREATE INDEX message_inbox_deleted ON message_inbox (deleted_us) WHERE deleted_us IS NOT NULL;
  CREATE TABLE body (
    seq INTEGER PRIMARY KEY, size INTEGER NOT NULL, dots BLOB, bdat TEXT, file TEXT, bytes BLOB
  ) STRICT;
  CREATE INDEX body_file ON body (file) WHERE file IS NOT NULL;
  CREATE TABLE header (
    seq INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (seq, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX header_name ON header (name, value);

  CREATE TABLE event (
    seq INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, type TEXT NOT NULL, payload TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_at ON event (at_us);
  `,
  searchTables,
  searchIndexes,
  inboxTables,
  listedIndex,
  deletedSessions,
  searchBlocks,
  wordLists,
  leftSessions,
  // Of what repeats itself, and twice of where two words meet.
  morePieces,
  morePieces,
  morePieces,
  eventIndexes,
  blankTable,
  faultTable,
  issueTable,
  // How much is wrong with a message, as JSON; what it is stands among its facts.
  'ALTER TABLE message ADD COLUMN findings TEXT',
];

export const newestVersion = migrations.length;
/** "MSCP": tells our files from those of others. */
const applicationId = 0x4d534350;

/** Brings the schema up to date, one transaction for each step, and returns the id of the store. */
export function migrate({ db }: Connection, file: string): string {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > newestVersion) {
    throw new Refusal(
      `${file} was written by a newer Mailscope (its schema is ${String(version)}, this one knows ` +
        `${String(newestVersion)}). Nothing was changed. Update Mailscope, or give another folder with --data.`,
    );
  }
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number;
  if (tables > 0 && db.pragma('application_id', { simple: true }) !== applicationId) {
    throw new Refusal(
      `${file} is a database of another program. Nothing was changed. Give another folder with --data.`,
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    try {
      db.transaction(() => {
        db.exec(sql);
        db.pragma(`application_id = ${String(applicationId)}`);
        db.pragma(`user_version = ${String(index + 1)}`);
      })();
    } catch (error) {
      // The number and the tables were written together: where they differ, the header of the file is damaged.
      if (!(error instanceof Error) || !/already exists|no such|duplicate column/.test(error.message))
        throw error;
      throw damaged(`its tables are not those of version ${String(version)}: ${error.message}`);
    }
  }
  db.prepare("INSERT OR IGNORE INTO meta (name, value) VALUES ('id', ?)").run(randomBytes(8).toString('hex'));
  return db.prepare("SELECT value FROM meta WHERE name = 'id'").pluck().get() as string;
}
