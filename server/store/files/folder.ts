// The data folder: made, checked and locked before anything in it is touched.
import Database from 'better-sqlite3';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { codeOf } from '../../error-code.ts';
import { makeFolder } from '../../make-folder.ts';
import { Refusal } from '../../refusal.ts';

const whys: Record<string, string> = {
  EACCES: 'This user has no permission to create or write it.',
  EPERM: 'This user has no permission to create or write it.',
  EROFS: 'The file system is mounted read-only.',
  ENOTDIR: 'A part of its path is a file.',
  EEXIST: 'It is a file.',
  ENOENT: 'The drive or a part of its path does not exist.',
  ENOSPC: 'The disk has no room left.',
};

/** Of the folder, or of a file in it that the system could not open. */
export function cannotUse(folder: string, error: unknown): Refusal {
  // The driver is loaded at its first use, which is here.
  if (codeOf(error) === 'ERR_DLOPEN_FAILED' || /bindings file/.test(String(error)))
    return new Refusal(
      `The SQLite driver cannot be loaded. It was built for another Node than ${process.version}, or not at all. Run "npm rebuild better-sqlite3", or install again.`,
      { cause: error },
    );
  const why = whys[codeOf(error)] ?? (error instanceof Error ? `${error.message}.` : '');
  const file = error instanceof Error && 'path' in error ? String(error.path) : folder;
  const what = file.startsWith(join(folder, sep)) ? `The file ${file}` : `The data folder ${folder}`;
  return new Refusal(
    `${what} cannot be used. ${why} ` +
      'Give a folder that can be written with --data, or --data :memory: to keep nothing.',
    { cause: error },
  );
}

export function prepareFolder(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    makeFolder(join(folder, 'bodies', 'tmp'));
  } catch (error) {
    throw cannotUse(folder, error);
  }
}

/**
 * Takes the folder for this process; returns how to give it back. The lock is one of the operating system on
 * `lock.db`, so it goes with the process, however that ends.
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'lock.db');
  const pidFile = join(folder, 'lock.pid');
  let lock: Database.Database | null = null;
  try {
    createPrivateFile(file);
    lock = new Database(file, { timeout: 0 });
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
    tellPid(pidFile);
  } catch (error) {
    lock?.close();
    if (codeOf(error) === 'SQLITE_NOTADB')
      throw new Refusal(
        `The data folder ${folder} cannot be used. Its lock.db was written by another program. ` +
          'No mail is in that file: delete it while no Mailscope runs on this folder, and start again.',
        { cause: error },
      );
    if (!codeOf(error).startsWith('SQLITE_BUSY')) throw cannotUse(folder, error);
    const pid = (existsSync(pidFile) && readFileSync(pidFile, 'utf8').trim()) || 'unknown';
    throw new Refusal(
      `The data folder ${folder} is in use. Another Mailscope (process ${pid}) has it open. ` +
        'Stop that one, or give this one a folder of its own with --data.',
      { cause: error },
    );
  }
  const held = lock;
  return () => {
    rmSync(pidFile, { force: true });
    held.close();
  };
}

/**
 * SQLite gives its further files the mode of the first. One that exists is not opened here: closing any handle to a
 * locked file drops the lock of the whole process (POSIX).
 */
export function createPrivateFile(file: string): void {
  if (existsSync(file)) return;
  writeFileSync(file, '', { flag: 'a', mode: 0o600 });
}

/** Only a help for people: a disk without room for it is no reason not to start. */
function tellPid(file: string): void {
  try {
    writeFileSync(file, `${String(process.pid)}\n`, { mode: 0o600 });
  } catch {
    rmSync(file, { force: true });
  }
}

/** A file's name lasts only once its folder is synced. Windows can not, and need not. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
