// What a start on a database with a flipped bit must hold, whichever bit it was.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { mailBytes, save } from '../store/samples.ts';
import { openFolder } from '../store/temporary-folder.ts';
import { databaseIn } from './damage.ts';
import { digest } from './mail-storm.ts';

type Store = Awaited<ReturnType<typeof openFolder>>['store'];

export interface Start {
  /** Why it did not start; it must say so clearly, and leave all as it is. */
  refused: string | null;
  notices: string;
  ids: string[];
  sessions: number;
  /** Listed, but not found by their id. */
  unfound: string[];
  /** Not the bytes that were sent. */
  altered: string[];
  /** Calls that failed; each must have said that the database is damaged. */
  failed: string[];
  /** The id of a message that was taken afterwards. */
  taken: string | null;
}

/** What only damage may be the reason of. */
async function trying<T>(failed: string[], call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    expect(error).toMatchObject({
      message: expect.stringMatching(/^The database is damaged/) as string,
      hint: expect.stringContaining('Restart Mailscope') as string,
    });
    failed.push((error as Error).message);
    return undefined;
  }
}

async function readAll(store: Store, start: Start, digests: ReadonlyMap<string, string>): Promise<void> {
  const { failed } = start;
  for (let cursor: string | undefined | null; cursor !== null;) {
    const at: string | undefined = cursor;
    const page = await trying(failed, () => store.listMessages({ limit: 40, ...(at ? { cursor: at } : {}) }));
    for (const { id } of page?.items ?? []) {
      start.ids.push(id);
      const message = await trying(failed, () => store.findMessage(id));
      const bytes = await trying(failed, async () => (await store.findBody(id))?.bytes());
      if (!message || !bytes) start.unfound.push(id);
      else if (digest(bytes) !== digests.get(id)) start.altered.push(id);
    }
    cursor = page?.nextCursor ?? null;
  }
  const listed = await trying(failed, () => store.listSessions({ limit: 500 }));
  start.sessions = listed?.items.length ?? 0;
  for (const { id } of listed?.items.slice(0, 10) ?? []) {
    await trying(failed, () => store.findSession(id));
    await trying(failed, () => store.readTranscript(id, 0, 100));
  }
  await trying(failed, () => store.readEvents(undefined, 500));
}

/** Reads all that there is, then takes one message more. `digests` has those that may be there, and gets that one. */
export async function startOnFlipped(folder: string, digests: Map<string, string>): Promise<Start> {
  const start: Start = {
    ...{ refused: null, notices: '', ids: [], sessions: 0 },
    ...{ unfound: [], altered: [], failed: [], taken: null },
  };
  const before = readFileSync(databaseIn(folder));
  let opened: Awaited<ReturnType<typeof openFolder>>;
  try {
    opened = await openFolder(folder);
  } catch (error) {
    start.refused = (error as Error).message;
    expect(start.refused).toMatch(/Nothing was changed\./);
    expect(readFileSync(databaseIn(folder)).equals(before)).toBe(true);
    return start;
  }
  const { store, notices } = opened;
  await readAll(store, start, digests);
  const bytes = mailBytes('taken afterwards', 9000);
  const taken = await trying(start.failed, () => save(store, 'taken afterwards', { bytes }));
  if (taken) {
    digests.set(taken.id, digest(bytes));
    start.taken = taken.id;
    const stored = await trying(start.failed, async () => (await store.findBody(taken.id))!.bytes());
    if (stored) expect(stored.equals(bytes)).toBe(true);
  }
  const counts = await trying(start.failed, () => store.counts());
  if (counts && start.failed.length === 0) expect(counts.messages).toBe(start.ids.length + 1);
  await store[Symbol.asyncDispose]();
  start.notices = notices.join('\n');
  return start;
}
