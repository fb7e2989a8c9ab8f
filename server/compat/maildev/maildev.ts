// maildev's REST API: version 2.2 at /email, version 3.0 at /api/email.
import type { Message } from '../../../shared/message.ts';
import { sendJson, sendJsonList, sendPart, sendRaw } from '../answers.ts';
import { readBody } from '../body.ts';
import { replaceCids } from '../message-parts.ts';
import { openMessage } from '../part-text.ts';
import type { CompatParts } from '../parts.ts';
import { readCount, readAll, readFull, settleNewest } from '../reading.ts';
import type { Call, Exchange } from '../router.ts';
import { sendView } from '../view.ts';
import { maildevAttachments } from './attachments.ts';
import { bodiesV2, bodiesV3 } from './bodies.ts';
import { emailV2, emailV3, summaryV3, withImages } from './email.ts';
import { listEmails, listIds, summaryQuery } from './listing.ts';

const type = 'application/json; charset=utf-8';
const noEmail = { error: 'Email was not found' };

export function maildevCalls(parts: CompatParts): Call[] {
  const calls2 = callsOf(parts, 2).map((call) => ({ ...call, slash: true as const }));
  return [...calls2, ...summaryCalls(parts), ...callsOf(parts, 3)];
}

function callsOf(parts: CompatParts, version: 2 | 3): Call[] {
  const { store } = parts;
  const base = version === 2 ? '' : '/api';
  const show = (message: Message): Promise<Record<string, unknown>> =>
    version === 2 ? emailV2(parts, message) : emailV3(parts, message);
  const json = ({ response }: Exchange, value: unknown, status = 200): void =>
    sendJson(response, value, { type, status });
  /** How each version says that there is no such file. */
  const noFile = version === 2 ? 'File not found' : noEmail;

  async function config(exchange: Exchange): Promise<void> {
    const { version: ours, listeners } = await parts.status();
    const port = listeners.find(({ protocol }) => protocol === 'smtp')?.port;
    json(exchange, {
      version: ours,
      ...(port === undefined ? {} : { smtpPort: version === 2 ? String(port) : port }),
      isOutgoingEnabled: false,
      ...(version === 2 ? {} : { outgoingHost: null }),
    });
  }

  async function list({ query, response }: Exchange): Promise<void> {
    const sort = query.get('sort');
    const limit = query.get('limit');
    const filters = [...query].filter(([name]) => !['skip', 'limit', 'sort'].includes(name)).slice(0, 20);
    const wanted = {
      filters,
      skip: readCount(query.get('skip'), 0),
      limit: limit === null ? null : readCount(limit, Number.MAX_SAFE_INTEGER),
    };
    await sendJsonList(response, listEmails(parts, await listIds(parts, { sort }), wanted, show), { type });
  }

  async function html(exchange: Exchange): Promise<void> {
    const message = await readFull(parts, exchange.params.id!);
    if (!message) return json(exchange, noEmail, 404);
    if (version === 3) {
      const open = openMessage(parts, message);
      const { html: joined } = await bodiesV3(parts, message, open);
      if (!joined) return json(exchange, { error: 'Email has no HTML content' }, 404);
      const found = await withImages(message, joined, open);
      return sendView(parts, exchange, { ...message, html: joined }, found);
    }
    const { host } = exchange.request.headers;
    const urls = new Map(
      maildevAttachments(message, 2).map(({ contentIdV2, name }) => [
        contentIdV2,
        `//${host}/email/${message.id}/attachment/${encodeURIComponent(name)}`,
      ]),
    );
    const { html: joined } = await bodiesV2(message, openMessage(parts, message));
    sendView(
      parts,
      exchange,
      { ...message, html: joined },
      replaceCids(joined ?? '', (id) => urls.get(id)),
    );
  }

  async function attachment(exchange: Exchange): Promise<void> {
    const { id, filename } = exchange.params;
    const message = await readFull(parts, id!);
    if (!message) return json(exchange, noFile, 404);
    const all = maildevAttachments(message, version);
    const found = all.find(({ name }) => name === filename);
    if (!found) {
      const error = all.length === 0 ? 'Email has no attachments' : 'Attachment not found';
      return json(exchange, version === 2 ? noFile : { error }, 404);
    }
    sendPart(exchange.response, await openMessage(parts, message).bytes(found.part), {
      contentType: found.contentType,
    });
  }

  async function raw(exchange: Exchange, as: { type: string; download?: string }): Promise<void> {
    const found = await sendRaw(parts, exchange.response, exchange.params.id!, as);
    if (!found) json(exchange, noFile, 404);
  }

  async function relay(exchange: Exchange): Promise<void> {
    const message = await store.findMessage(exchange.params.id!);
    if (version === 2 && !message) return json(exchange, noEmail, 404);
    json(exchange, { error: 'Outgoing mail not configured' }, 500);
  }

  return [
    { method: 'GET', path: `${base}/healthz`, answer: (exchange) => json(exchange, true) },
    { method: 'GET', path: `${base}/config`, answer: config },
    { method: 'GET', path: `${base}/email`, answer: list },
    ...(version === 3 ? [deleteSome(parts, json)] : []),
    {
      method: 'DELETE',
      path: `${base}/email/all`,
      async answer(exchange) {
        await store.deleteMessages({ all: true }, true);
        json(exchange, true);
      },
    },
    {
      method: 'PATCH',
      path: `${base}/email/read-all`,
      async answer(exchange) {
        const { unread } = await store.counts();
        await store.markMessages({ all: true }, { read: true });
        json(exchange, unread);
      },
    },
    {
      method: 'GET',
      path: `${base}/email/:id`,
      async answer(exchange) {
        const message = await readFull(parts, exchange.params.id!);
        if (!message) return json(exchange, noEmail, 404);
        json(exchange, await show({ ...message, read: true }));
        if (!message.read) await store.markMessages({ ids: [message.id] }, { read: true });
      },
    },
    {
      method: 'DELETE',
      path: `${base}/email/:id`,
      async answer(exchange) {
        const count = await store.deleteMessages({ ids: [exchange.params.id!] }, true);
        if (count > 0) return json(exchange, true);
        if (version === 2) json(exchange, { error: 'Email not found' }, 500);
        else json(exchange, noEmail, 404);
      },
    },
    { method: 'GET', path: `${base}/email/:id/html`, answer: html },
    { method: 'GET', path: `${base}/email/:id/attachment/:filename`, answer: attachment },
    {
      method: 'GET',
      path: `${base}/email/:id/source`,
      answer: (exchange) => raw(exchange, { type: 'text/plain; charset=utf-8' }),
    },
    {
      method: 'GET',
      path: `${base}/email/:id/download`,
      answer: (exchange) =>
        raw(exchange, { type: 'message/rfc822', download: `attachment; filename=${exchange.params.id}.eml` }),
    },
    // There is no folder that others put mail into: what is stored is all there is.
    {
      method: 'GET',
      path: `${base}/reloadMailsFromDirectory`,
      answer: (exchange) => json(exchange, true),
    },
    { method: 'POST', path: `${base}/email/:id/relay`, answer: relay },
    { method: 'POST', path: `${base}/email/:id/relay/:to`, answer: relay },
  ];
}

