// The write-ahead log is made long beforehand, so that a commit only writes over it.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { save } from './samples.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';

const sizeOf = (folder: string): number => statSync(join(folder, 'mailscope.db-wal')).size;
/** 4,250 pages of 4,096 bytes, each with 24 more. */
const whole = 4250 * 4120;

test('mail does not make the log longer; a deletion empties it, and with more mail it becomes as long again', async () => {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder);
  const grown = { timeout: 10_000, interval: 5 };
  await expect.poll(() => sizeOf(folder), grown).toBe(whole);
  for (let n = 0; n < 20; n += 1) await save(store, `mail ${String(n)}`);
  expect(sizeOf(folder)).toBe(whole);

  await store.deleteMessages({ all: true }, true);
  expect(sizeOf(folder)).toBeLessThan(1024 * 1024);
  for (let n = 0; n < 120; n += 1) await save(store, `again ${String(n)}`);
  await expect.poll(() => sizeOf(folder), grown).toBe(whole);
  expect((await store.counts()).messages).toBe(120);
  await store[Symbol.asyncDispose]();

  const again = await openFolder(folder);
  expect((await again.store.counts()).messages).toBe(120);
  await again.store[Symbol.asyncDispose]();
});
