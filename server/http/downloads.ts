// The bytes of messages: the raw message exactly as it came, and its decoded parts as downloads.
import { pipeline } from 'node:stream/promises';
import { MailscopeError } from '../../shared/errors.ts';
import type { InboxView } from '../../shared/inbox-view.ts';
import type { Message, Part } from '../../shared/message.ts';
import { written, type Handlers } from './endpoint.ts';
import { noMessage, readMessage, resolveMessageId } from './messages.ts';
import type { HttpParts } from './parts.ts';

// Nothing that is opened from here may run, be it HTML, SVG or PDF.
export const downloadPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";

function findPart(root: Part | null, path: string): Part | undefined {
  const waiting = root === null ? [] : [root];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part.path === path) return part;
    for (const child of part.children) waiting.push(child);
  }
  return undefined;
}

/** A part of the message with its decoded bytes. Throws not_found or unavailable. */
export async function readPart(
  { store, mail }: Pick<HttpParts, 'store' | 'mail'>,
  message: Message,
  path: string,
  inbox: InboxView = null,
): Promise<{ part: Part; bytes: Buffer }> {
  if (message.structure === null && message.parse === 'pending')
    throw new MailscopeError('unavailable', `Message ${message.id} is still being parsed.`, {
      hint: 'Ask again.',
    });
  const part = findPart(message.structure, path);
  const body = part && (await store.findBody(message.id, inbox));
  if (!part || !body)
    throw new MailscopeError('not_found', `Message ${message.id} has no part ${path}.`, {
      hint: 'The parts are listed in `structure` of the message.',
    });
  return { part, bytes: mail.decodePart(await body.bytes(), part) };
}

export function downloadHandlers(
  parts: Pick<HttpParts, 'store' | 'settled' | 'mail'>,
): Pick<Handlers, 'readRaw' | 'readPart'> {
  const { store, mail } = parts;
  return {
    async readRaw({ params, query }, { request, response, view }) {
      const id = await resolveMessageId(store, params.id, view);
      const body = await store.findBody(id, view);
      if (body === undefined) throw noMessage(id);
      response.setHeader('Content-Security-Policy', downloadPolicy);
      response.setHeader('Content-Type', 'message/rfc822');
      response.setHeader('Cache-Control', 'private, no-cache');
      // An id is never given to other bytes.
      const etag = `"${id}"`;
      response.setHeader('ETag', etag);
      const kind = query.download ? 'attachment' : 'inline';
      response.setHeader('Content-Disposition', mail.contentDisposition(kind, `${id}.eml`));
      const known = request.headers['if-none-match'];
      // RFC 9110 13.1.2: `*` is any that there is.
      if (known?.trim() === '*' || known?.includes(etag)) {
        response.status(304).end();
        return written;
      }
      response.setHeader('Content-Length', body.size);
      if (request.method === 'HEAD') response.end();
      else await pipeline(body.stream(), response).catch(() => response.destroy());
      return written;
    },

    async readPart({ params }, { response, view }) {
      const message = await readMessage(parts, params.id, view);
      const { part, bytes } = await readPart(parts, message, params.part, view);
      const { contentType, inline } = mail.servedType(bytes, part.contentType);
      const filename = part.filename ?? `part-${part.path}`;
      response.setHeader('Content-Security-Policy', downloadPolicy);
      response.setHeader('Content-Type', contentType);
      response.setHeader(
        'Content-Disposition',
        mail.contentDisposition(inline ? 'inline' : 'attachment', filename),
      );
      response.setHeader('Cache-Control', 'private, no-cache');
      response.setHeader('ETag', `"${message.id}.${part.path}"`);
      response.send(bytes);
      return written;
    },
  };
}
