// The rows that are about to be removed or marked are read before, in the same order.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openConnection } from '../../server/store/sqlite/connection.ts';
import { runRead } from '../../server/store/operations.ts';
import type { NextToMark } from '../../server/store/changes/read-before-marking.ts';
import type { NextToGo } from '../../server/store/changes/read-before-removal.ts';
import { closedSession, samplePart, save } from './samples.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';

test('those that go next are found, deleted ones and the oldest, and none of the others', async () => {
  const folder = temporaryFolder();
  const { store } = await openFolder(folder);
  for (const name of ['a', 'b', 'c', 'd', 'e']) await save(store, name);
  const parts = [samplePart(), samplePart(), samplePart()];
  for (const part of parts) await store.saveSession({ ...part, session: closedSession(part.session) }, true);
  await store.saveSession(samplePart(), false);
  const [first, second] = (await store.listMessages({ limit: 10 })).items;
  await store.deleteMessages({ ids: [first!.id, second!.id] }, false);
  await store.deleteSessions({ ids: [parts[0]!.session.id] }, false);

  const connection = openConnection(join(folder, 'mailscope.db'), { reader: true });
  const read = (next: Partial<NextToGo>): number => {
    const usual = { of: 'messages', deletedBeforeUs: null, offset: 0, limit: 32 };
    return runRead(connection, 'readBeforeRemoval', { ...usual, ...next }) as number;
  };
  expect([read({}), read({}), read({ limit: 2 }), read({ offset: 2 })]).toEqual([3, 3, 2, 1]);
  expect(read({ deletedBeforeUs: Number.MAX_SAFE_INTEGER })).toBe(2);
  expect(read({ deletedBeforeUs: 1 })).toBe(0);
  expect(read({ of: 'sessions' })).toBe(2);
  expect(read({ of: 'sessions', deletedBeforeUs: Number.MAX_SAFE_INTEGER })).toBe(1);
  const mark = (next: NextToMark): unknown => runRead(connection, 'readBeforeMarking', next);
  expect(mark({ after: 0, limit: 100 })).toEqual({ count: 5, last: 5 });
  expect(mark({ after: 1, limit: 3 })).toEqual({ count: 3, last: 4 });
  expect(mark({ after: 5, limit: 100 })).toEqual({ count: 0, last: 5 });
  connection.db.close();
  await store[Symbol.asyncDispose]();
});
