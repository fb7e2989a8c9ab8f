// What the calls of Mailpit's API share: which message, which search, and how it refuses (in plain text).
import type { ServerResponse } from 'node:http';
import type { Query } from '../../../shared/search/query.ts';
import { send } from '../answers.ts';
import { leaves } from '../message-parts.ts';
import type { CompatParts } from '../parts.ts';
import { readFull, searchSlice, settleNewest } from '../reading.ts';
import type { Exchange } from '../router.ts';
import { parseMailpitSearch, type MailpitSearch } from './search.ts';
import { isInline } from './shapes.ts';

export const refuse = (response: ServerResponse, problem: string, status = 400): void =>
  send(response, problem, { type: 'text/plain; charset=utf-8', status });
export const refuseUnknown = (response: ServerResponse): void => refuse(response, '404 page not found', 404);
export const sendOk = (response: ServerResponse): void => send(response, 'ok', { type: 'text/plain' });

/** What `query` and `tz` ask for; undefined where it was refused. */
export function readSearch({ query, response }: Exchange, text: string | null): MailpitSearch | undefined {
  const search = text?.trim() ?? '';
  if (search === '') return void refuse(response, 'Error: no search query');
  const parsed = parseMailpitSearch(search, query.get('tz'));
  return parsed.ok ? parsed : void refuse(response, parsed.problem);
}

/** Every message is one or the other. */
export const everything: Query = {
  type: 'or',
  of: ['read', 'unread'].map((value) => ({ type: 'field', field: 'is', header: null, value })),
};

export async function findMatches(
  parts: CompatParts,
  { query, inline }: MailpitSearch,
  { start, limit }: { start: number; limit: number },
): ReturnType<typeof searchSlice> {
  await settleNewest(parts);
  return searchSlice(parts, { query: query ?? everything, start, limit }, async ({ id }) => {
    if (inline === null) return true;
    const message = await readFull(parts, id);
    return leaves(message?.structure ?? null).some(isInline) === inline;
  });
}

/** `latest` is the newest, or the newest that `query` finds. Undefined: there is none. */
export async function resolveId(parts: CompatParts, exchange: Exchange): Promise<string | undefined> {
  const id = exchange.params.id!;
  if (id !== 'latest') return id;
  const text = exchange.query.get('query')?.trim();
  const parsed = text ? parseMailpitSearch(text, exchange.query.get('tz')) : undefined;
  if (parsed?.ok) return (await findMatches(parts, parsed, { start: 0, limit: 1 })).items[0]?.id;
  return (await parts.store.listMessages({ limit: 1 })).items[0]?.id;
}
