// Opens the database of a data folder. One that cannot be read is moved aside, never wiped.
import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openConnection, type Connection, type ConnectionOptions } from './connection.ts';
import { isDamage } from './failures.ts';
import { createPrivateFile, prepareFolder } from './folder.ts';
import { migrate } from './schema.ts';

export const databaseFile = (folder: string): string => join(folder, 'mailscope.db');
export const bodiesFolder = (folder: string): string => join(folder, 'bodies');

export interface OpenedDatabase {
  connection: Connection;
  storeId: string;
  notices: string[];
}

/** A small database is looked through whole; of a large one the ends of each table are read. */
const wholeCheckBytes = 16 * 1024 * 1024;

export function openDatabase(folder: string, options: ConnectionOptions): OpenedDatabase {
  const file = databaseFile(folder);
  try {
    return { ...openChecked(file, options), notices: [] };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const why = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ');
    const aside = moveAside(folder);
    const notice =
      `The database ${file} is damaged (${why}). It and its bodies were moved to ${aside}, nothing of it was ` +
      `deleted, and a new one was started. "sqlite3 ${aside} .recover" may get messages back.`;
    return { ...openChecked(file, options), notices: [notice] };
  }
}

function openChecked(file: string, options: ConnectionOptions): Omit<OpenedDatabase, 'notices'> {
  createPrivateFile(file);
  checkHeader(file);
  const connection = openConnection(file, options);
  try {
    const storeId = migrate(connection, file);
    checkContent(connection, statSync(file).size);
    return { connection, storeId };
  } catch (error) {
    connection.db.close();
    throw error;
  }
}

const damaged = (text: string): Error => Object.assign(new Error(text), { code: 'SQLITE_NOTADB' });

/** SQLite takes a file of less than a page for an empty one, and would write over it. */
function checkHeader(file: string): void {
  const size = statSync(file).size;
  if (size === 0) return;
  const header = Buffer.alloc(16);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, header, 0, 16, 0);
  } finally {
    closeSync(handle);
  }
  if (header.toString('latin1') !== 'SQLite format 3\0' || size < 512)
    throw damaged('file is not a database');
}

function checkContent({ db }: Connection, size: number): void {
  if (size <= wholeCheckBytes) {
    const found = db.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw damaged(String(found));
    return;
  }
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
  for (const table of tables) {
    for (const order of ['', ' DESC'])
      db.prepare(`SELECT 1 FROM "${table}" ORDER BY 1${order} LIMIT 1`).get();
  }
}

/** The bodies go along: to a new database they would all be orphans. */
function moveAside(folder: string): string {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const free = (name: string): string => {
    let aside = join(folder, `${name}.corrupt-${stamp}`);
    for (let n = 2; existsSync(aside); n += 1) aside = join(folder, `${name}.corrupt-${stamp}-${String(n)}`);
    return aside;
  };
  const aside = free('mailscope.db');
  renameSync(databaseFile(folder), aside);
  for (const suffix of ['-wal', '-shm']) {
    const beside = databaseFile(folder) + suffix;
    if (existsSync(beside)) renameSync(beside, aside + suffix);
  }
  renameSync(bodiesFolder(folder), free('bodies'));
  prepareFolder(folder);
  return aside;
}
