// The HTML of a message by itself. It is not sanitised: the policy of the answer is the wall, as for every mail.
import type { Message } from '../../shared/message.ts';
import { send } from './answers.ts';
import type { CompatParts } from './parts.ts';
import type { Exchange } from './router.ts';

/** A program gets `html`, as its tool would give it; a browser, which says what it is, a document that it may show. */
export function sendView(
  parts: CompatParts,
  { request, response }: Exchange,
  message: Message,
  html: string,
): void {
  // Browsers send this with everything, and programs never.
  const isBrowser = request.headers['sec-fetch-site'] !== undefined;
  const cidBase = `http://${request.headers.host}/cid/`;
  response.setHeader('Content-Security-Policy', parts.csp({ cidBase, remote: false }));
  response.setHeader('X-DNS-Prefetch-Control', 'off');
  send(response, isBrowser ? parts.frameHtml(message, parts.cidUrls(message)) : html, {
    type: 'text/html; charset=utf-8',
  });
}
