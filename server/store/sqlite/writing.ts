// Runs write operations: several in one commit.
import type { StoredEvent } from '../event-log.ts';
import { finishLog } from './checkpoints.ts';
import type { Connection } from './connection.ts';
import { loadCounters, noteFreePages, saveCounters, type Counters } from './counters.ts';
import { setOverwriting } from './overwriting.ts';

/** What a write operation is given. */
export interface Writing extends Connection {
  /** Change these freely: a rollback puts them back. */
  counters: Counters;
  /** When the operation was asked for. */
  atUs: number;
  /** The folder of body files; null in memory. */
  readonly bodies: string | null;
  /** Written in this transaction, to be told after the commit. */
  events: StoredEvent[];
  /** Takes back what a rollback of SQL does not, e.g. a renamed file. */
  undo: (() => void)[];
  /** Asks for the write-ahead log to be emptied after the commit. */
  emptyLog: boolean;
  /** Asks for the database to be written anew after the commit, without its free pages. */
  writeAnew: boolean;
  /** See overwriting.ts. */
  overwrites: boolean;
}

export function createWriting(connection: Connection, bodies: string | null): Writing {
  connection.db.exec('CREATE TEMP TABLE selection (seq INTEGER PRIMARY KEY)');
  const counters = loadCounters(connection);
  return {
    ...connection,
    counters,
    atUs: 0,
    bodies,
    events: [],
    undo: [],
    emptyLog: false,
    writeAnew: false,
    overwrites: false,
  };
}

/** What a change is about, by seq. */
export function fillSelection({ sql }: Writing, seqs: number[]): void {
  sql('DELETE FROM temp.selection').run();
  sql('INSERT INTO temp.selection SELECT value FROM json_each(?)').run(JSON.stringify(seqs));
}

export type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown };
export type Operation = () => unknown;

interface Mark {
  counters: Counters;
  events: number;
  undo: number;
}

const markOf = (writing: Writing): Mark => ({
  counters: { ...writing.counters },
  events: writing.events.length,
  undo: writing.undo.length,
});

function backTo(writing: Writing, mark: Mark): void {
  writing.counters = { ...mark.counters };
  writing.events.length = mark.events;
  for (const undo of writing.undo.splice(mark.undo).reverse()) {
    try {
      undo();
    } catch {
      // On a disk that fails. The next start sweeps up what was left; why it failed is told by the operation.
    }
  }
}

/**
 * One commit for all. Where an operation fails, or SQLite gave up the whole transaction (a full disk does that), or
 * the commit failed, each is tried again alone. No savepoint for each: SQLite would copy every page that they share.
 */
export function commitTogether(writing: Writing, operations: Operation[]): Outcome[] {
  writing.events = [];
  const [first] = operations;
  if (first !== undefined && operations.length === 1) return [commitAlone(writing, first)];
  try {
    return commit(writing, () => operations.map((operation) => ({ ok: true, value: operation() })));
  } catch {
    return operations.map((operation) => commitAlone(writing, operation));
  }
}

function commitAlone(writing: Writing, operation: Operation): Outcome {
  try {
    return { ok: true, value: commit(writing, operation) };
  } catch (error) {
    return { ok: false, error };
  }
}

function commit<T>(writing: Writing, run: () => T): T {
  const { db, sql } = writing;
  const mark = markOf(writing);
  try {
    setOverwriting(writing, writing.counters.unmerged === 1);
    sql('BEGIN IMMEDIATE').run();
    const value = run();
    noteFreePages(writing, writing.counters);
    saveCounters(writing, mark.counters, writing.counters);
    sql('COMMIT').run();
    writing.undo.length = 0;
    return value;
  } catch (error) {
    if (db.inTransaction) sql('ROLLBACK').run();
    backTo(writing, mark);
    throw error;
  }
}

/**
 * After a purge: no copy of what was deleted may stay in the log. Returns whether it was emptied. Not while somebody
 * reads from it: mail does not wait for the end of a long search. Throws where there is no room for what is in it.
 */
export function emptyLogNow(writing: Writing): boolean {
  if (!writing.emptyLog || writing.bodies === null) return false;
  writing.emptyLog = finishLog(writing, 'TRUNCATE', 0) !== 'done';
  return !writing.emptyLog;
}

/** The same; what fails is tried again a little later. */
export function emptyLogIfAsked(writing: Writing): boolean {
  try {
    return emptyLogNow(writing);
  } catch {
    // It is told by the operation that needs it.
    return false;
  }
}

/** Not in a transaction. On a disk without room for it the database stays as it is. */
export function writeAnewIfAsked(writing: Writing): void {
  if (!writing.writeAnew) return;
  writing.writeAnew = false;
  writing.emptyLog = true;
  try {
    writing.db.exec('VACUUM');
  } catch {
    // It is as large as before.
  }
}
