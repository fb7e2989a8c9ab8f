// MailHog's API v1 and v2. `GET /api/v1/messages` is Mailpit's unless MailHog is asked for by --compat.
import type { ServerResponse } from 'node:http';
import { or, type Query } from '../../../shared/search/query.ts';
import { send, sendEmpty, sendJson, sendJsonList, sendPart, sendRaw } from '../answers.ts';
import { readBody } from '../body.ts';
import type { News } from '../news.ts';
import type { CompatParts } from '../parts.ts';
import { readAll, readCount, readFull, searchSlice, settleNewest, slice } from '../reading.ts';
import type { Call } from '../router.ts';
import { headerOf } from './content.ts';
import { mailhogMessage, type MailhogMessage } from './shapes.ts';

const type = 'text/json';
const field = (name: string, value: string, header: string | null = null): Query => ({
  type: 'field',
  field: name,
  header,
  value,
});

/** Pieces of text, wherever they stand. MailHog looks at what was sent; this looks at the same once decoded. */
const kinds: Record<string, (text: string) => Query> = {
  from: (text) => field('from', text),
  to: (text) => or([field('rcpt', text), field('to', text)]),
  containing: (text) =>
    or([
      ...['subject', 'from', 'to', 'cc', 'bcc', 'body', 'filename'].map((name) => field(name, text)),
      ...['message-id', 'reply-to', 'list-id', 'x-mailer'].map((name) => field('header', text, name)),
    ]),
};

