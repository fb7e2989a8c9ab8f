// Makes a folder and those above it, for this user alone. Node's own way to make several never returns where a folder
// exists in which the system lets none be made and says that it is not there (ENOENT), as in /proc.
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './error-code.ts';

/** False when it is there already; a file in its place is EEXIST, as with mkdir. */
export function makeFolder(folder: string): boolean {
  const isMade = make(folder);
  if (!isMade && !statSync(folder).isDirectory())
    throw Object.assign(new Error(`${folder} is a file`), { code: 'EEXIST', path: folder });
  return isMade;
}

function make(folder: string): boolean {
  if (existsSync(folder)) return false;
  const above = dirname(folder);
  if (above !== folder) make(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    // Another process may have been quicker.
    if (existsSync(folder)) return false;
    if (codeOf(error) !== 'EEXIST') throw error;
    throw Object.assign(new Error(`${folder} is a link to what is not there`), {
      code: 'ENOENT',
      path: folder,
    });
  }
}
