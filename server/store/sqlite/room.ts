// Whether a data folder can take more.
import { statfsSync } from 'node:fs';
import { freePages, numberOf, type Connection } from './connection.ts';

/** Less is as good as nothing: the write-ahead log alone takes so much. */
const worthBytes = 64 * 1024 * 1024;

function freeOnDisk(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

export function isDiskShort(folder: string): boolean {
  try {
    return freeOnDisk(folder) < worthBytes;
  } catch {
    return false;
  }
}

/** Of the pages that deleted messages have left. */
export const readFreeBytes = (connection: Connection, _input: null): number =>
  freePages(connection) * numberOf(connection, 'page_size');

/** A commit that changes nothing. */
export function writeNothing({ sql }: Connection, _input: null): null {
  sql("UPDATE meta SET value = value WHERE name = 'id'").run();
  return null;
}

/** False where that cannot be told. */
export function hasRoom(connection: Connection, folder: string): boolean {
  const number = (pragma: string) => numberOf(connection, pragma);
  try {
    const pagesLeft = number('max_page_count') - number('page_count') + freePages(connection);
    return Math.min(pagesLeft * number('page_size'), freeOnDisk(folder)) >= worthBytes;
  } catch {
    return false;
  }
}
