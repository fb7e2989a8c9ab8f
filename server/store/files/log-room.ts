// Makes the write-ahead log long before it is needed: to sync what only writes over takes the disk one write, to sync
// what makes a file longer two or more.
import { closeSync, constants, fdatasyncSync, fstatSync, openSync, writeSync } from 'node:fs';
import { logBytes, numberOf, type Connection } from '../sqlite/connection.ts';
import { hasRoom } from '../sqlite/room.ts';
import { databaseFile } from './places.ts';
import type { Reserve } from './reserve.ts';

/** A commit that arrives meanwhile waits for no more than this. */
const stepBytes = 1024 * 1024;
const delayMs = 500;
/** Mail comes again after a deletion, which empties the log. Who deletes again and again does not wait for it. */
const busyCommits = 100;

export interface LogRoom {
  /** After each commit; `emptied`: the log is short now. */
  committed(emptied: boolean): void;
  close(): void;
}

/** Of a smaller database there is nothing to delete that would be worth a reserve. */
const worthPages = 1024;

/** Begins a little after the start, which has enough to do. The reserve is made behind the log. */
export function keepLogRoom(connection: Connection, folder: string, reserve: Reserve): LogRoom {
  let next: NodeJS.Timeout | null = setTimeout(step, delayMs);
  let commits = 0;
  let isLong = false;

  /** Commits are made in between. */
  function step(): void {
    next = grow() ? setTimeout(step, 0) : null;
  }
  function grow(): boolean {
    if (!hasRoom(connection, folder)) return false;
    isLong ||= !makeLonger(connection, folder);
    if (!isLong) return true;
    const pages = numberOf(connection, 'page_count');
    return pages >= worthPages && reserve.grow(stepBytes);
  }
  return {
    committed(emptied) {
      commits = emptied ? 0 : commits + 1;
      if (commits !== busyCommits) return;
      isLong = false;
      next ??= setTimeout(step, 0);
    },
    close() {
      if (next !== null) clearTimeout(next);
    },
  };
}

const zeros = Buffer.alloc(stepBytes);

/**
 * Zeros are no frame, so SQLite takes the log to end before them. Returns whether there is more to do; what fails is
 * left, since a log that grows as it is written is as good.
 */
function makeLonger({ db, sql }: Connection, folder: string): boolean {
  let handle: number | null = null;
  try {
    // Nobody else makes it longer meanwhile, such as a program that has the database open.
    sql('BEGIN IMMEDIATE').run();
    handle = openSync(`${databaseFile(folder)}-wal`, constants.O_WRONLY);
    const { size } = fstatSync(handle);
    if (size >= logBytes) return false;
    writeSync(handle, zeros, 0, Math.min(stepBytes, logBytes - size), size);
    fdatasyncSync(handle);
    return true;
  } catch {
    return false;
  } finally {
    if (handle !== null) closeSync(handle);
    if (db.inTransaction) sql('ROLLBACK').run();
  }
}
