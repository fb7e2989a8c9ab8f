// Pages that are free are cleared before a purge removes anything: all of them once, and later those freed since.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openConnection } from '../../server/store/sqlite/connection.ts';
import { runWrite, type Writes } from '../../server/store/operations.ts';
import { commitTogether, createWriting, type Writing } from '../../server/store/sqlite/writing.ts';
import { save } from './samples.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';

const beforeUs = Number.MAX_SAFE_INTEGER;
/** Of a list that is too long to be given back. */
const many = 3000;
/** So many stand on one page of the list: which of these are clear is not known. */
const listed = 1022;

const countOf = ({ db }: Writing, text: string): number => db.prepare(text).pluck().get() as number;
const freeOf = (writing: Writing): number => countOf(writing, 'PRAGMA freelist_count');
const rowsHeld = (writing: Writing): number => countOf(writing, 'SELECT count(*) FROM blank');

/** No purge of these takes so many steps. */
const mostSteps = 500;

/** Until it gives false. */
function repeat(step: () => boolean): void {
  for (let n = 0; step(); n += 1) if (n > mostSteps) throw new Error('There is no end.');
}

function run<T>(writing: Writing, name: keyof Writes, input: unknown): T {
  const [outcome] = commitTogether(writing, [() => runWrite(writing, name, input)]);
  if (!outcome?.ok) throw outcome?.error;
  return outcome.value as T;
}

async function addDeleted(folder: string, count: number): Promise<void> {
  const { store } = await openFolder(folder);
  for (let n = 0; n < count; n += 1) await save(store, 'm', { bytes: randomBytes(40_000) });
  await store.deleteMessages({ all: true }, false);
  await store[Symbol.asyncDispose]();
}

const open = (folder: string): Writing =>
  createWriting(openConnection(join(folder, 'mailscope.db')), join(folder, 'bodies'));

/** The file must not become longer. */
function limit(writing: Writing): void {
  writing.db.pragma(`max_page_count = ${String(countOf(writing, 'PRAGMA page_count'))}`);
}

/** All of a purge. Gives the most pages that were held free of text at a time. */
function purge(writing: Writing): number {
  let most = 0;
  repeat(() => {
    const { more } = run<{ more: boolean }>(writing, 'purgeStep', { beforeUs, limit: 250 });
    most = Math.max(most, rowsHeld(writing));
    return more;
  });
  repeat(() => run(writing, 'dropIndexStep', { rows: 512 }));
  repeat(() => run(writing, 'dropPurgedStep', { pages: 128 }));
  return most * 64;
}

test('those that a purge has left are not cleared again by the next one', async () => {
  const folder = temporaryFolder();
  await addDeleted(folder, many / 10);
  const first = open(folder);
  purge(first);
  const left = freeOf(first);
  expect(left).toBeGreaterThan(many);
  first.db.close();
  await addDeleted(folder, 3);
  const second = open(folder);
  const held = purge(second);
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThan(2 * listed);
  expect(rowsHeld(second)).toBe(0);
  expect(freeOf(second)).toBeGreaterThan(left - listed);
  second.db.close();
});

test('a purge that ended while it cleared them is gone on with, in a file that cannot grow, and gives all of them back', async () => {
  const folder = temporaryFolder();
  await addDeleted(folder, many / 10);
  const first = open(folder);
  // Nothing is known of what became free without a purge.
  first.db.exec('DELETE FROM body; DELETE FROM message_inbox');
  const free = freeOf(first);
  expect(free).toBeGreaterThan(many);
  first.db.close();
  await addDeleted(folder, 1);
  const second = open(folder);
  limit(second);
  repeat(() => {
    run(second, 'purgeStep', { beforeUs, limit: 250 });
    return rowsHeld(second) < 5;
  });
  second.db.close();
  const third = open(folder);
  limit(third);
  repeat(() => run(third, 'dropPurgedStep', { pages: 128 }));
  expect(rowsHeld(third)).toBe(0);
  expect(freeOf(third)).toBeGreaterThan(free - listed);
  expect(third.counters).toMatchObject({ unmerged: 0, uncleared: 0 });
  third.db.close();
});
