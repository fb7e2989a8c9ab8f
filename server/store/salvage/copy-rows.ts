// Takes what can be read of a damaged database over into a new one. What is derived from it is made anew.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from '../sqlite/connection.ts';
import { openPages, type Pages } from './pages.ts';
import type { Value } from './record.ts';
import { findTrees, readRows } from './tree.ts';

export interface Salvaged {
  messages: number;
  sessions: number;
  /** Messages of which a part was found, but not all. */
  harmed: number;
  /** Messages of which nothing was found, as far as the number of all could be read. */
  missing: number;
}

/** The tables that hold what cannot be made anew, and their columns of JSON. */
const tables: Record<string, string[]> = {
  session: ['summary', 'facts'],
  smtp_transaction: ['record'],
  transcript: ['content'],
  session_blob: [],
  body: [],
  message: ['rcpt_to', 'header_from', 'header_to', 'envelope'],
  message_inbox: [],
  message_tag: [],
  inbox: ['definition'],
  inbox_token: ['definition'],
  session_inbox: [],
  fault: ['definition'],
  issue: ['definition'],
};

interface Table {
  name: string;
  root: number;
  columns: string[];
  /** The place of the column that is the rowid; -1: none. */
  key: number;
  json: number[];
}

const rowsOfCommit = 500;

/** `target` is a new database with the newest schema; `bodies` the folder of the body files that belong to both. */
export function copyRows(damaged: string, target: Connection, bodies: string): Salvaged {
  using pages = openPages(damaged);
  const rootOf = findRoots(pages, target);
  const trees = findTrees(pages, [...new Set(rootOf.values())]);
  for (const table of Object.keys(tables).map((name) => describe(target, name, rootOf.get(name) ?? 0)))
    copyTable(pages, trees.get(table.root) ?? [], table, target);
  return settle(target, bodies, countIn(pages, trees.get(rootOf.get('counter') ?? 0) ?? []));
}

/** How many messages the damaged file says that it has, without those deleted; 0 where that cannot be read. */
function countIn(pages: Pages, numbers: number[]): number {
  for (const { values } of readRows(pages, numbers)) {
    const [name, value] = values;
    if (name === 'messages' && typeof value === 'number') return value;
  }
  return 0;
}

/**
 * Where each table begins: as the damaged file says itself, or, where that cannot be read, as in a new one. With
 * auto_vacuum SQLite keeps the roots in front, in the order in which the tables were made, so they agree.
 */
function findRoots(pages: Pages, target: Connection): Map<string, number> {
  const usual = target.db
    .prepare<[], { name: string; rootpage: number }>(
      'SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0',
    )
    .all();
  const roots = new Map(usual.map(({ name, rootpage }) => [name, rootpage]));
  const own = findTrees(pages, [1]).get(1) ?? [];
  for (const { values } of readRows(pages, own)) {
    const [type, name, , root] = values;
    if (
      (type === 'table' || type === 'index') &&
      typeof name === 'string' &&
      typeof root === 'number' &&
      root > 1
    )
      roots.set(name, root);
  }
  roots.set('sqlite_schema', 1);
  return roots;
}

function describe({ db }: Connection, name: string, root: number): Table {
  const infos = db.pragma(`table_info(${name})`) as { name: string; type: string; pk: number }[];
  const columns = infos.map((info) => info.name);
  const keys = infos.filter(({ pk }) => pk > 0);
  const isRowid = keys.length === 1 && keys[0]!.type === 'INTEGER';
  return {
    ...{ name, root, columns },
    key: isRowid ? columns.indexOf(keys[0]!.name) : -1,
    json: tables[name]!.map((column) => columns.indexOf(column)),
  };
}

function copyTable(pages: Pages, numbers: number[], table: Table, { db, sql }: Connection): void {
  let open = 0;
  const commit = (): void => {
    if (open > 0) sql('COMMIT').run();
    open = 0;
  };
  try {
    for (const { rowid, values } of readRows(pages, numbers)) {
      if (table.key >= 0) values[table.key] = rowid;
      if (!isWhole(table, values)) continue;
      const columns = table.columns.slice(0, values.length);
      const marks = columns.map(() => '?').join();
      if (open === 0) sql('BEGIN IMMEDIATE').run();
      open += 1;
      try {
        sql(`INSERT OR IGNORE INTO ${table.name} (${columns.join()}) VALUES (${marks})`).run(...values);
      } catch (error) {
        // A value that its column cannot have was damaged; a full disk is another matter.
        if (!String((error as { code?: unknown }).code).startsWith('SQLITE_CONSTRAINT')) throw error;
      }
      if (open >= rowsOfCommit) commit();
    }
    commit();
  } catch (error) {
    if (db.inTransaction) sql('ROLLBACK').run();
    throw error;
  }
}

