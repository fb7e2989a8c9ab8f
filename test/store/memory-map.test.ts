// What was read of the database is in a memory map, which counts as memory of the process: only while somebody reads.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { save } from './samples.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';

const maps = '/proc/self/maps';

test.runIf(existsSync(maps))('a reader that is not asked any more lets go of its memory map', async () => {
  const folder = temporaryFolder();
  const isMapped = (): boolean => readFileSync(maps, 'utf8').includes(`${folder}/mailscope.db\n`);
  {
    // What is only in the log is not mapped.
    const { store } = await openFolder(folder);
    await save(store, 'kept');
    await store[Symbol.asyncDispose]();
  }
  const { store } = await openFolder(folder, { mapIdleMs: 300 });
  for (let n = 0; n < 3; n += 1) {
    expect((await store.listMessages({ limit: 10 })).items).toHaveLength(1);
    expect(isMapped()).toBe(true);
    // The watch over the storage goes on asking.
    const afterLook = (): Promise<boolean> => store.freeBytes().then(isMapped);
    await expect.poll(afterLook).toBe(false);
  }
  await store[Symbol.asyncDispose]();
});
