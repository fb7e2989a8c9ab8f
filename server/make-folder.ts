// Makes a folder and those above it, for this user alone. Node's own way to make several never returns where a folder
// exists in which the system lets none be made and says that it is not there (ENOENT), as in /proc.
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** False when it is there already. */
export function makeFolder(folder: string): boolean {
  if (existsSync(folder)) return false;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    // Another process may have been quicker.
    if (existsSync(folder)) return false;
    throw error;
  }
}
