// Mailpit's API v1 (v1.30): https://mailpit.axllent.org/docs/api-v1/view.html. This file has the calls that read.
import { and } from '../../../shared/search/query.ts';
import { sendJson, sendPart, sendRaw } from '../answers.ts';
import { openMessage } from '../part-text.ts';
import type { CompatParts } from '../parts.ts';
import { readAll, readCount, readFull, slice } from '../reading.ts';
import type { Call, Exchange } from '../router.ts';
import { findMatches, rangeOf, readSearch, refuseMissing, resolveId } from './asking.ts';
import { changeCalls } from './changes.ts';
import { chaosCalls } from './chaos.ts';
import { checkCalls } from './checks.ts';
import { infoCalls } from './info.ts';
import { findPart } from './part-lists.ts';
import { headersOf, messageOf, summaryOf } from './shapes.ts';
import type { Tags } from './tags.ts';
import { viewCalls } from './views.ts';

/** Of one answer. */
const mostListed = 10_000;

export function mailpitCalls(parts: CompatParts, tags: Tags, options: { maxSize: number }): Call[] {
  const { store } = parts;

  async function sendSummaries(
    { response, query }: Exchange,
    found: { ids: string[]; count: number; unread: number },
  ): Promise<void> {
    const messages = [];
    for await (const message of readAll(parts, found.ids)) messages.push(summaryOf(parts, message));
    const counts = await store.counts();
    sendJson(response, {
      total: counts.messages,
      unread: counts.unread,
      count: messages.length,
      messages_count: found.count,
      messages_unread: found.unread,
      start: readCount(query.get('start'), 0),
      tags: [...(await tags.count()).keys()],
      messages,
    });
  }
  const page = ({ query }: Exchange): { start: number; limit: number } => ({
    start: readCount(query.get('start'), 0),
    limit: readCount(query.get('limit'), 50, mostListed),
  });

  async function message(exchange: Exchange): Promise<void> {
    const id = await resolveId(parts, exchange);
    const found = id === undefined ? undefined : await readFull(parts, id);
    if (found === undefined) return refuseMissing(exchange, id);
    sendJson(exchange.response, await messageOf(parts, found));
    if (!found.read) await store.markMessages({ ids: [found.id] }, { read: true });
  }

  return [
    {
      method: 'GET',
      path: '/api/v1/messages',
      async answer(exchange) {
        const { start, ...asked } = page(exchange);
        // Here 0 means all, and in a search none.
        const limit = asked.limit || mostListed;
        const range = rangeOf(exchange);
        const found =
          range === null
            ? await slice(parts, start, limit)
            : (await findMatches(parts, { query: range, inline: null }, { start, limit })).items;
        const ids = found.map(({ id }) => id);
        const counts = await store.counts();
        await sendSummaries(exchange, { ids, count: counts.messages, unread: counts.unread });
      },
    },
    {
      method: 'GET',
      path: '/api/v1/search',
      async answer(exchange) {
        const search = readSearch(exchange, exchange.query.get('query'));
        if (!search) return;
        const range = rangeOf(exchange);
        const query = range && (search.query === null ? range : and([search.query, range]));
        const { items, count, unread } = await findMatches(
          parts,
          { ...search, query: query ?? search.query },
          page(exchange),
        );
        await sendSummaries(exchange, { ids: items.map(({ id }) => id), count, unread });
      },
    },
    { method: 'GET', path: '/api/v1/message/:id', answer: message },
    {
      method: 'GET',
      path: '/api/v1/message/:id/headers',
      async answer(exchange) {
        const id = await resolveId(parts, exchange);
        const found = id === undefined ? undefined : await readFull(parts, id);
        if (found === undefined) return refuseMissing(exchange, id);
        sendJson(exchange.response, headersOf(found));
      },
    },
    {
      method: 'GET',
      path: '/api/v1/message/:id/raw',
      async answer(exchange) {
        const id = await resolveId(parts, exchange);
        if (id === undefined) return refuseMissing(exchange, id);
        const download = exchange.query.get('dl') === '1' ? `attachment; filename="${id}.eml"` : undefined;
        const found = await sendRaw(parts, exchange.response, id, {
          type: 'text/plain; charset=utf-8',
          ...(download === undefined ? {} : { download }),
        });
        if (!found) refuseMissing(exchange, id);
      },
    },
    {
      method: 'GET',
      path: '/api/v1/message/:id/part/:part',
      async answer(exchange) {
        const id = await resolveId(parts, exchange);
        const found = id === undefined ? undefined : await readFull(parts, id);
        const part = findPart(found?.structure ?? null, exchange.params.part!);
        if (!found || !part) return refuseMissing(exchange, id);
        const name = part.filename ?? part.contentId ?? `part-${part.path}`;
        sendPart(exchange.response, await openMessage(parts, found).bytes(part), {
          contentType: part.contentType,
          disposition: parts.contentDisposition('inline', name),
        });
      },
    },
    ...chaosCalls(parts),
    ...checkCalls(parts),
    ...changeCalls(parts, tags, options),
    ...infoCalls(parts, tags),
    ...viewCalls(parts),
  ];
}
