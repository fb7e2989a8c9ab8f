// The write-ahead log is emptied after a purge, and that makes nobody wait.
import Database from 'better-sqlite3';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openConnection } from '../../server/store/sqlite/connection.ts';
import { runWrite } from '../../server/store/operations.ts';
import { commitTogether, createWriting, type Outcome } from '../../server/store/sqlite/writing.ts';
import { closedSession, mailBytes, samplePart, sampleSession, save } from './samples.ts';
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

test('the log is emptied also where the last step of a purge took as many as it may', async () => {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder);
  const limit = 3;
  for (let n = 0; n < 2 * limit; n += 1) {
    await save(store, 'm');
    await store.saveSession(samplePart(closedSession(sampleSession())), true);
  }
  await store.deleteMessages({ all: true }, false);
  await store.deleteSessions({ all: true }, false);
  await store[Symbol.asyncDispose]();

  const writing = createWriting(openConnection(join(folder, 'mailscope.db')), folder);
  const input = { beforeUs: Number.MAX_SAFE_INTEGER, limit };
  for (const name of ['purgeStep', 'purgeSessionsStep'] as const) {
    writing.emptyLog = false;
    for (const more of [true, false]) {
      let outcome: Outcome | undefined;
      // Before anything is removed free pages are cleared.
      do [outcome] = commitTogether(writing, [() => runWrite(writing, name, input)]);
      while (outcome?.ok && (outcome.value as { count: number }).count === 0);
      expect(outcome, name).toMatchObject({ ok: true, value: { count: limit, more } });
      expect(writing.emptyLog, name).toBe(!more);
    }
  }
  writing.db.close();
});
