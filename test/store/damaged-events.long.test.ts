// A damaged event in the log of changes, which SQLite does not notice: all others are given, it is said that not all are
// there, and what has to do with it can still be changed and removed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { samplePart, sampleDerived, sampleMessage, closedSession, sampleSession } from './samples.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';

const count = 5;
const seq = 3;
const said = [expect.stringMatching(/what 1 of the events say cannot be read/)];

/** Three events for each message; the first one of one of them begins with an X, and is in an index under its old key. */
async function damagedFolder(): Promise<{ folder: string; messageId: string }> {
  const folder = temporaryFolder();
  let messageId = '';
  const { store } = await openFolder(folder);
  for (let n = 1; n <= count; n++) {
    const message = await sampleMessage(store, String(n));
    const part = samplePart(sampleSession());
    await store.saveMessage(message, part);
    await store.saveSession({ ...part, session: closedSession(part.session), lines: [], chunks: [] }, true);
    await store.saveDerived(message.id, sampleDerived());
    if (n === seq) messageId = message.id;
  }
  await store[Symbol.asyncDispose]();
  const file = join(folder, 'mailscope.db');
  const bytes = readFileSync(file);
  const payload = `{"message":{"seq":${String(seq)},`;
  const at = bytes.indexOf(payload);
  expect(at).toBeGreaterThan(0);
  expect(bytes.indexOf(payload, at + 1)).toBe(-1);
  bytes.write('X', at, 'latin1');
  writeFileSync(file, bytes);
  return { folder, messageId };
}

test('all other events are given, with a word that not all are there, on the next start too', async () => {
  const { folder } = await damagedFolder();
  for (const notices of [said, []]) {
    const opened = await openFolder(folder);
    const { items, reset, next } = await opened.store.readEvents(`${opened.store.id}.0`, 500);
    const before = { count: items.length, reset, next };
    expect(before).toEqual({ count: 3 * count - 1, reset: true, next: opened.store.cursor() });
    expect(await opened.store.readEvents(next, 500)).toMatchObject({ items: [], reset: false });
    expect(opened.notices).toEqual(notices);
    await opened.store[Symbol.asyncDispose]();
  }
});

test('its message can be purged, though nobody has read the event', async () => {
  const { folder, messageId } = await damagedFolder();
  const { store, notices } = await openFolder(folder);
  expect(await store.deleteMessages({ ids: [messageId] }, true)).toBe(1);
  expect((await store.listMessages({ limit: 100 })).items).toHaveLength(count - 1);
  expect(notices).toEqual(said);
  await store[Symbol.asyncDispose]();
});

test('it goes with the other old events, and mail is stored before and after that', async () => {
  const { folder } = await damagedFolder();
  const { store, notices } = await openFolder(folder);
  const message = await sampleMessage(store, 'marked');
  await store.saveMessage(message, null);
  // The log keeps 20,000, and looks at that at each thousandth.
  const mark = (pinned: boolean) => store.markMessages({ ids: [message.id] }, { pinned });
  for (let n = 0; n < 210; n++)
    await Promise.all(Array.from({ length: 100 }, (_, each) => mark(each % 2 === 0)));
  const { items } = await store.readEvents(`${store.id}.${String(3 * count)}`, 1);
  expect(items).toEqual([]);
  expect(await store.saveMessage(await sampleMessage(store, 'after that'), null)).toMatchObject({
    subject: 'after that',
  });
  expect(notices).toEqual(said);
  await store[Symbol.asyncDispose]();
});
