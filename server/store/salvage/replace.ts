// Puts a new database, with what could be saved, in the place of a damaged one. Nothing of the damaged one is deleted,
// and a crash at any moment leaves either it or the new one in place, from where the next start goes on.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createPrivateFile, syncFolder } from '../files/folder.ts';
import { openConnection, type Connection } from '../sqlite/connection.ts';
import { migrate } from '../sqlite/schema.ts';
import { copyRows, type Salvaged } from './copy-rows.ts';

export interface Places {
  folder: string;
  database: string;
  bodies: string;
}

const besides = ['-wal', '-shm'];

export interface Replaced extends Salvaged {
  /** Where the damaged database lies now. */
  aside: string;
  /** Of messages that could not be taken over. */
  files: { count: number; to: string };
}

export function replaceDamaged(places: Places): Replaced {
  const making = join(places.folder, 'mailscope.db.recovering');
  for (const suffix of ['', ...besides]) rmSync(making + suffix, { force: true });
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  createPrivateFile(making);
  const target = openConnection(making);
  let salvaged: Salvaged & Pick<Replaced, 'files'>;
  try {
    migrate(target, making);
    const to = freeName(places.folder, `bodies.corrupt-${stamp}`);
    salvaged = {
      ...copyRows(places.database, target, places.bodies),
      files: { count: moveBodiesAside(places.bodies, target, to), to },
    };
  } finally {
    target.db.close();
  }
  renameSync(making, recovered(places));
  syncFolder(places.folder);
  return { ...salvaged, aside: finishReplacing(places, stamp)! };
}

const recovered = ({ folder }: Places): string => join(folder, 'mailscope.db.recovered');

/** Also at start, where a crash came in between. Null where there is nothing to finish. */
export function finishReplacing(places: Places, stamp = 'earlier'): string | null {
  if (!existsSync(recovered(places))) return null;
  const aside = freeName(places.folder, `mailscope.db.corrupt-${stamp}`);
  // The log first: it must not be taken for that of the new one.
  for (const suffix of [...besides, '']) {
    const from = places.database + suffix;
    if (existsSync(from)) renameSync(from, aside + suffix);
  }
  syncFolder(places.folder);
  renameSync(recovered(places), places.database);
  syncFolder(places.folder);
  return aside;
}

/** Those that the new database does not name: at its start they would be swept away. */
function moveBodiesAside(bodies: string, { sql }: Connection, aside: string): number {
  let count = 0;
  const known = sql('SELECT 1 FROM body WHERE file = ?');
  for (const folder of readdirSync(bodies, { withFileTypes: true })) {
    if (!folder.isDirectory() || folder.name === 'tmp') continue;
    for (const name of readdirSync(join(bodies, folder.name))) {
      if (known.get(`${folder.name}/${name}`) !== undefined) continue;
      mkdirSync(join(aside, folder.name), { recursive: true, mode: 0o700 });
      renameSync(join(bodies, folder.name, name), join(aside, folder.name, name));
      count += 1;
    }
  }
  return count;
}

function freeName(folder: string, name: string): string {
  let free = join(folder, name);
  for (let n = 2; existsSync(free); n += 1) free = join(folder, `${name}-${String(n)}`);
  return free;
}
