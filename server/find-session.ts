// A session wherever it is: in memory while it runs, then in the store.
import type { Session } from '../shared/session.ts';

interface Places {
  running: { find(id: string): { session: Session } | undefined };
  store: { findSession(id: string): Promise<Session | undefined> };
}

/** Of a running one memory has only the last transactions. */
export const findHeld = async ({ running, store }: Places, id: string): Promise<Session | undefined> =>
  // Asked again at the end: it may have moved to the store in the meantime.
  running.find(id)?.session ?? (await store.findSession(id)) ?? running.find(id)?.session;

/** With all of its transactions. */
export async function findWhole(places: Places, id: string): Promise<Session | undefined> {
  const found = await findHeld(places, id);
  if (found === undefined || found.closedAt !== null) return found;
  const stored = (await places.store.findSession(id))?.transactions ?? [];
  const held = new Set(found.transactions.map(({ n }) => n));
  return { ...found, transactions: [...stored.filter(({ n }) => !held.has(n)), ...found.transactions] };
}
