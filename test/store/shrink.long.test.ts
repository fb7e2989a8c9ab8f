// What large deletions have left goes back to the file system: page by page, or, of a long list of free pages, by writing
// anew the little that is there.
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { openConnection } from '../../server/store/sqlite/connection.ts';
import { runWrite } from '../../server/store/operations.ts';
import type { ShrinkStep } from '../../server/store/changes/shrink.ts';
import {
  commitTogether,
  createWriting,
  emptyLogNow,
  writeAnewIfAsked,
  type Writing,
} from '../../server/store/sqlite/writing.ts';
import { save } from './samples.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';

const megabyte = 1024 * 1024;
const usual: ShrinkStep = { areMore: false, isBegun: false, isQuiet: true };

let folder: string;
let kept: Buffer;
let keptId: string;
let writing: Writing;

/** 80 MB of bodies are gone, one message is there. */
beforeEach(async () => {
  folder = temporaryFolder();
  const { store } = await openFolder(folder);
  await Promise.all(
    Array.from({ length: 80 }, () => save(store, 'gone', { bytes: randomBytes(megabyte - 1) })),
  );
  kept = randomBytes(20_000);
  keptId = (await save(store, 'kept', { bytes: kept })).id;
  await store[Symbol.asyncDispose]();
  writing = createWriting(openConnection(join(folder, 'mailscope.db')), join(folder, 'bodies'));
  writing.db.exec("DELETE FROM body WHERE seq IN (SELECT seq FROM message WHERE subject = 'gone')");
  return () => void (writing.db.open && writing.db.close());
});

function shrink(step: Partial<ShrinkStep>): unknown {
  const [outcome] = commitTogether(writing, [() => runWrite(writing, 'shrinkStep', { ...usual, ...step })]);
  if (!outcome?.ok) throw outcome?.error;
  writeAnewIfAsked(writing);
  return outcome.value;
}

function sizeNow(): number {
  writing.emptyLog = true;
  emptyLogNow(writing);
  return statSync(join(folder, 'mailscope.db')).size;
}

async function expectKept(): Promise<void> {
  expect(writing.db.pragma('integrity_check', { simple: true })).toBe('ok');
  writing.db.close();
  const { store, notices } = await openFolder(folder);
  expect(await (await store.findBody(keptId))?.bytes()).toEqual(kept);
  await save(store, 'new');
  expect((await store.listMessages({ limit: 1 })).items[0]?.subject).toBe('new');
  expect(notices).toEqual([]);
  await store[Symbol.asyncDispose]();
}

test('page by page, to the end', async () => {
  expect(sizeNow()).toBeGreaterThan(80 * megabyte);
  let steps = 0;
  for (let isBegun = false; shrink({ isBegun }) === 'more'; isBegun = true)
    if (++steps > 1000) throw new Error('There is no end.');
  expect(sizeNow()).toBeLessThan(3 * megabyte);
  await expectKept();
});

test('with more free pages than can be looked for the rest is written anew, while no mail comes in', async () => {
  expect(shrink({ mostPages: 1000, isQuiet: false })).toBe('later');
  expect(sizeNow()).toBeGreaterThan(80 * megabyte);
  expect(shrink({ mostPages: 1000 })).toBe('done');
  expect(sizeNow()).toBeLessThan(3 * megabyte);
  await expectKept();
});

test('not while more is about to go', () => {
  expect(shrink({ areMore: true })).toBe('done');
  expect(shrink({ areMore: true, mostPages: 1000 })).toBe('done');
  expect(sizeNow()).toBeGreaterThan(80 * megabyte);
});
