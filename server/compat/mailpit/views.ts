// Mailpit's pages for test browsers: a message's HTML or text by itself, also of the newest message.
import type { Message } from '../../../shared/message.ts';
import { send, sendEmpty } from '../answers.ts';
import { bareContentId, replaceCids } from '../message-parts.ts';
import type { CompatParts } from '../parts.ts';
import { readFull } from '../reading.ts';
import type { Call, Exchange } from '../router.ts';
import { sendView } from '../view.ts';
import { refuse, resolveId } from './asking.ts';
import { htmlOf, textOf } from './shapes.ts';

export function viewCalls(parts: CompatParts): Call[] {
  async function find(exchange: Exchange): Promise<Message | undefined> {
    const id = await resolveId(parts, exchange);
    const found = id === undefined ? undefined : await readFull(parts, id);
    if (found === undefined) refuse(exchange.response, 'Message not found', 404);
    else if (!found.read) await parts.store.markMessages({ ids: [found.id] }, { read: true });
    return found;
  }

  return [
    {
      method: 'GET',
      path: '/view/:id.html',
      async answer(exchange) {
        const { response } = exchange;
        const message = await find(exchange);
        if (message === undefined) return;
        const sent = await htmlOf(parts, message);
        if (sent === null) return refuse(response, 'This message does not contain a HTML part', 404);
        // A program gets the HTML as it was sent, but for the addresses of inline images.
        const urls = parts.cidUrls(message);
        const html = replaceCids(sent, (id) => urls(bareContentId(decodeSafely(id))));
        sendView(parts, exchange, message, html);
      },
    },
    {
      method: 'GET',
      path: '/view/:id.txt',
      async answer(exchange) {
        const message = await find(exchange);
        if (message)
          send(exchange.response, await textOf(parts, message), { type: 'text/plain; charset=utf-8' });
      },
    },
    {
      method: 'GET',
      path: '/view/:id',
      async answer(exchange) {
        const id = await resolveId(parts, exchange);
        exchange.response.setHeader('Location', id === undefined ? '/' : `/inbox/${encodeURIComponent(id)}`);
        sendEmpty(exchange.response, 302);
      },
    },
  ];
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
