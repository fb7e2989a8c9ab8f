// When the write-ahead log is written into the database.
import { join } from 'node:path';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { keepCheckpoints, writeLog } from '../../server/store/sqlite/checkpoints.ts';
import { checkpointPages, logBytes, openConnection } from '../../server/store/sqlite/connection.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** `tookMs` is what a checkpoint seems to take; `ask` is called for another thread. */
function openLog(tookMs: number, { largePages = 1e9, ask = () => {} } = {}) {
  const connection = openConnection(join(temporaryFolder(), 'test.db'));
  const { db } = connection;
  db.exec('CREATE TABLE page (bytes BLOB)');
  db.pragma('wal_checkpoint(TRUNCATE)');
  let atUs = 0;
  const checkpoints = keepCheckpoints(connection, { ask, now: () => (atUs += tookMs * 1000), largePages });
  const insert = db.prepare('INSERT INTO page VALUES (zeroblob(4000))');
  const commit = (pages: number): void => {
    db.transaction(() => {
      for (let n = 0; n < pages; n += 1) insert.run();
    })();
    checkpoints.committed();
  };
  /** Pages that are in the log alone. */
  const left = (): number => {
    const [state] = db.pragma('wal_checkpoint(NOOP)') as [{ log: number; checkpointed: number }];
    return state.log - state.checkpointed;
  };
  return { connection, commit, left, checkpoints };
}

test('the log is written into the database when it is long', () => {
  const { connection, commit, left } = openLog(10);
  commit(checkpointPages / 2);
  expect(left()).toBeGreaterThanOrEqual(checkpointPages / 2);
  commit(checkpointPages / 2);
  expect(left()).toBe(0);
  commit(checkpointPages / 2);
  expect(left()).toBeGreaterThanOrEqual(checkpointPages / 2);
  connection.db.close();
});

test('where that takes long, it is done sooner from then on, with less each time', () => {
  const { connection, commit, left } = openLog(600);
  commit(checkpointPages);
  expect(left()).toBe(0);
  commit(checkpointPages / 8);
  expect(left()).toBe(0);
  connection.db.close();
});

test('however long it takes, not each commit waits for one', () => {
  const { connection, commit, left } = openLog(60_000);
  for (let n = 0; n < 5; n += 1) commit(checkpointPages);
  commit(10);
  expect(left()).toBeGreaterThan(0);
  connection.db.close();
});

test('a reader that keeps the log from being written changes nothing of when it is done', () => {
  const { connection, commit, left } = openLog(10);
  const reader = openConnection(connection.db.name, { reader: true });
  reader.db.exec('BEGIN');
  reader.db.prepare('SELECT count(*) FROM page').get();
  commit(checkpointPages);
  expect(left()).toBeGreaterThan(0);
  reader.db.exec('COMMIT');
  commit(1);
  expect(left()).toBe(0);
  commit(checkpointPages / 4);
  expect(left()).toBeGreaterThan(0);
  reader.db.close();
  connection.db.close();
});

test('a log that became long while somebody read gives back what is beyond when it is begun anew', () => {
  const { connection, commit } = openLog(10);
  const { name: file } = connection.db;
  const reader = openConnection(file, { reader: true });
  reader.db.exec('BEGIN');
  reader.db.prepare('SELECT count(*) FROM page').get();
  commit(checkpointPages * 1.5);
  expect(statSync(`${file}-wal`).size).toBeGreaterThan(logBytes);
  reader.db.exec('COMMIT');
  for (let n = 0; n < 2; n += 1) commit(1);
  expect(statSync(`${file}-wal`).size).toBe(logBytes);
  reader.db.close();
  connection.db.close();
});

test('the log of a large database is written by another thread, and the writer only begins it anew', () => {
  let asked = 0;
  const { connection, commit, left } = openLog(10, { largePages: 1, ask: () => (asked += 1) });
  const other = openConnection(connection.db.name, { reader: true });
  commit(100);
  expect(asked).toBe(0);
  commit(checkpointPages);
  expect(asked).toBe(1);
  expect(left()).toBeGreaterThanOrEqual(checkpointPages);
  writeLog(other);
  expect(left()).toBe(0);
  commit(checkpointPages);
  writeLog(other);
  const { size } = statSync(`${connection.db.name}-wal`);
  commit(1);
  for (let n = 0; n < 4; n += 1) commit(100);
  expect(statSync(`${connection.db.name}-wal`).size).toBeLessThanOrEqual(size);
  expect(left()).toBeLessThan(1000);
  other.db.close();
  connection.db.close();
});

test('where the other thread does not come to it, the writer does it itself, later', () => {
  const { connection, commit, left } = openLog(10, { largePages: 1 });
  for (let n = 0; n < 4; n += 1) commit(checkpointPages);
  expect(left()).toBe(0);
  connection.db.close();
});

/** A thread that does the same all the time. */
async function startThread(file: string, work: 'reads' | 'writes the log'): Promise<AsyncDisposable> {
  const end = new Int32Array(new SharedArrayBuffer(4));
  const program = `const { parentPort, workerData } = require('node:worker_threads');
    const db = new (require(workerData.driver))(workerData.file);
    const read = db.prepare('SELECT sum(length(bytes)) FROM (SELECT bytes FROM page LIMIT 2000)');
    const work = workerData.work === 'reads' ? () => read.get() : () => db.pragma('wal_checkpoint(PASSIVE)');
    parentPort.postMessage(work());
    while (Atomics.load(workerData.end, 0) === 0) work();`;
  const driver = createRequire(import.meta.url).resolve('better-sqlite3');
  const worker = new Worker(program, { eval: true, workerData: { driver, file, end, work } });
  await new Promise((resolve) => worker.once('message', resolve));
  return {
    async [Symbol.asyncDispose]() {
      Atomics.store(end, 0, 1);
      await new Promise((resolve) => worker.once('exit', resolve));
    },
  };
}

test('where there is always somebody who reads, the log is begun anew all the same', async () => {
  const { connection, commit } = openLog(10);
  commit(2000);
  await using _first = await startThread(connection.db.name, 'reads');
  await using _second = await startThread(connection.db.name, 'reads');
  for (let n = 0; n < 300; n += 1) commit(100);
  expect(statSync(`${connection.db.name}-wal`).size).toBeLessThan(64 * 1024 * 1024);
  connection.db.close();
});

test('where another thread writes the log all the time, it is begun anew all the same', async () => {
  const { connection, commit } = openLog(10, { largePages: 1 });
  commit(2000);
  await using _writing = await startThread(connection.db.name, 'writes the log');
  for (let n = 0; n < 600; n += 1) commit(100);
  expect(statSync(`${connection.db.name}-wal`).size).toBeLessThan(96 * 1024 * 1024);
  connection.db.close();
});

test('a long log of a large database is written by another thread before it is emptied, unless that takes long', () => {
  let asked = 0;
  const { connection, commit, checkpoints } = openLog(1000, { largePages: 1, ask: () => (asked += 1) });
  commit(1000);
  expect(checkpoints.isWrittenFirst()).toBe(true);
  expect(asked).toBe(1);
  writeLog(connection);
  expect(checkpoints.isWrittenFirst()).toBe(false);
  commit(1000);
  let waits = 0;
  while (checkpoints.isWrittenFirst() && waits < 10) waits += 1;
  expect(waits).toBe(2);
  connection.db.close();
});

test('the log of a smaller one is emptied at once', () => {
  const { connection, commit, checkpoints } = openLog(10);
  commit(1000);
  expect(checkpoints.isWrittenFirst()).toBe(false);
  connection.db.close();
});
