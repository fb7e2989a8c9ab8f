// The write-ahead log is emptied after a purge, and that makes nobody wait.
import Database from 'better-sqlite3';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { mailBytes, save } from './samples.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';

/** Far below the 5 s for which SQLite waits for a reader. */
const soonMs = 2500;

test('mail is stored while a long search reads what a purge wants overwritten, which is done right after it', async () => {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder);
  const marker = 'markerOfThePurged';
  await save(store, 'kept');
  const { id } = await save(store, marker, { bytes: mailBytes(marker) });
  const reader = new Database(join(folder, 'mailscope.db'), { readonly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM message').get();

  const startedAt = performance.now();
  await store.deleteMessages({ ids: [id] }, true);
  await save(store, 'came meanwhile');
  expect(performance.now() - startedAt).toBeLessThan(soonMs);

  reader.exec('COMMIT');
  reader.close();
  const log = join(folder, 'mailscope.db-wal');
  const isInLog = (): boolean => existsSync(log) && readFileSync(log).includes(marker);
  await vi.waitFor(() => expect(isInLog()).toBe(false), { timeout: soonMs, interval: 20 });
  await store[Symbol.asyncDispose]();
});
