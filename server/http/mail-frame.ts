// The message itself, as a document of its own for a sandboxed frame, and the inline images that it shows. The
// document is not sanitised: the sandbox and the policy of this answer are the wall.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Express, Response } from 'express';
import { MailscopeError } from '../../shared/errors.ts';
import type { InboxView } from '../../shared/inbox-view.ts';
import { messageId, type Message } from '../../shared/message.ts';
import { isSecure } from './credentials.ts';
import { downloadPolicy, readPart } from './downloads.ts';
import { noMessage, readMessage } from './messages.ts';
import type { HttpParts } from './parts.ts';
import { readInboxName, viewOf, visitorOf } from './visitor.ts';

// New with each start: a token is only good for the pages that this process made.
const secret = randomBytes(32);
// With the inbox in whose view it was made, if it was in one.
const tokenForm =
  /^(m_[A-Za-z0-9_-]{1,62})(?:~([a-z0-9][a-z0-9._-]{0,62})~)?\.(\d{1,6}(?:\.\d{1,6}){0,200})\.([A-Za-z0-9_-]{43})$/;

const sign = (id: string, part: string, view: InboxView): string =>
  createHmac('sha256', secret)
    .update(`${id}\n${part}\n${view ?? ''}`)
    .digest('base64url');

const cidToken = (id: string, part: string, view: InboxView): string =>
  `${id}${view === null ? '' : `~${view}~`}.${part}.${sign(id, part, view)}`;

function openToken(token: string): { id: string; part: string; view: InboxView } | undefined {
  const [, id, view = null, part, mac] = tokenForm.exec(token) ?? [];
  if (id === undefined || part === undefined || mac === undefined) return undefined;
  return timingSafeEqual(Buffer.from(mac), Buffer.from(sign(id, part, view)))
    ? { id, part, view }
    : undefined;
}

/** Content-ID without its angle brackets (RFC 2392 §2), to the address of the part. */
export function cidUrls(message: Message, view: InboxView): (contentId: string) => string | undefined {
  const bare = (contentId: string): string => contentId.trim().replace(/^<|>$/g, '').toLowerCase();
  const byId = new Map<string, string>();
  for (const { contentId, part } of message.attachmentList)
    if (contentId !== null && !byId.has(bare(contentId))) byId.set(bare(contentId), part);
  return (contentId) => {
    const part = byId.get(bare(contentId));
    return part === undefined ? undefined : `/cid/${cidToken(message.id, part, view)}`;
  };
}

function sendDocument(response: Response, html: string, policy: string): void {
  response.setHeader('Content-Security-Policy', policy);
  // No policy covers looking up names; this cannot be taken back by a <meta> of the mail.
  response.setHeader('X-DNS-Prefetch-Control', 'off');
  response.setHeader('X-Frame-Options', 'SAMEORIGIN');
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.end(html);
}

const viewHint =
  'Known are view=html, view=text, remote=1, images=0 for none at all, scheme=dark, inverted or paper, and inbox=NAME.';

type Scheme = Parameters<HttpParts['mail']['forScheme']>[1];
const schemes: readonly unknown[] = ['light', 'dark', 'inverted', 'paper'] satisfies Scheme[];
const isScheme = (given: unknown): given is Scheme => schemes.includes(given);

type Parts = Pick<HttpParts, 'store' | 'settled' | 'mail' | 'grants' | 'inboxes'>;

export function bindMailFrame(app: Express, parts: Parts): void {
  app.get('/mail/:id', async (request, response) => {
    const { id } = request.params;
    const { view = 'html', remote = '0', images = '1', scheme = 'light', inbox, ...unknown } = request.query;
    if (
      Object.keys(unknown).length > 0 ||
      !['html', 'text'].includes(String(view)) ||
      !/^[01]$/.test(String(remote)) ||
      !/^[01]$/.test(String(images)) ||
      !isScheme(scheme)
    )
      throw new MailscopeError('invalid_request', 'The query is not as it should be.', { hint: viewHint });
    if (id !== 'latest' && !messageId.safeParse(id).success) throw noMessage(id.slice(0, 64));
    const inView = viewOf(visitorOf(request), readInboxName(inbox), parts);
    const message = await readMessage(parts, id, inView);
    // Never 'self' for images: the mail could then fetch any path of ours.
    const cidBase = `${isSecure(request) ? 'https' : 'http'}://${request.headers.host}/cid/`;
    const isRemote = remote === '1' && view === 'html';
    const loading = parts.mail.csp({ cidBase, remote: isRemote });
    const policy = images === '0' ? loading.replace(/img-src [^;]*/, "img-src 'none'") : loading;
    const asHtml = view === 'html' && message.html !== null;
    const html = asHtml
      ? parts.mail.frameHtml(message, cidUrls(message, inView))
      : parts.mail.frameText(message);
    const pictures = images === '0' ? 'none' : isRemote ? 'all' : 'inline';
    sendDocument(response, parts.mail.forScheme(html, scheme, pictures), policy);
  });

  app.get('/cid/:token', async (request, response) => {
    const opened = openToken(request.params.token);
    const message = opened && (await parts.store.findMessage(opened.id, opened.view));
    if (!opened || !message)
      throw new MailscopeError('not_found', 'There is no such inline part.', {
        hint: 'Load the message again.',
      });
    const { part, bytes } = await readPart(parts, message, opened.part, opened.view);
    const { contentType, inline } = parts.mail.servedType(bytes, part.contentType);
    response.setHeader('Content-Security-Policy', downloadPolicy);
    // The document that shows it has an opaque origin, which is never the same.
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Content-Type', contentType);
    response.setHeader('Content-Disposition', inline ? 'inline' : 'attachment');
    response.setHeader('Cache-Control', 'private, max-age=3600');
    response.send(bytes);
  });
}