const deleteSome = (
  { store }: CompatParts,
  json: (exchange: Exchange, value: unknown, status?: number) => void,
): Call => ({
  method: 'POST',
  path: '/api/email/delete',
  async answer(exchange) {
    const body = await readBody(exchange);
    if (!body.ok) return json(exchange, { error: body.problem }, body.status);
    const ids: unknown = (body.value as { ids?: unknown } | null | undefined)?.ids;
    if (!Array.isArray(ids) || ids.some((id) => typeof id !== 'string' || id.trim() === ''))
      return json(exchange, { error: 'Request body must include an ids array of email IDs' }, 400);
    const [deleted, notFound]: [string[], string[]] = [[], []];
    for (const id of new Set(ids as string[])) {
      const count = await store.deleteMessages({ ids: [id] }, true);
      (count > 0 ? deleted : notFound).push(id);
    }
    json(exchange, { deleted, notFound });
  },
});

const summaryCalls = (parts: CompatParts): Call[] => [
  {
    method: 'GET',
    path: '/api/email/summary',
    async answer({ query, response }) {
      const skip = readCount(query.get('skip'), 0);
      const limit = readCount(query.get('limit'), 50, 200) || 50;
      const wanted = summaryQuery(query.get('search') ?? '', query.get('unread') === 'true');
      if (wanted !== undefined) await settleNewest(parts);
      const sort = query.get('sort') === 'asc' ? 'asc' : 'desc';
      const ids = await listIds(parts, { sort, ...(wanted === undefined ? {} : { query: wanted }) });
      const items = [];
      for await (const message of readAll(parts, ids.slice(skip, skip + limit)))
        items.push(await summaryV3(parts, message));
      const { messages, unread } = await parts.store.counts();
      sendJson(response, { items, total: ids.length, storeTotal: messages, unread, skip, limit }, { type });
    },
  },
];
