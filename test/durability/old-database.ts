// A database as an earlier version left it: its tables, and in them the mail, sessions and events of a store of today.
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import { openConnection, type Connection } from '../../server/store/sqlite/connection.ts';
import { migrate } from '../../server/store/sqlite/schema.ts';
import { digest } from './mail-storm.ts';

type Row = Record<string, unknown>;

/** All that is more than a reading of something else; the tables of the search are made again. */
const facts = [
  'meta',
  'counter',
  'session',
  'smtp_transaction',
  'transcript',
  'session_blob',
  'message',
  'message_detail',
  'message_inbox',
  'message_tag',
  'body',
  'event',
];
/** The step to this one is the last that has all mail taken up into the index again; what is older says that it is in it. */
const newestIndex = 12;

export const methodsOf = (db: Database.Database) => ({
  pragma: db.pragma.bind(db),
  prepare: db.prepare.bind(db),
  transaction: db.transaction.bind(db),
  exec: db.exec.bind(db),
});

/** `file` as `migrate` leaves it after so many of its steps, with what `original` holds. */
export function makeOld(file: string, version: number, original: string): void {
  const connection = openConnection(file);
  let done = 0;
  const { db } = connection;
  // The step after the last wanted one fails.
  const transaction = ((run: () => void) => {
    if (done++ === version) throw new Error('far enough');
    return db.transaction(run);
  }) as Database.Database['transaction'];
  const stopped = { ...methodsOf(db), transaction } as unknown as Connection['db'];
  expect(() => migrate({ ...connection, db: stopped }, file)).toThrow('far enough');
  db.prepare('ATTACH ? AS original').run(original);
  for (const table of facts) {
    const shared = columnsOf(db, 'main', table).filter((name) =>
      columnsOf(db, 'original', table).includes(name),
    );
    if (shared.length === 0) continue;
    const columns = shared.join();
    db.exec(`INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM original.${table}`);
  }
  db.exec('DETACH original');
  if (version === 0) {
    db.close();
    return;
  }
  // What later steps add is not yet there.
  if (version < 2)
    db.exec(`UPDATE event SET payload = json_remove(payload, '$.message.tags') WHERE type LIKE 'message:%'`);
  if (version < 4)
    db.exec(`UPDATE session SET summary = json_remove(summary, '$.inboxes');
      UPDATE event SET payload = json_remove(payload, '$.session.inboxes') WHERE type = 'session:closed'`);
  if (version >= 2)
    db.exec(
      `UPDATE message SET searched = ${version < newestIndex ? 1 : 0}; UPDATE session SET searched = 0`,
    );
  db.close();
}

const columnsOf = (db: Database.Database, schema: string, table: string): string[] =>
  db.prepare('SELECT name FROM pragma_table_info(?, ?)').pluck().all(table, schema) as string[];

/** Of which columns depend on what else there is, and not on what was received. */
const derived = new Set(['searched', 'codes', 'header_to']);

/** All rows of the tables that hold facts, as they are to be found again. */
export function factsIn(file: string): Record<string, Row[]> {
  const db = new Database(file, { readonly: true });
  try {
    const rowsOf = (table: string): Row[] => {
      const rows = db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all() as Row[];
      return rows.map((row) =>
        Object.fromEntries(Object.entries(row).flatMap(([name, value]) => readColumn(name, value))),
      );
    };
    return Object.fromEntries(facts.map((table) => [table, rowsOf(table)]));
  } finally {
    db.close();
  }
}

function readColumn(name: string, value: unknown): [string, unknown][] {
  if (derived.has(name)) return [];
  if (Buffer.isBuffer(value)) return [[name, digest(value)]];
  return [[name, name === 'summary' || name === 'payload' ? JSON.parse(String(value)) : value]];
}