export function mailhogCalls(
  parts: CompatParts,
  news: News,
  { primary }: { primary: 'mailpit' | 'mailhog' },
): Call[] {
  const { store } = parts;

  async function* shapes(ids: string[]): AsyncGenerator<MailhogMessage> {
    for await (const message of readAll(parts, ids)) {
      const shape = await mailhogMessage(parts, message);
      if (shape) yield shape;
    }
  }
  const sendPage = (
    response: ServerResponse,
    { ids, total, start, as = type }: { ids: string[]; total: number; start: number; as?: string },
  ): Promise<void> =>
    sendJsonList(response, shapes(ids), {
      type: as,
      before: `{"total":${total},"count":${ids.length},"start":${start},"items":[`,
      after: ']}',
    });
  const find = async (id: string): Promise<MailhogMessage | undefined> => {
    const message = await readFull(parts, id);
    return message && mailhogMessage(parts, message);
  };
  const page = (query: URLSearchParams): { start: number; limit: number } => ({
    start: readCount(query.get('start'), 0),
    limit: readCount(query.get('limit'), 50, 250) || 50,
  });

  /** Server-sent events: the message in indented JSON, line by line. */
  function stream(response: ServerResponse): void {
    response.setHeader('Content-Type', 'text/event-stream');
    response.setHeader('Cache-Control', 'no-cache');
    if (response.req.method === 'HEAD') return void response.end();
    response.flushHeaders();
    const stop = news.listen({
      added(message) {
        if (response.writableLength > 32 * 1024 * 1024) return void response.destroy();
        void mailhogMessage(parts, message).then(
          (shape) =>
            shape && response.write(`${JSON.stringify(shape, null, 2).replace(/^/gm, 'data: ')}\n\n`),
          () => response.destroy(),
        );
      },
    });
    const timer = setInterval(() => response.write('keepalive: \n\n'), 60_000).unref();
    response.on('close', () => {
      clearInterval(timer);
      stop();
    });
  }

  const list: Call = {
    method: 'GET',
    path: '/api/v1/messages',
    async answer({ response }) {
      const ids = (await slice(parts, 0, 1000)).map(({ id }) => id);
      await sendJsonList(response, shapes(ids), { type });
    },
  };

  const calls: Call[] = [
    ...(primary === 'mailhog'
      ? [
          list,
          {
            method: 'DELETE',
            path: '/api/v1/messages',
            async answer({ response }) {
              await store.deleteMessages({ all: true }, true);
              send(response, '', { type });
            },
          } satisfies Call,
        ]
      : []),
    { method: 'GET', path: '/api/v1/events', answer: ({ response }) => stream(response) },
    {
      method: 'GET',
      path: '/api/v1/messages/:id',
      answer: async ({ params, response }) => sendJson(response, (await find(params.id!)) ?? null, { type }),
    },
    {
      method: 'DELETE',
      path: '/api/v1/messages/:id',
      async answer({ params, response }) {
        await store.deleteMessages({ ids: [params.id!] }, true);
        send(response, '', { type });
      },
    },
    {
      method: 'GET',
      path: '/api/v1/messages/:id/download',
      async answer({ params, response }) {
        const id = params.id!;
        const download = `attachment; filename="${id}.eml"`;
        if (!(await sendRaw(parts, response, id, { type: 'message/rfc822', download })))
          sendEmpty(response, 404);
      },
    },
    {
      method: 'GET',
      path: '/api/v1/messages/:id/mime/part/:part/download',
      async answer({ params, response }) {
        const message = /^\d{1,4}$/.test(params.part!) ? await find(params.id!) : undefined;
        const part = message?.MIME?.Parts[Number(params.part)];
        if (!part) return sendEmpty(response, 404);
        const isBase64 = headerOf(part, 'content-transfer-encoding')?.trim().toLowerCase() === 'base64';
        // That of the part goes before, as long as it is a download too: a browser must not run what is in it.
        const own = headerOf(part, 'content-disposition')?.trim() ?? '';
        sendPart(response, Buffer.from(part.Body, isBase64 ? 'base64' : 'utf8'), {
          contentType: (headerOf(part, 'content-type') ?? '').split(';', 1)[0]!.trim(),
          disposition: /^attachment;[\x20-\x7e]{1,500}$/i.test(own)
            ? own
            : `attachment; filename="${params.id}-part-${params.part}"`,
        });
      },
    },
    // As where the mail server that is to relay it cannot be reached.
    {
      method: 'POST',
      path: '/api/v1/messages/:id/release',
      async answer(exchange) {
        const body = await readBody(exchange);
        const isObject = body.ok && typeof body.value === 'object' && body.value !== null;
        if (!isObject) return send(exchange.response, 'Error decoding request body', { type, status: 500 });
        // A name is that of a server which was set up, and there is none.
        const { name, save } = body.value as { name?: unknown; save?: unknown };
        send(exchange.response, '', { type, status: name && save !== true ? 400 : 500 });
      },
    },
    {
      method: 'GET',
      path: '/api/v2/messages',
      async answer({ query, response }) {
        const { start, limit } = page(query);
        const [items, { messages }] = await Promise.all([slice(parts, start, limit), store.counts()]);
        await sendPage(response, { ids: items.map(({ id }) => id), total: messages, start });
      },
    },
    {
      method: 'GET',
      path: '/api/v2/search',
      async answer({ query, response }) {
        const kind = query.get('kind') ?? '';
        const text = query.get('query') ?? '';
        if (!Object.hasOwn(kinds, kind) || text === '' || text.length > 4096) return sendEmpty(response, 400);
        const { start, limit } = page(query);
        await settleNewest(parts);
        const { items, count } = await searchSlice(parts, { query: kinds[kind]!(text), start, limit });
        const ids = items.map(({ id }) => id);
        await sendPage(response, { ids, total: count, start, as: 'application/json' });
      },
    },
    {
      method: 'GET',
      path: '/api/v2/outgoing-smtp',
      answer: ({ response }) => sendJson(response, {}),
    },
    // Jim, its chaos monkey, is not there: what MailHog answers while it is off.
    ...(['GET', 'PUT', 'DELETE'] as const).map((method): Call => ({
      method,
      path: '/api/v2/jim',
      answer: ({ response }) => sendEmpty(response, 404),
    })),
  ];
  return calls.map((call) => ({ ...call, slash: true }));
}
