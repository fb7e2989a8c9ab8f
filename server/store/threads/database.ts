// Opens the database of a data folder. From one that cannot be read a new one is made; the damaged one is kept beside it.
import { closeSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../refusal.ts';
import { hasBodyFiles } from '../files/body-files.ts';
import { createPrivateFile } from '../files/folder.ts';
import { bodiesFolder, databaseFile, sizeOf } from '../files/places.ts';
import { finishReplacing, replaceDamaged, type Places } from '../salvage/replace.ts';
import { openConnection, type Connection, type ConnectionOptions } from '../sqlite/connection.ts';
import { damaged, failureOf, isDamage, isMalformedJson } from '../sqlite/failures.ts';
import { migrate } from '../sqlite/schema.ts';

/** Says that the last run came upon damage. */
const suspectFile = (folder: string): string => join(folder, 'mailscope.db.suspect');

export interface OpenedDatabase<T> {
  connection: Connection;
  storeId: string;
  notices: string[];
  prepared: T;
}

/** A small database is looked through whole; of a large one the ends of each table are read. */
const wholeCheckBytes = 16 * 1024 * 1024;

/** `prepare` is the first that is done with it, and may come upon damage, too. */
export function openDatabase<T>(
  folder: string,
  options: ConnectionOptions,
  prepare: (connection: Connection) => T,
): OpenedDatabase<T> {
  const places: Places = { folder, database: databaseFile(folder), bodies: bodiesFolder(folder) };
  finishReplacing(places);
  try {
    return { ...openChecked(folder, options, prepare), notices: [] };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const notice = replace(places, error);
    return { ...openChecked(folder, options, prepare), notices: [notice] };
  }
}

/** The next start looks through the whole database, whatever its size. */
export function suspectDamage(folder: string, error: unknown): void {
  if (!isDamage(error)) return;
  try {
    writeFileSync(suspectFile(folder), `${(error as { code: string }).code}\n`, { mode: 0o600 });
  } catch {
    // Then it looks as usual.
  }
}

function openChecked<T>(
  folder: string,
  options: ConnectionOptions,
  prepare: (connection: Connection) => T,
): Omit<OpenedDatabase<T>, 'notices'> {
  const file = databaseFile(folder);
  createPrivateFile(file);
  checkHeader(folder);
  const connection = openConnection(file, options);
  try {
    const storeId = migrate(connection, file);
    checkContent(connection, folder, statSync(file).size);
    const prepared = prepare(connection);
    rmSync(suspectFile(folder), { force: true });
    return { connection, storeId, prepared };
  } catch (error) {
    connection.db.close();
    throw error;
  }
}

/**
 * SQLite takes a file of less than a page for an empty one, and would write over it. Beside an empty one it would delete
 * the write-ahead log, and all bodies would be taken for orphans.
 */
function checkHeader(folder: string): void {
  const file = databaseFile(folder);
  const found = statSync(file);
  if (!found.isFile())
    throw new Refusal(`The database ${file} cannot be used. It is no file. Give another folder with --data.`);
  const size = found.size;
  if (size === 0) {
    if (sizeOf(`${file}-wal`) > 0 || hasBodyFiles(bodiesFolder(folder))) throw damaged('the file is empty');
    return;
  }
  const header = Buffer.alloc(100);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, header, 0, 100, 0);
  } finally {
    closeSync(handle);
  }
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0' || size < 512)
    throw damaged('file is not a database');
  const wrong = ownVersions.find(({ at, most }) => header[at]! > most);
  if (wrong !== undefined && header.toString('latin1', 68, 72) === 'MSCP')
    throw damaged(`the header gives ${wrong.what} that is none of SQLite`);
}

/** What it may say of itself: of more SQLite says that it cannot be written, or that it is of a newer SQLite. */
const ownVersions = [
  { at: 18, most: 2, what: 'a version for writing' },
  { at: 47, most: 4, what: 'a format of the schema' },
];

function checkContent({ db }: Connection, folder: string, size: number): void {
  const suspicion = readSuspicion(folder);
  // The check of SQLite sees not all that can be wrong with a full-text table.
  if (suspicion.startsWith('SQLITE_CORRUPT_VTAB')) throw damaged('the search index is malformed');
  if (suspicion !== '' || size <= wholeCheckBytes) {
    const found = check(db);
    if (found !== 'ok') throw damaged(found);
    return;
  }
  // Of the full-text tables those are looked at in which they keep what they have.
  const plain =
    "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL TABLE%'";
  const tables = db.prepare(plain).all() as { name: string; sql: string }[];
  const firstOfKey = db.prepare('SELECT name FROM pragma_table_info(?) WHERE pk = 1').pluck();
  for (const { name, sql } of tables) {
    // By the key as it lies, or all of a large table would be read and sorted.
    const key = /WITHOUT ROWID/i.test(sql) ? `"${String(firstOfKey.get(name))}"` : 'rowid';
    for (const order of ['', ' DESC'])
      db.prepare(`SELECT 1 FROM "${name}" ORDER BY ${key}${order} LIMIT 1`).get();
  }
}

/** The quick check does not look whether an index has what its table has. */
function check(db: Connection['db']): string {
  try {
    return String(db.pragma('integrity_check(1)', { simple: true }));
  } catch (error) {
    // What a damaged event is of, which an index has, cannot be computed of it any more: it is repaired where it is come upon.
    if (!isMalformedJson(error)) throw error;
    return String(db.pragma('quick_check(1)', { simple: true }));
  }
}

function readSuspicion(folder: string): string {
  try {
    return readFileSync(suspectFile(folder), 'utf8');
  } catch {
    return '';
  }
}

/** Returns what is to be told of it. */
function replace(places: Places, damage: unknown): string {
  const { folder, database } = places;
  const why = (damage instanceof Error ? damage.message : String(damage)).replaceAll(/\s+/g, ' ');
  try {
    const { messages, sessions, harmed, missing, files, aside } = replaceDamaged(places);
    rmSync(suspectFile(folder), { force: true });
    const lost = [
      ...(harmed > 0 ? [`${count(harmed, 'message')} could be read only in part`] : []),
      ...(missing > 0 ? [`${count(missing, 'message')} could not be found`] : []),
    ].join(', ');
    const more = lost === '' ? '' : ` ${lost}; "sqlite3 ${aside} .recover" may get more.`;
    const moved =
      files.count === 0 ? '' : ` ${count(files.count, 'file')} of other messages moved to ${files.to}.`;
    return (
      `The database ${database} was damaged (${why}). ${count(messages, 'message')} and ` +
      `${count(sessions, 'session')} were taken over into a new one.${more} The damaged one was moved to ${aside}, ` +
      `nothing of it was deleted.${moved}`
    );
  } catch (error) {
    if (failureOf(error).code !== 'storage_full') throw error;
    throw new Refusal(
      `The database ${database} is damaged (${why}). To take its messages over into a new one there is not enough ` +
        'room on the disk, so nothing was changed. Free as much as the data folder takes, and start again.',
      { cause: error },
    );
  }
}

const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
