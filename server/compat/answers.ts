// Writes answers: JSON as each tool labels it, texts, bytes of parts that must not run in a browser.
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { CompatParts } from './parts.ts';

/** Nothing that is opened from here may run, be it HTML, SVG or PDF. */
const inertPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";

export function send(
  response: ServerResponse,
  body: string | Buffer,
  { type, status = 200 }: { type: string; status?: number },
): void {
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

export const sendJson = (
  response: ServerResponse,
  value: unknown,
  { type = 'application/json', status = 200 }: { type?: string; status?: number } = {},
): void => send(response, JSON.stringify(value), { type, status });

export function sendEmpty(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}

/** Resolves once there is room again, or the client has left. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });

/** One after the other, as fast as the client reads, so that a long list is never wholly in memory. */
export async function sendJsonList(
  response: ServerResponse,
  items: AsyncIterable<unknown>,
  { type = 'application/json', before = '[', after = ']' } = {},
): Promise<void> {
  response.setHeader('Content-Type', type);
  response.setHeader('Cache-Control', 'no-store');
  let separator = before;
  for await (const item of items) {
    if (response.destroyed) return;
    const more = response.write(separator + JSON.stringify(item));
    separator = ',';
    if (!more) await drained(response);
  }
  response.end(separator === before ? before + after : after);
}

/** The message as it was sent; false when it is not there. */
export async function sendRaw(
  parts: CompatParts,
  response: ServerResponse,
  id: string,
  { type, download }: { type: string; download?: string },
): Promise<boolean> {
  const body = await parts.store.findBody(id);
  if (body === undefined) return false;
  response.setHeader('Content-Security-Policy', inertPolicy);
  response.setHeader('Content-Type', type);
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Length', body.size);
  if (download !== undefined) response.setHeader('Content-Disposition', download);
  if (response.req.method === 'HEAD') response.end();
  else await pipeline(body.stream(), response).catch(() => response.destroy());
  return true;
}

const active = /^(?:text\/(?:html|xml|xsl)|application\/(?:xhtml\+xml|xml)|image\/svg\+xml)$/;

/** As what it was sent, so that clients find their type again; what a browser would run becomes a download. */
export function sendPart(
  response: ServerResponse,
  bytes: Buffer,
  { contentType, disposition }: { contentType: string; disposition?: string },
): void {
  const type = contentType.toLowerCase();
  const isPlain = /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}$/.test(type) && !active.test(type);
  response.setHeader('Content-Security-Policy', inertPolicy);
  if (disposition !== undefined)
    response.setHeader(
      'Content-Disposition',
      isPlain ? disposition : disposition.replace(/^inline/, 'attachment'),
    );
  else if (!isPlain) response.setHeader('Content-Disposition', 'attachment');
  send(response, bytes, { type: isPlain ? type : 'application/octet-stream' });
}
