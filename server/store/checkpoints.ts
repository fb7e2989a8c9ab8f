// Writes the write-ahead log into the database, between commits: what was committed is answered first. In a very large
// database, or on a slow disk, the pages of a log lie far apart and take long; then it is done the sooner, with less
// each time, so that no mail waits long.
import { steadyUs } from '../clock.ts';
import { checkpointPages, type Connection } from './connection.ts';

/** What a mail that comes meanwhile may wait. */
const aimUs = 60_000;
/** Fewer would be written again and again. */
const fewestPages = 250;

interface LogState {
  log: number;
  checkpointed: number;
}

/** The pages in the log; PASSIVE writes them into the database as far as nobody is in the way, NOOP does nothing. */
export const readLogState = ({ db }: Connection, mode: 'NOOP' | 'PASSIVE'): LogState =>
  (db.pragma(`wal_checkpoint(${mode})`) as [LogState])[0];

/** Returns what is to be called after each commit. */
export function keepCheckpoints(connection: Connection, now: () => number = steadyUs): () => void {
  connection.db.pragma('wal_autocheckpoint = 0');
  let wanted = checkpointPages;

  return () => {
    try {
      const before = readLogState(connection, 'NOOP');
      if (before.log - before.checkpointed < wanted) return;
      const startedUs = now();
      const pages = readLogState(connection, 'PASSIVE').checkpointed - before.checkpointed;
      // Somebody reads what was there before.
      if (pages <= 0) return;
      const fitting = Math.round((pages * aimUs) / Math.max(1, now() - startedUs));
      wanted = Math.max(fewestPages, Math.min(checkpointPages, 2 * wanted, fitting));
    } catch {
      // On a full disk, or one that fails: the next commit says so, and what is in the log is safe there.
    }
  };
}