function isWhole({ columns, json }: Table, values: Value[]): boolean {
  if (values.length === 0 || values.length > columns.length) return false;
  return json.every((column) => {
    try {
      return typeof JSON.parse(String(values[column])) === 'object';
    } catch {
      return false;
    }
  });
}

/** Removes what has lost what it belongs to, has all derived anew, and counts. */
function settle({ db, sql }: Connection, bodies: string, told: number): Salvaged {
  const number = (text: string): number => sql<{ n: number }>(`SELECT coalesce((${text}), 0) AS n`).get()!.n;
  const inFile = sql<{ seq: number; size: number; file: string }>(
    'SELECT seq, size, file FROM body WHERE file IS NOT NULL',
  ).all();
  return db.transaction(() => {
    for (const { seq, size, file } of inFile)
      if (sizeOf(join(bodies, file)) !== size) sql('DELETE FROM body WHERE seq = ?').run(seq);
    sql('DELETE FROM body WHERE file IS NULL AND coalesce(length(bytes), 0) <> size').run();
    const harmed = number('SELECT count(*) FROM (SELECT seq FROM body UNION SELECT seq FROM message)');
    sql('DELETE FROM body WHERE seq NOT IN (SELECT seq FROM message)').run();
    sql('DELETE FROM message WHERE seq NOT IN (SELECT seq FROM body)').run();
    for (const table of ['message_inbox', 'message_tag'])
      sql(`DELETE FROM ${table} WHERE seq NOT IN (SELECT seq FROM message)`).run();
    for (const table of ['smtp_transaction', 'transcript', 'session_blob', 'session_inbox'])
      sql(`DELETE FROM ${table} WHERE session NOT IN (SELECT seq FROM session)`).run();
    sql(`INSERT INTO message_inbox (seq, inbox, read, pinned) SELECT seq, 'default', 0, 0 FROM message
         WHERE seq NOT IN (SELECT seq FROM message_inbox)`).run();
    // Parsed anew, but not for the first time, where the parse was saved.
    sql(`UPDATE message SET derived_version = iif(parse = 'parsed', -1, 0)`).run();
    sql("UPDATE message SET parse = 'pending', searched = 0").run();
    sql(`UPDATE session SET searched = 0, bytes = iif(closed_us IS NULL, 0,
           coalesce((SELECT sum(octet_length(content)) FROM transcript WHERE session = seq), 0) +
           coalesce((SELECT sum(length(bytes)) FROM session_blob WHERE session = seq), 0))`).run();
    const live = 'SELECT seq, min(read) AS read FROM message_inbox WHERE deleted_us IS NULL GROUP BY seq';
    const counters: Record<string, number> = {
      messages: number(`SELECT count(*) FROM (${live})`),
      unread: number(`SELECT sum(read = 0) FROM (${live})`),
      sessions: number('SELECT count(*) FROM session'),
      messageBytes: number(`SELECT sum(size) FROM (${live}) JOIN message USING (seq)`),
      transcriptBytes:
        number('SELECT sum(octet_length(content)) FROM transcript') +
        number('SELECT sum(length(bytes)) FROM session_blob'),
      // Above what inboxes remember of the log of events, which begins anew.
      eventSeq: number('SELECT max(since_seq) FROM inbox'),
      sessionSeq: number('SELECT max(seq) FROM session'),
      inboxes: number("SELECT count(*) FROM inbox WHERE name <> 'default'"),
    };
    for (const [name, value] of Object.entries(counters))
      sql('INSERT OR REPLACE INTO counter (name, value) VALUES (?, ?)').run(name, value);
    const messages = number('SELECT count(*) FROM message');
    const found = counters['messages']! + harmed - messages;
    return {
      messages,
      sessions: counters['sessions']!,
      harmed: harmed - messages,
      missing: Math.max(0, told - found),
    };
  })();
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return -1;
  }
}
