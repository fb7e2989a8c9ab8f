// Writes the write-ahead log into the database, between commits: what was committed is answered first. On a slow disk it
// takes long; then it is done the sooner, with less each time, so that no mail waits long. In a very large database the
// pages of a log lie far apart: there a thread of its own does it, while commits go on.
import { steadyUs } from '../clock.ts';
import { busyMs, checkpointPages, numberOf, type Connection } from './connection.ts';
import { usualLargePages } from './protocol.ts';

/** What a mail that comes meanwhile may wait. */
const aimUs = 40_000;
/** Fewer would be written again and again. */
const fewestPages = 250;
/**
 * In a large database. The other thread takes more at once: a page that was written several times meanwhile goes into the
 * database once.
 */
const mostInLarge = 2000;
/**
 * The log is begun anew when all of it is written and nobody reads from it. It only becomes longer where there is always
 * somebody who does: then a commit waits for them, and who begins to read meanwhile needs the log no more. Where they
 * take long, it is tried again, and the longer the log the longer it waits.
 */
const longestPages = 2 * checkpointPages;
const patienceMs = 20;
const mostPatienceMs = 500;
const againPages = 1000;

interface LogState {
  log: number;
  checkpointed: number;
}

/** The pages in the log; PASSIVE writes them into the database as far as nobody is in the way, NOOP does nothing. */
export const readLogState = ({ db }: Connection, mode: 'NOOP' | 'PASSIVE'): LogState =>
  (db.pragma(`wal_checkpoint(${mode})`) as [LogState])[0];

/** Writes all of the log into the database, and has it begin anew, or be empty. False: somebody read for longer. */
export function finishLog({ db }: Connection, mode: 'RESTART' | 'TRUNCATE', waitMs: number): boolean {
  db.pragma(`busy_timeout = ${String(waitMs)}`);
  try {
    const [state] = db.pragma(`wal_checkpoint(${mode})`) as [{ busy: number }];
    return state.busy === 0;
  } finally {
    db.pragma(`busy_timeout = ${String(busyMs)}`);
  }
}

export interface CheckpointOptions {
  /** Asks for `writeLog` on another thread. */
  ask(): void;
  now?(): number;
  /** From here on a database is large. */
  largePages?: number;
}

/** Returns what is to be called after each commit. */
export function keepCheckpoints(
  connection: Connection,
  { ask, now = steadyUs, largePages = usualLargePages }: CheckpointOptions,
): () => void {
  connection.db.pragma('wal_autocheckpoint = 0');
  let wanted = checkpointPages;
  let tooLong = longestPages;

  function beginAnew(pages: number): void {
    const waitMs = Math.min(mostPatienceMs, Math.round(patienceMs * (pages / longestPages) ** 2));
    tooLong = finishLog(connection, 'RESTART', waitMs) ? longestPages : pages + againPages;
  }

  function writeSome({ checkpointed }: LogState): void {
    const startedUs = now();
    const pages = readLogState(connection, 'PASSIVE').checkpointed - checkpointed;
    // Somebody reads what was there before.
    if (pages <= 0) return;
    const fitting = Math.round((pages * aimUs) / Math.max(1, now() - startedUs));
    wanted = Math.max(fewestPages, Math.min(checkpointPages, 2 * wanted, fitting));
  }

  return () => {
    try {
      const before = readLogState(connection, 'NOOP');
      const unwritten = before.log - before.checkpointed;
      const isLarge = numberOf(connection, 'page_count') >= largePages;
      if (isLarge && unwritten >= mostInLarge) ask();
      // What is left then is little, unless the other thread does not come to it.
      if (before.log >= (isLarge && unwritten > mostInLarge ? 2 * tooLong : tooLong)) beginAnew(before.log);
      else if (!isLarge && unwritten >= wanted) writeSome(before);
    } catch {
      // On a full disk, or one that fails: the next commit says so, and what is in the log is safe there.
    }
  };
}

/** The part of it that is the other thread's. */
export function writeLog(connection: Connection, _input: null): null {
  readLogState(connection, 'PASSIVE');
  return null;
}
