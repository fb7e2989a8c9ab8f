// What the calls of Mailpit's API share: which message, which search, and how it refuses (in plain text).
import type { ServerResponse } from 'node:http';
import { and, type Query } from '../../../shared/search/query.ts';
import { send } from '../answers.ts';
import type { CompatParts } from '../parts.ts';
import { readFull, searchSlice, settleNewest } from '../reading.ts';
import type { Exchange } from '../router.ts';
import { parseMailpitSearch, type MailpitSearch } from './search.ts';
import { inlineParts } from './part-lists.ts';
import { parseWallTime } from './wall-time.ts';

export const refuse = (response: ServerResponse, problem: string, status = 400): void =>
  send(response, problem, { type: 'text/plain', status });
export const refuseUnknown = (response: ServerResponse): void => refuse(response, '404 page not found', 404);
/** Where `latest` found none Mailpit has other words than where there is nothing of that id. */
export const refuseMissing = ({ response }: Exchange, id: string | undefined): void =>
  id === undefined ? refuse(response, 'Message not found', 404) : refuseUnknown(response);
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

/** Seconds or milliseconds since 1970, or a time in our zone. */
function readTime(given: string | null): string | undefined {
  if (given === null || !/^\d{1,15}$/.test(given)) return parseWallTime(given ?? '', null);
  const number = Number(given);
  const iso = new Date(number > 1e12 ? number : number * 1000).toISOString();
  return /^\d{4}-/.test(iso) ? iso : undefined;
}

/** What `before`, `since` and `until` of a list ask for; null: nothing. Until is meant with that time itself. */
export function rangeOf({ query }: Exchange): Query | null {
  const [before, since, until] = ['before', 'since', 'until'].map((name) => readTime(query.get(name)));
  const next = until && new Date(Date.parse(until) + 1).toISOString();
  const terms = Object.entries({ before, after: since })
    .concat([['before', next]])
    .flatMap(([field, value]) =>
      value === undefined ? [] : [{ type: 'field', field, header: null, value } as const],
    );
  return terms.length === 0 ? null : and(terms);
}

export async function findMatches(
  parts: CompatParts,
  { query, inline }: MailpitSearch,
  { start, limit }: { start: number; limit: number },
): ReturnType<typeof searchSlice> {
  await settleNewest(parts);
  return searchSlice(parts, { query: query ?? everything, start, limit }, async ({ id }) => {
    if (inline === null) return true;
    const message = await readFull(parts, id);
    return inlineParts(message?.structure ?? null).length > 0 === inline;
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
