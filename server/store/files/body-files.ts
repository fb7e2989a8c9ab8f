// Bodies that are too large for a row: files that a row names.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Connection } from '../sqlite/connection.ts';
import type { Writing } from '../sqlite/writing.ts';
import { syncFolder } from './folder.ts';

export const temporaryFolder = (bodies: string): string => join(bodies, 'tmp');

/** Moves a synced temporary file to its place, before the commit of the row that names it. Returns that name. */
export function placeBodyFile(writing: Writing, temporary: string, id: string): string {
  const { bodies, undo } = writing;
  if (bodies === null || !/^[A-Za-z0-9_-]{1,64}$/.test(id))
    throw new Error(`${id} cannot be the name of a file`);
  const folder = id.slice(-2).toLowerCase();
  const path = join(bodies, folder, id);
  if (!existsSync(join(bodies, folder))) {
    mkdirSync(join(bodies, folder), { mode: 0o700 });
    syncFolder(bodies);
  }
  // An id that is taken fails at its row; its file must not be written over before.
  if (existsSync(path)) throw Object.assign(new Error(`${id} exists`), { code: 'SQLITE_CONSTRAINT_UNIQUE' });
  renameSync(temporary, path);
  undo.push(() => {
    renameSync(path, temporary);
  });
  syncFolder(dirname(path));
  return `${folder}/${id}`;
}

/** After the commit that removed their rows. What is left by a crash in between goes at the next start. */
export async function removeBodyFiles(bodies: string, files: string[]): Promise<void> {
  for (const file of files) await unlink(join(bodies, file)).catch(() => undefined);
}

/** Whether there is a file of a message; of those in the temporary folder none ever was. */
export const hasBodyFiles = (bodies: string): boolean =>
  readdirSync(bodies, { withFileTypes: true }).some(
    (folder) =>
      folder.isDirectory() && folder.name !== 'tmp' && readdirSync(join(bodies, folder.name)).length > 0,
  );

/** At start: removes temporary files, and files whose message was never committed or is gone. */
export function sweepBodyFiles({ sql }: Connection, bodies: string): number {
  let removed = 0;
  const known = sql('SELECT 1 FROM body WHERE file = ?');
  for (const folder of readdirSync(bodies, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    for (const name of readdirSync(join(bodies, folder.name))) {
      if (folder.name !== 'tmp' && known.get(`${folder.name}/${name}`) !== undefined) continue;
      rmSync(join(bodies, folder.name, name), { force: true, recursive: true });
      removed += 1;
    }
  }
  return removed;
}
