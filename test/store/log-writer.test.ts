// In a very large database a thread of its own writes the log into it, while mail is stored, and what steps read is read
// ahead.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLogState } from '../../server/store/sqlite/checkpoints.ts';
import { openConnection } from '../../server/store/sqlite/connection.ts';
import { closedSession, mailBytes, samplePart, save } from './samples.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';
import { areThreadsKnown, threads } from './threads.ts';

test('it starts when there is enough, and ends with the store, in which all is', async () => {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder, { largePages: 1 });
  await save(store, 'first');
  const before = areThreadsKnown ? threads() : 0;
  for (let n = 0; n < 150; n += 1) await save(store, 'm', { bytes: mailBytes('large', 100_000) });
  if (areThreadsKnown) expect(threads()).toBe(before + 1);
  const connection = openConnection(join(folder, 'mailscope.db'), { reader: true });
  const unwritten = (): number => {
    const { log, checkpointed } = readLogState(connection, 'NOOP');
    return log - checkpointed;
  };
  await expect.poll(unwritten).toBeLessThan(2000);
  connection.db.close();
  await store[Symbol.asyncDispose]();

  const again = await openFolder(folder, { largePages: 1 });
  expect((await again.store.listMessages({ limit: 500 })).items).toHaveLength(151);
  await again.store[Symbol.asyncDispose]();
});

test('deleting, restoring, purging and the limits do there what they do elsewhere', async () => {
  const { store } = await openFolder(temporaryFolder(), { largePages: 1 });
  for (let n = 0; n < 40; n += 1) await save(store, `m ${String(n)}`);
  const parts = [samplePart(), samplePart()];
  for (const part of parts) await store.saveSession({ ...part, session: closedSession(part.session) }, true);
  expect(await store.markMessages({ all: true }, { read: true })).toBe(40);
  expect(await store.deleteMessages({ all: true }, false)).toBe(40);
  expect(await store.restoreMessages({ all: true })).toBe(40);
  const limits = { maxMessages: 30, maxBytes: 0, maxAgeMs: 0 };
  expect(await store.prune(limits, 0)).toEqual({ messages: 10, sessions: 0 });
  expect(await store.deleteMessages({ all: true }, true)).toBe(30);
  expect(await store.deleteSessions({ all: true }, true)).toBe(2);
  expect(await store.counts()).toEqual({ messages: 0, unread: 0, sessions: 0, bytes: 0 });
  await store[Symbol.asyncDispose]();
});
