// Full-text tables that are to be emptied, and are too large for it to be done at once: an empty one takes their place
// and name, and their rows go in steps.
import { overwriting } from '../sqlite/overwriting.ts';
import type { Writing } from '../sqlite/writing.ts';
import { fullTextTables, type FullTextTable } from './segments.ts';

const aside = (table: string): string => `gone_${table}`;

const isAside = ({ sql }: Writing, table: FullTextTable): boolean =>
  sql("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(aside(table)) !== undefined;

export const isAnyAside = (writing: Writing): boolean =>
  fullTextTables.some((table) => isAside(writing, table));

export function setAside({ db }: Writing, table: FullTextTable): void {
  const made = db.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(table) as string;
  // As integers: FTS5 refuses numbers of another kind.
  const settings = db
    .prepare(`SELECT k, v FROM ${table}_config WHERE k <> 'version'`)
    .safeIntegers()
    .raw()
    .all();
  db.exec(`ALTER TABLE ${table} RENAME TO ${aside(table)}; ${made}`);
  const set = db.prepare(`INSERT INTO ${table} (${table}, rank) VALUES (?, ?)`);
  for (const setting of settings) set.run(setting);
}

/** What FTS5 keeps of itself in the first rows is left to it. */
const partsOf = (table: string): { name: string; key: string; rest: string }[] => [
  { name: `${table}_data`, key: 'id', rest: 'WHERE id > 10' },
  { name: `${table}_idx`, key: 'segid, term', rest: '' },
  { name: `${table}_docsize`, key: 'id', rest: '' },
];

/** One step; true when more is to be done. Nothing of it can be read in the file after. */
export function dropAsideStep(writing: Writing, { rows }: { rows: number }): boolean {
  const { db } = writing;
  const table = fullTextTables.find((each) => isAside(writing, each));
  if (table === undefined) return false;
  // Else SQLite lets none but FTS5 write to its tables.
  db.unsafeMode(true);
  try {
    overwriting(writing, () => dropSome(writing, table, rows));
    return true;
  } finally {
    db.unsafeMode(false);
  }
}

function dropSome(writing: Writing, table: FullTextTable, rows: number): void {
  const { db } = writing;
  for (const { name, key, rest } of partsOf(aside(table))) {
    const some = `SELECT ${key} FROM ${name} ${rest} LIMIT ?`;
    const { changes } = db.prepare(`DELETE FROM ${name} WHERE (${key}) IN (${some})`).run(rows);
    if (changes > 0) return;
  }
  db.exec(`DROP TABLE ${aside(table)}`);
  writing.emptyLog = true;
}
