// MailCatcher's API (0.10). Its ids are numbers: ours in the order of arrival.
import type { Message, MessageSummary, Part } from '../../../shared/message.ts';
import { send, sendEmpty, sendJson, sendJsonList, sendPart, sendRaw } from '../answers.ts';
import { bareContentId, leavesInOrder, openParts, replaceCids } from '../message-parts.ts';
import type { News } from '../news.ts';
import type { CompatParts } from '../parts.ts';
import { readFull, summaries } from '../reading.ts';
import type { Call, Exchange } from '../router.ts';
import { createSockets, type Sockets } from '../sockets.ts';
import { sendView } from '../view.ts';

const bracketed = (address: string): string => `<${address}>`;

function shapeOf({ seq, mailFrom, subject, size, receivedAt }: MessageSummary, rcptTo: string[]): object {
  return {
    id: seq,
    sender: bracketed(mailFrom),
    recipients: rcptTo.map(bracketed),
    subject,
    size: String(size),
    created_at: receivedAt.replace(/(?:\.\d+)?Z$/, '+00:00'),
  };
}
const addressesOf = ({ envelope }: Message): string[] => envelope.to.map(({ address }) => address);

/** The library that it reads mail with makes one up for a part that has none. */
const cidOf = (part: Part): string => bareContentId(part.contentId) || `part-${part.path}@mailscope`;

function notFound(response: Exchange['response']): void {
  const text = '<h1>No Dice</h1><p>There is no such message, or it has no content of this type.</p>';
  send(response, text, { type: 'text/html; charset=utf-8', status: 404 });
}

export function mailcatcherCalls(parts: CompatParts): Call[] {
  const { store } = parts;
  const find = async (text: string): Promise<Message | undefined> => {
    const id = /^\d{1,15}$/.test(text) ? await store.findBySeq(Number(text)) : undefined;
    return id === undefined ? undefined : readFull(parts, id);
  };
  const get = (
    path: string,
    answer: (exchange: Exchange, message: Message) => Promise<void> | void,
  ): Call => ({
    method: 'GET',
    path,
    async answer(exchange) {
      const message = await find(exchange.params.id!);
      if (message === undefined) notFound(exchange.response);
      else await answer(exchange, message);
    },
  });

  async function* all(): AsyncGenerator<object> {
    const found: MessageSummary[] = [];
    for await (const summary of summaries(parts)) found.push(summary);
    for (const summary of found.reverse()) {
      // The row names the first recipients only.
      const message =
        summary.rcptCount > summary.rcptTo.length ? await store.findMessage(summary.id) : undefined;
      yield shapeOf(summary, message ? addressesOf(message) : summary.rcptTo);
    }
  }

  function describe(message: Message): object {
    const attached = leavesInOrder(message.structure).filter(
      ({ disposition }) => disposition === 'attachment',
    );
    return {
      ...shapeOf(message, addressesOf(message)),
      type: message.structure?.contentType ?? 'text/plain',
      formats: [
        'source',
        ...(message.html === null ? [] : ['html']),
        ...(message.text === null ? [] : ['plain']),
      ],
      attachments: attached.map((part) => ({
        cid: cidOf(part),
        type: part.contentType,
        filename: part.filename,
        size: part.size ?? part.bodyLength,
        href: `/messages/${message.seq}/parts/${encodeURIComponent(cidOf(part))}`,
      })),
    };
  }

  return [
    { method: 'GET', path: '/messages', answer: ({ response }) => sendJsonList(response, all()) },
    {
      method: 'DELETE',
      path: '/messages',
      async answer({ response }) {
        await store.deleteMessages({ all: true }, true);
        sendEmpty(response, 204);
      },
    },
    get('/messages/:id.json', ({ response }, message) => sendJson(response, describe(message))),
    get('/messages/:id.html', (exchange, message) => {
      if (message.html === null) return notFound(exchange.response);
      const html = replaceCids(message.html, (id) => `${message.seq}/parts/${id}`);
      sendView(parts, exchange, message, html);
    }),
    get('/messages/:id.plain', ({ response }, message) => {
      if (message.text === null) return notFound(response);
      send(response, message.text, { type: 'text/plain; charset=utf-8' });
    }),
    get('/messages/:id.source', async ({ response }, { id }) => {
      if (!(await sendRaw(parts, response, id, { type: 'text/plain; charset=utf-8' }))) notFound(response);
    }),
    get('/messages/:id.eml', async ({ response }, { id }) => {
      if (!(await sendRaw(parts, response, id, { type: 'message/rfc822' }))) notFound(response);
    }),
    get('/messages/:id/parts/:cid', async ({ params, response }, message) => {
      const part = leavesInOrder(message.structure).find((one) => cidOf(one) === params.cid);
      if (!part) return notFound(response);
      sendPart(response, await openParts(parts, message)(part), {
        contentType: part.contentType,
        ...(part.disposition === 'attachment'
          ? { disposition: parts.contentDisposition('attachment', part.filename ?? cidOf(part)) }
          : {}),
      });
    }),
    {
      method: 'DELETE',
      path: '/messages/:id',
      async answer({ params, response }) {
        const message = await find(params.id!);
        const count = message ? await store.deleteMessages({ ids: [message.id] }, true) : 0;
        if (count === 0) notFound(response);
        else sendEmpty(response, 204);
      },
    },
  ];
}

/** Its WebSocket at /messages. Messages that are gone cannot be told by number any more; the list is asked for again. */
export function mailcatcherSockets(news: News): Sockets {
  const sockets = createSockets(() =>
    news.listen({
      added: (message) => sockets.push({ type: 'add', message: shapeOf(message, addressesOf(message)) }),
      deleted: (ids) => {
        if (ids === null) sockets.push({ type: 'clear' });
      },
    }),
  );
  return sockets;
}
