// MailCatcher's API (0.10). Its ids are numbers: ours in the order of arrival.
import { isAscii } from 'node:buffer';
import type { Message, MessageSummary } from '../../../shared/message.ts';
import { send, sendEmpty, sendJson, sendJsonList, sendPart, sendRaw } from '../answers.ts';
import { replaceCids } from '../message-parts.ts';
import { openMessage } from '../part-text.ts';
import type { CompatParts } from '../parts.ts';
import { readFull, summaries } from '../reading.ts';
import type { Call, Exchange } from '../router.ts';
import { sendView } from '../view.ts';
import { addressesOf, cidOf, namedParts, rowOf, shapeOf, type NamedPart } from './shapes.ts';

function notFound(response: Exchange['response']): void {
  const text = '<h1>No Dice</h1><p>There is no such message, or it has no content of this type.</p>';
  send(response, text, { type: 'text/html; charset=utf-8', status: 404 });
}

/** `note` is told the number of a message before it is deleted. */
export function mailcatcherCalls(parts: CompatParts, note: (id: string, number: number) => void): Call[] {
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
      yield rowOf(summary, message ? addressesOf(message) : summary.rcptTo);
    }
  }

  /** The first that is shown, not attached. */
  const bodyIn = (named: NamedPart[], type: string): NamedPart | undefined =>
    named.find(({ part, name }) => name === null && part.contentType === type);

  async function describe(message: Message): Promise<object> {
    const named = await namedParts(message, openMessage(parts, message));
    const shape = shapeOf(message);
    const has = (type: string): boolean => shape.type === type || bodyIn(named, type) !== undefined;
    const attached = named
      .flatMap(({ part, name }) => (name === null ? [] : [{ part, name }]))
      .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
    return {
      ...shape,
      formats: ['source', ...(has('text/html') ? ['html'] : []), ...(has('text/plain') ? ['plain'] : [])],
      attachments: attached.map(({ part, name }) => ({
        cid: cidOf(part),
        type: part.contentType,
        filename: name,
        size: part.size ?? part.bodyLength,
        href: `/messages/${message.seq}/parts/${encodeURIComponent(cidOf(part))}`,
      })),
    };
  }

  /** The text of the first part of that type; undefined where there is none. */
  async function readBody(message: Message, type: string): Promise<string | undefined> {
    const open = openMessage(parts, message);
    const found = bodyIn(await namedParts(message, open), type);
    if (!found) return undefined;
    const text = await open.textAsSent(found.part);
    // The library that it reads mail with folds the line endings of ASCII that was sent as such.
    const isFolded =
      !/^(?:base64|8bit|binary)$/.test(found.part.encoding) && isAscii(await open.bytes(found.part));
    return isFolded ? text.replaceAll('\r\n', '\n') : text;
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
    get('/messages/:id.json', async ({ response }, message) => sendJson(response, await describe(message))),
    get('/messages/:id.html', async (exchange, message) => {
      const html = await readBody(message, 'text/html');
      if (html === undefined) return notFound(exchange.response);
      const linked = replaceCids(html, (id) => `${message.seq}/parts/${id}`);
      sendView(parts, exchange, { ...message, html }, linked);
    }),
    get('/messages/:id.plain', async ({ response }, message) => {
      const text = await readBody(message, 'text/plain');
      if (text === undefined) return notFound(response);
      send(response, text, { type: 'text/plain; charset=utf-8' });
    }),
    get('/messages/:id.source', async ({ response }, { id }) => {
      if (!(await sendRaw(parts, response, id, { type: 'text/plain; charset=utf-8' }))) notFound(response);
    }),
    get('/messages/:id.eml', async ({ response }, { id }) => {
      if (!(await sendRaw(parts, response, id, { type: 'message/rfc822' }))) notFound(response);
    }),
    get('/messages/:id/parts/:cid', async ({ params, response }, message) => {
      const open = openMessage(parts, message);
      const found = (await namedParts(message, open)).find(({ part }) => cidOf(part) === params.cid);
      if (!found) return notFound(response);
      sendPart(response, await open.bytes(found.part), {
        contentType: found.part.contentType,
        ...(found.name === null ? {} : { disposition: parts.contentDisposition('attachment', found.name) }),
      });
    }),
    {
      method: 'DELETE',
      path: '/messages/:id',
      async answer({ params, response }) {
        const message = await find(params.id!);
        if (message) note(message.id, message.seq);
        const count = message ? await store.deleteMessages({ ids: [message.id] }, true) : 0;
        if (count === 0) notFound(response);
        else sendEmpty(response, 204);
      },
    },
  ];
}
