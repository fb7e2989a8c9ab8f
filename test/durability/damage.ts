// A data folder with all that a store keeps, to be damaged in copies; and what is left of it after a start.
import { randomBytes } from 'node:crypto';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { digest } from './mail-storm.ts';
import { samplePart, sampleDerived, sampleMessage, sampleSession, closedSession } from '../store/samples.ts';
import { openFolder, temporaryFolder } from '../store/temporary-folder.ts';

export const pageSize = 4096;

export interface Original {
  folder: string;
  storeId: string;
  /** SHA-256 of the bytes by id. */
  digests: Map<string, string>;
  /** Of the messages whose bytes are in files of their own. */
  inFiles: string[];
  sessions: string[];
}

/** Messages of 300 bytes to 30 KB, and `large` ones; each with a session, every third parsed. */
export async function makeOriginal(folder: string, count: number, large: number): Promise<Original> {
  const { store } = await openFolder(folder);
  const original: Original = { folder, storeId: store.id, digests: new Map(), inFiles: [], sessions: [] };
  for (let n = 0; n < count + large; n += 1) {
    const bytes = Buffer.concat([
      Buffer.from(`Subject: ${String(n)}\r\n\r\n`),
      randomBytes(n < count ? Math.round(300 * 100 ** ((n % 10) / 10)) : 1_200_000),
    ]);
    const message = await sampleMessage(store, String(n), { bytes });
    const part = samplePart(sampleSession({ messageIds: [message.id], messages: 1 }));
    await store.saveMessage(message, part);
    await store.saveSession({ ...part, session: closedSession(part.session), lines: [], chunks: [] }, true);
    if (n % 3 === 0) await store.saveDerived(message.id, sampleDerived({ subject: String(n) }));
    original.digests.set(message.id, digest(bytes));
    original.sessions.push(part.session.id);
    if (n >= count) original.inFiles.push(message.id);
  }
  const [first] = original.digests.keys();
  await store.markMessages({ ids: [first!] }, { read: true, pinned: true, tags: ['kept'] });
  await store[Symbol.asyncDispose]();
  return original;
}

export interface Recovered {
  ids: string[];
  sessions: string[];
  notices: string;
  storeId: string;
}

/** Damages a copy, starts on it, and holds what must hold whatever the damage is. */
export async function startDamaged(
  original: Original,
  damage: (folder: string) => void,
): Promise<Recovered & { folder: string }> {
  const folder = temporaryFolder();
  cpSync(original.folder, folder, { recursive: true });
  damage(folder);
  const first = await startOn(original, folder);
  const again = await startOn(original, folder);
  expect(again.ids, 'the start after that has the same').toEqual(first.ids);
  expect(again.notices, 'and nothing to tell').toBe('');
  return { ...first, folder };
}

async function startOn(original: Original, folder: string): Promise<Recovered> {
  const { store, notices } = await openFolder(folder);
  try {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await store.listMessages({ limit: 500, ...(cursor === null ? {} : { cursor }) });
      for (const { id } of page.items) {
        ids.push(id);
        const bytes = await (await store.findBody(id))!.bytes();
        expect(digest(bytes), `the bytes of ${id}`).toBe(original.digests.get(id));
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
    const { messages } = await store.counts();
    expect(messages, 'the counter').toBe(ids.length);
    const listed = await store.listSessions({ limit: 500 });
    const sessions = listed.items.map(({ id }) => id);
    for (const id of sessions.slice(0, 5)) {
      expect(await store.findSession(id)).toMatchObject({ id, outcome: 'captured' });
      await store.readTranscript(id, 0, 100);
    }
    return { ids, sessions, notices: notices.join('\n'), storeId: store.id };
  } finally {
    await store[Symbol.asyncDispose]();
  }
}

/** What was moved aside. */
export const asideIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.includes('.corrupt-'));

export const databaseIn = (folder: string): string => join(folder, 'mailscope.db');
