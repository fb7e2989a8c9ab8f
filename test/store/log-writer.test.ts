// In a large database a thread of its own writes the log into it, while mail is stored.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLogState } from '../../server/store/checkpoints.ts';
import { openConnection } from '../../server/store/connection.ts';
import { mailBytes, save } from './samples.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';

const threads = (): number => readdirSync(`/proc/${String(process.pid)}/task`).length;
const isLinux = process.platform === 'linux';

test('it starts when there is enough, and ends with the store, in which all is', async () => {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder, { largePages: 1 });
  await save(store, 'first');
  const before = isLinux ? threads() : 0;
  for (let n = 0; n < 150; n += 1) await save(store, 'm', { bytes: mailBytes('large', 100_000) });
  if (isLinux) expect(threads()).toBe(before + 1);
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
