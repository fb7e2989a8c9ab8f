// Opens SQLite connections, always with the settings that the promise of the 250 rests on.
import Database from 'better-sqlite3';
import { Refusal } from '../../refusal.ts';
import { pageBytes } from './sizes.ts';

export type Row = Record<string, unknown>;

/** A connection with its prepared statements. */
export interface Connection {
  readonly db: Database.Database;
  /** The statement of this text, prepared once. */
  sql<R = Row>(text: string): Database.Statement<unknown[], R>;
}

export interface ConnectionOptions {
  reader?: boolean;
  /** For tests of a full disk. */
  maxPages?: number;
}

/** So long the write-ahead log may become before it is written into the database. */
export const checkpointPages = 4000;
/**
 * Bytes that it may have when it is begun anew: as far as it comes before that, and a large commit more; a frame is a page
 * and its header. What is beyond is given back, for on a full disk all of it may be filled, and be what the database has
 * no room to grow by.
 */
export const logBytes = (checkpointPages + 250) * (pageBytes + 24);
/** So long a statement waits for another connection. */
export const busyMs = 5000;

const oldestSqlite = [3, 51, 3] as const;

/** Of a pragma that gives a number. */
export const numberOf = ({ db }: Pick<Connection, 'db'>, pragma: string): number =>
  db.pragma(pragma, { simple: true }) as number;

/** Pages of the file that nothing is on. Prepared, as it may be asked for at each commit. */
export const freePages = ({ sql }: Connection): number =>
  sql<{ freelist_count: number }>('PRAGMA freelist_count').get()!.freelist_count;

/** `:memory:` or a file. Throws what SQLite throws. */
export function openConnection(file: string, options: ConnectionOptions = {}): Connection {
  const db = new Database(file, { timeout: busyMs });
  try {
    configure(db, file === ':memory:', options);
  } catch (error) {
    db.close();
    throw error;
  }
  const statements = new Map<string, Database.Statement<unknown[]>>();
  return {
    db,
    sql<R>(text: string) {
      let statement = statements.get(text);
      if (statement === undefined) {
        statement = db.prepare<unknown[]>(text);
        statements.set(text, statement);
      }
      return statement as Database.Statement<unknown[], R>;
    },
  };
}

function configure(db: Database.Database, inMemory: boolean, options: ConnectionOptions): void {
  assertVersion(db);
  if (db.pragma('page_count', { simple: true }) === 0) {
    // Only for a new file: in one that exists even the same value would be a write.
    db.pragma(`page_size = ${String(pageBytes)}`);
    db.pragma('auto_vacuum = INCREMENTAL');
  }
  db.pragma('cache_size = -16000');
  db.pragma('temp_store = MEMORY');
  if (inMemory) return;
  db.pragma('journal_mode = WAL');
  // better-sqlite3 is compiled so that WAL means NORMAL, which loses acknowledged mail when the power goes.
  db.pragma('synchronous = FULL');
  db.pragma(`wal_autocheckpoint = ${String(checkpointPages)}`);
  db.pragma(`journal_size_limit = ${String(logBytes)}`);
  db.pragma('secure_delete = FAST');
  if (options.reader === true) db.pragma('query_only = ON');
  if (options.maxPages !== undefined) db.pragma(`max_page_count = ${String(options.maxPages)}`);
  const journal = db.pragma('journal_mode', { simple: true });
  const synchronous = db.pragma('synchronous', { simple: true });
  if (journal !== 'wal' || synchronous !== 2) {
    throw new Refusal(
      `SQLite does not give the durability that is asked for: journal_mode ${String(journal)}, synchronous ` +
        `${String(synchronous)}. The file system may lack shared memory. Use a data folder on a local disk.`,
    );
  }
}

/** Before 3.51.3 two connections that write and checkpoint can corrupt the file (the WAL-reset bug). */
function assertVersion(db: Database.Database): void {
  const version = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  const parts = version.split('.').map(Number);
  for (const [index, least] of oldestSqlite.entries()) {
    const part = parts[index] ?? 0;
    if (part > least) return;
    if (part < least) {
      throw new Refusal(
        `SQLite ${version} has a bug that corrupts data; 3.51.3 is needed. Reinstall better-sqlite3.`,
      );
    }
  }
}
