// Compares what is stored with what was promised.
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Client } from '../../shared/client/client.ts';
import type { MessageSummary } from '../../shared/message.ts';
import { digest, type MailStorm } from './mail-storm.ts';

export async function listAll(client: Client): Promise<MessageSummary[]> {
  const all: MessageSummary[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await client.listMessages({ query: { limit: 500, cursor } });
    all.push(...page.items);
    cursor = page.nextCursor ?? null;
  }
  return all;
}

export interface Compared {
  stored: MessageSummary[];
  lost: string[];
  /** Stored more than once. */
  doubled: string[];
  /** Stored, though the sender was not told. */
  spare: string[];
  /** Not the bytes that were sent. */
  altered: string[];
}

/** Reads the bytes of each message that is not yet in `checked`, and adds it there. */
export async function compare(
  client: Client,
  storm: MailStorm,
  checked = new Set<string>(),
): Promise<Compared> {
  const stored = await listAll(client);
  const subjects = new Map(stored.map(({ id, subject }) => [id, subject]));
  const seen = new Set<string>();
  const doubled = stored.filter(({ subject }) => seen.size === seen.add(subject).size);
  const altered: string[] = [];
  for (const { id, subject } of stored) {
    if (checked.has(id)) continue;
    checked.add(id);
    if (digest(await client.readRaw({ params: { id } })) !== storm.digestOf(subject)) altered.push(id);
  }
  return {
    stored,
    lost: [...storm.acknowledged].filter(([id, subject]) => subjects.get(id) !== subject).map(([id]) => id),
    doubled: doubled.map(({ id }) => id),
    spare: stored.map(({ id }) => id).filter((id) => !storm.acknowledged.has(id)),
    altered,
  };
}

/** Every message is parsed and found by its words, as if nothing had happened. */
export async function expectDerived(client: Client): Promise<void> {
  const pending = async (): Promise<number> =>
    (await listAll(client)).filter(({ parse }) => parse !== 'parsed').length;
  // Many cycles leave tens of thousands to parse, and to take up into the index.
  const timeout = 60_000 + 10 * (await listAll(client)).length;
  await expect.poll(pending, { timeout, interval: 500, message: 'not parsed' }).toBe(0);
  const missing = async () => (await client.listMessages({ query: { query: 'subject:k' } })).notSearched;
  await expect.poll(missing, { timeout, interval: 500, message: 'not in the index' }).toBeUndefined();
  for (const { id, subject } of [(await listAll(client)).at(-1)!, (await listAll(client))[0]!]) {
    const search = () => client.listMessages({ query: { query: `subject:${subject}` } });
    await expect
      .poll(async () => (await search()).items.map((found) => found.id), { timeout: 30_000 })
      .toContain(id);
  }
}

/** Of a folder that no Mailscope has open. */
export function expectSound(data: string): void {
  const db = new Database(join(data, 'mailscope.db'), { readonly: true });
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  } finally {
    db.close();
  }
}
