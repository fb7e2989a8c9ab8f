// A session that has just ended is listed as such a moment before it is stored and told.
import type { Client } from '../../shared/client/client.ts';

const most = 1000;

/** Whether the ends of these sessions are in the log of events. True where the log is longer than a page. */
export async function areTold(client: Client, sessions: { id: string }[]): Promise<boolean> {
  const { items } = await client.listEvents({ query: { limit: most } });
  const told = new Set(
    items
      .filter(({ type }) => type === 'session:closed')
      .map(({ payload }) => (payload as { session: { id: string } }).session.id),
  );
  return items.length === most || sessions.every(({ id }) => told.has(id));
}
