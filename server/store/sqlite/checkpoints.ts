// Writes the write-ahead log into the database, between commits: what was committed is answered first. On a slow disk it
// takes long; then it is done the sooner, with less each time, so that no mail waits long. In a very large database the
// pages of a log lie far apart: there a thread of its own does it, while commits go on.
import { steadyUs } from '../../clock.ts';
import { busyMs, checkpointPages, numberOf, type Connection } from './connection.ts';
import { usualLargePages } from './sizes.ts';

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
/** To empty a log the other thread writes most of it first, where it comes to it. */
const mostFirstUs = 3_000_000;

interface LogState {
  log: number;
  checkpointed: number;
}

/** The pages in the log; PASSIVE writes them into the database as far as nobody is in the way, NOOP does nothing. */
export const readLogState = ({ db }: Connection, mode: 'NOOP' | 'PASSIVE'): LogState =>
  (db.pragma(`wal_checkpoint(${mode})`) as [LogState])[0];

/**
 * Writes all of the log into the database, and has it begin anew, or be empty. `read`: somebody read from it for longer;
 * `taken`: another thread is writing it, which is known at once.
 */
export function finishLog(
  { db }: Connection,
  mode: 'RESTART' | 'TRUNCATE',
  waitMs: number,
): 'done' | 'read' | 'taken' {
  db.pragma(`busy_timeout = ${String(waitMs)}`);
  try {
    const [{ busy, log }] = db.pragma(`wal_checkpoint(${mode})`) as [{ busy: number; log: number }];
    return busy === 0 ? 'done' : log < 0 ? 'taken' : 'read';
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

export interface Checkpoints {
  /** After each commit. */
  committed(): void;
  /** Whether emptying the log should wait a little, as another thread is to write most of it before. */
  isWrittenFirst(): boolean;
}

export function keepCheckpoints(
  connection: Connection,
  { ask, now = steadyUs, largePages = usualLargePages }: CheckpointOptions,
): Checkpoints {
  connection.db.pragma('wal_autocheckpoint = 0');
  let wanted = checkpointPages;
  let tooLong = longestPages;
  let firstUntilUs: number | null = null;

  function beginAnew(pages: number): void {
    const waitMs = Math.min(mostPatienceMs, Math.round(patienceMs * (pages / longestPages) ** 2));
    const end = finishLog(connection, 'RESTART', waitMs);
    // The next commit tries it again.
    if (end !== 'taken') tooLong = end === 'done' ? longestPages : pages + againPages;
  }

  function writeSome({ checkpointed }: LogState): void {
    const startedUs = now();
    const pages = readLogState(connection, 'PASSIVE').checkpointed - checkpointed;
    // Somebody reads what was there before.
    if (pages <= 0) return;
    const fitting = Math.round((pages * aimUs) / Math.max(1, now() - startedUs));
    wanted = Math.max(fewestPages, Math.min(checkpointPages, 2 * wanted, fitting));
  }

  function afterCommit(): void {
    const { log, checkpointed } = readLogState(connection, 'NOOP');
    const unwritten = log - checkpointed;
    // Nothing is due, however large the database is.
    if (log < tooLong && unwritten < Math.min(wanted, mostInLarge)) return;
    if (numberOf(connection, 'page_count') < largePages) {
      if (log >= tooLong) beginAnew(log);
      else if (unwritten >= wanted) writeSome({ log, checkpointed });
      return;
    }
    // Where the other thread keeps up there is little left to be written. Where it does not, the writer does the rest,
    // and that thread does not begin again before.
    const isOverdue = log >= tooLong + longestPages;
    if (isOverdue || (log >= tooLong && unwritten < mostInLarge)) beginAnew(log);
    else if (unwritten >= mostInLarge) ask();
  }

  function isMuchUnwritten(): boolean {
    try {
      const { log, checkpointed } = readLogState(connection, 'NOOP');
      return log - checkpointed >= fewestPages && numberOf(connection, 'page_count') >= largePages;
    } catch {
      return false;
    }
  }

  return {
    committed() {
      try {
        afterCommit();
      } catch {
        // On a full disk, or one that fails: the next commit says so, and what is in the log is safe there.
      }
    },
    isWrittenFirst() {
      if (!isMuchUnwritten()) {
        firstUntilUs = null;
        return false;
      }
      firstUntilUs ??= now() + mostFirstUs;
      ask();
      return now() < firstUntilUs;
    },
  };
}

/** The part of it that is the other thread's. */
export const writeLog = (connection: Connection): LogState => readLogState(connection, 'PASSIVE');
