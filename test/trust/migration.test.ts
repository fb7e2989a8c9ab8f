// A migration that is broken off: the file is of the old schema or of the new one, with its data, and the next start ends it.
import Database from 'better-sqlite3';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openConnection, type Connection } from '../../server/store/connection.ts';
import { migrate, newestVersion } from '../../server/store/schema.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

/** As `migrate` leaves it after so many of its steps. */
function makeOld(file: string, version: number): void {
  const connection = openConnection(file);
  let done = 0;
  const { db } = connection;
  // The step after the last wanted one fails.
  const transaction = ((run: () => void) => {
    if (done++ === version) throw new Error('far enough');
    return db.transaction(run);
  }) as Database.Database['transaction'];
  expect(() =>
    migrate(
      {
        ...connection,
        db: { ...methodsOf(db), exec: db.exec.bind(db), transaction } as unknown as Connection['db'],
      },
      file,
    ),
  ).toThrow('far enough');
  db.exec(
    `INSERT INTO session (seq, id, opened_us, outcome, listener, peer, bytes, summary, facts)
     VALUES (1, 's_old', 1, 'captured', 'smtp', '127.0.0.1', 0, '{}', '{}')`,
  );
  db.close();
}

const schemaOf = (file: string): string[] => {
  const db = new Database(file);
  const rows = db.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name').pluck().all();
  db.close();
  return rows as string[];
};

test('killed at any statement of any step, the schema is the old or the new one, and the next start ends it', () => {
  const folder = temporaryFolder();
  const fresh = join(folder, 'fresh.db');
  const made = openConnection(fresh);
  migrate(made, fresh);
  made.db.close();
  const newest = schemaOf(fresh);
  let kills = 0;
  for (let version = 1; version < newestVersion; version++) {
    const old = join(folder, `old-${version}.db`);
    makeOld(old, version);
    const before = schemaOf(old);
    for (let statement = 1; ; statement++) {
      const file = join(folder, `killed-${version}-${statement}.db`);
      cpSync(old, file);
      if (!killAt(file, statement)) break;
      kills++;
      const db = new Database(file);
      const found = db.pragma('user_version', { simple: true });
      db.close();
      expect(found).toBeGreaterThanOrEqual(version);
      if (found === version) expect(schemaOf(file)).toEqual(before);
      const again = openConnection(file);
      migrate(again, file);
      expect(again.db.prepare('SELECT id FROM session').pluck().all()).toEqual(['s_old']);
      expect(again.db.pragma('integrity_check', { simple: true })).toBe('ok');
      again.db.close();
      expect(schemaOf(file)).toEqual(newest);
    }
  }
  expect(kills).toBeGreaterThan(20);
}, 60_000);

/** Does what a kill before the n-th statement does: what is open is never committed. False where there are fewer. */
function killAt(file: string, statement: number): boolean {
  const connection = openConnection(file);
  const { db } = connection;
  let count = 0;
  const killed = new Error('killed');
  const exec = (sql: string): Database.Database => {
    for (const each of sql.split(/;\s*\n/).filter((text) => text.trim() !== '')) {
      if (++count === statement) throw killed;
      db.exec(each);
    }
    return db;
  };
  try {
    migrate({ ...connection, db: { ...methodsOf(db), exec } as unknown as Connection['db'] }, file);
    return false;
  } catch (error) {
    if (error !== killed) throw error;
    return true;
  } finally {
    db.close();
  }
}

const methodsOf = (db: Database.Database) => ({
  pragma: db.pragma.bind(db),
  prepare: db.prepare.bind(db),
  transaction: db.transaction.bind(db),
});
