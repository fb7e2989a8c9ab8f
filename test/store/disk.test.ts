import Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nowUs } from '../../server/clock.ts';
import {
  arrivedBody,
  mailBytes,
  sampleDerived,
  sampleMessage,
  samplePart,
  sampleSession,
} from './samples.ts';
import { closedSession, sampleTransaction, save } from './samples.ts';
import { storeSuite } from './store-suite.ts';
import { openFolder, temporaryFolder } from './temporary-folder.ts';

const everyFile = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

const bodyFiles = (folder: string): string[] => everyFile(join(folder, 'bodies'));

describe('on disk', () => {
  storeSuite(() => openFolder(temporaryFolder()));

  test('everything is there again after a restart', async () => {
    const folder = temporaryFolder();
    const large = randomBytes(2_000_000);
    const before = await openFolder(folder);
    const part = samplePart(sampleSession({ transactions: [sampleTransaction(1)] }));
    const { id } = await before.store.saveMessage(await sampleMessage(before.store, 'small'), part);
    const other = await save(before.store, 'large', { bytes: large });
    await before.store.saveDerived(id, sampleDerived());
    await before.store.saveSession(
      { ...part, session: closedSession(part.session), lines: [], chunks: [] },
      true,
    );
    await before.store.markMessages({ ids: [id] }, { read: true, pinned: true });
    const shown = async ({ store }: typeof before) => [
      store.id,
      store.cursor(),
      await store.counts(),
      await store.listMessages({ limit: 10 }),
      await store.listSessions({ limit: 10 }),
      await store.findMessage(id),
      await store.findSession(part.session.id),
      await store.readTranscript(part.session.id, 0, 100),
      await store.readEvents(undefined, 100),
      (await (await store.findBody(other.id))?.bytes())?.equals(large),
    ];
    const expected = await shown(before);
    await before.store[Symbol.asyncDispose]();
    const after = await openFolder(folder);
    expect(await shown(after)).toEqual(expected);
    expect(after.store.lastSessionSeq).toBe(part.seq);
    expect(after.notices).toEqual([]);
    await after.store[Symbol.asyncDispose]();
  });

  test('numbers of sessions are not given again after the newest was deleted', async () => {
    const folder = temporaryFolder();
    const { store } = await openFolder(folder);
    const part = samplePart();
    await store.saveSession({ ...part, session: closedSession(part.session) }, true);
    await store.deleteSessions({ all: true }, true);
    await store[Symbol.asyncDispose]();
    const again = await openFolder(folder);
    expect(again.store.lastSessionSeq).toBe(part.seq);
    await again.store[Symbol.asyncDispose]();
  });

  test('files are for their owner alone', async () => {
    const folder = join(temporaryFolder(), 'data');
    const { store } = await openFolder(folder);
    await save(store, 'large', { bytes: randomBytes(2_000_000) });
    for (const file of everyFile(folder)) expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'bodies')).mode & 0o777).toBe(0o700);
    await store[Symbol.asyncDispose]();
  });

  test('many savers at once are all stored, each once, in the order of their numbers', async () => {
    const { store, events } = await openFolder(temporaryFolder());
    const saved = await Promise.all(Array.from({ length: 300 }, (_, n) => save(store, `m${String(n)}`)));
    expect(new Set(saved.map(({ seq }) => seq)).size).toBe(300);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 300 }, (_, n) => n + 1));
    expect((await store.listMessages({ limit: 500 })).items.map(({ id }) => id)).toEqual(
      saved.sort((a, b) => b.seq - a.seq).map(({ id }) => id),
    );
    await store[Symbol.asyncDispose]();
  });

  test('an answer comes after the commit: another process sees the message by then', async () => {
    const folder = temporaryFolder();
    const { store } = await openFolder(folder);
    const other = new Database(join(folder, 'mailscope.db'), { readonly: true });
    const find = other
      .prepare('SELECT length(bytes) FROM message JOIN body USING (seq) WHERE id = ?')
      .pluck();
    const messages = await Promise.all(Array.from({ length: 200 }, () => sampleMessage(store, 'm')));
    const seen = await Promise.all(
      messages.map(async (message) => {
        const { id, size } = await store.saveMessage(message, null);
        return find.get(id) === size;
      }),
    );
    expect(seen).toEqual(messages.map(() => true));
    other.close();
    await store[Symbol.asyncDispose]();
  });

  test('one that fails does not fail those that are committed with it', async () => {
    const { store, events } = await openFolder(temporaryFolder());
    const { id } = await save(store, 'first');
    const messages = await Promise.all(
      Array.from({ length: 30 }, (_, n) => sampleMessage(store, 'm', n % 3 === 0 ? { id } : {})),
    );
    const results = await Promise.allSettled(messages.map((message) => store.saveMessage(message, null)));
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(10);
    expect((await store.counts()).messages).toBe(21);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
    await store[Symbol.asyncDispose]();
  });

  test('the end waits for what is under way', async () => {
    const folder = temporaryFolder();
    const { store } = await openFolder(folder);
    const messages = await Promise.all(Array.from({ length: 50 }, () => sampleMessage(store, 'm')));
    const saving = Promise.all(messages.map((message) => store.saveMessage(message, null)));
    await store[Symbol.asyncDispose]();
    await saving;
    const again = await openFolder(folder);
    expect((await again.store.counts()).messages).toBe(50);
    await again.store[Symbol.asyncDispose]();
  });

  test('a large body takes a file, and a purge, a refusal or a discard leaves none', async () => {
    const folder = temporaryFolder();
    const { store } = await openFolder(folder);
    const { id } = await save(store, 'large', { bytes: randomBytes(2_000_000) });
    expect(bodyFiles(folder)).toHaveLength(1);
    await expect(save(store, 'again', { id, bytes: randomBytes(2_000_000) })).rejects.toThrow();
    expect(bodyFiles(folder)).toHaveLength(1);
    await store.deleteMessages({ ids: [id] }, false);
    expect(bodyFiles(folder)).toHaveLength(1);
    await store.purgeDeleted(nowUs());
    expect(bodyFiles(folder)).toEqual([]);
    const writer = store.createBody();
    await writer.write(Buffer.alloc(3_000_000));
    await writer.finish();
    writer.discard();
    await expect.poll(() => bodyFiles(folder)).toEqual([]);
    await store[Symbol.asyncDispose]();
  });

  test('a large body is on its way to the disk while it arrives, and the sender is made to wait', async () => {
    const folder = temporaryFolder();
    const { store } = await openFolder(folder);
    const writer = store.createBody();
    expect(writer.write(Buffer.alloc(1_000_000))).toBeUndefined();
    expect(bodyFiles(folder)).toEqual([]);
    const wait = writer.write(Buffer.alloc(1_000_000));
    expect(wait).toBeInstanceOf(Promise);
    await wait;
    expect(bodyFiles(folder)).toHaveLength(1);
    writer.discard();
    await store[Symbol.asyncDispose]();
  });

  test('of a purged message no byte is left in the folder', async () => {
    const folder = temporaryFolder();
    const { store } = await openFolder(folder);
    const marker = `marker-${randomBytes(12).toString('hex')}`;
    for (let n = 0; n < 20; n += 1) await save(store, 'other', { bytes: mailBytes('other', 9000) });
    const { id } = await save(store, marker, { bytes: mailBytes(marker.repeat(300)) });
    await store.saveDerived(id, sampleDerived({ subject: 's', text: marker, headers: [] }));
    const hits = () =>
      everyFile(folder).filter((file) => readFileSync(file).includes(marker.repeat(2))).length;
    expect(hits()).toBeGreaterThan(0);
    await store.deleteMessages({ ids: [id] }, true);
    expect(hits()).toBe(0);
    expect(existsSync(join(folder, 'mailscope.db'))).toBe(true);
    await store[Symbol.asyncDispose]();
  });

  test('a message of the size of a row is not changed by the hand-over to the writer', async () => {
    const { store } = await openFolder(temporaryFolder());
    const bytes = randomBytes(100_000);
    const body = await arrivedBody(store, bytes);
    const { id } = await store.saveMessage(await sampleMessage(store, 'm', { body }), null);
    expect(body.bytes?.equals(bytes)).toBe(true);
    expect((await (await store.findBody(id))?.bytes())?.equals(bytes)).toBe(true);
    await store[Symbol.asyncDispose]();
  });
});
