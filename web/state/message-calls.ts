// The calls about messages, of one inbox or of all, in as many pieces as many ids need.
import type { InboxView } from '../../shared/inbox-view.ts';
import type { MessageSummary } from '../../shared/message.ts';
import type { Client } from './client.ts';
import type { Page } from './keyset-list.svelte.ts';
import { lighten, type Marks } from './message-rows.ts';

export type Calls = Pick<Client, 'listMessages' | 'updateMessages' | 'deleteMessages' | 'restoreMessages'>;

/** The most ids that a call takes. */
const mostIds = 10_000;

export const inChunks = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / mostIds) }, (_, n) =>
    ids.slice(n * mostIds, (n + 1) * mostIds),
  );

const of = (view: InboxView): { inbox?: string } => (view === null ? {} : { inbox: view });

export interface Ask {
  view: InboxView;
  query: string;
  limit: number;
  cursor?: string | undefined;
  signal?: AbortSignal | undefined;
}

export async function listMessages(
  client: Pick<Calls, 'listMessages'>,
  { view, query, limit, cursor, signal }: Ask,
): Promise<Page<MessageSummary>> {
  const page = await client.listMessages({
    query: { ...of(view), limit, ...(cursor ? { cursor } : {}), ...(query ? { query } : {}) },
    ...(signal ? { signal } : {}),
  });
  return { ...page, items: page.items.map(lighten) };
}

export async function markMessages(
  client: Calls,
  view: InboxView,
  ids: readonly string[],
  marks: Marks,
): Promise<void> {
  for (const chunk of inChunks(ids))
    await client.updateMessages({ query: of(view), body: { ids: chunk, ...marks } });
}

export async function deleteMessages(client: Calls, view: InboxView, ids: string[]): Promise<void> {
  await client.deleteMessages({ query: of(view), body: { ids } });
}

export async function restoreMessages(client: Calls, view: InboxView, ids: readonly string[]): Promise<void> {
  for (const chunk of inChunks(ids)) await client.restoreMessages({ query: of(view), body: { ids: chunk } });
}
