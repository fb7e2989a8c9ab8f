// The body of a request, within a limit.
import type { IncomingMessage } from 'node:http';

/** How much past the limit is read away, so that the client gets to see the answer. */
const drainBytes = 64 * 1024 * 1024;

/**
 * Gives what is within the limit while it arrives. Returns its size, as far as it was looked at: what is declared as far
 * over the limit is not even begun.
 */
export async function* readWithin(request: IncomingMessage, limit: number): AsyncGenerator<Buffer, number> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit + drainBytes) return declared;
  let size = 0;
  // Destroying the request would take the answer with it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) yield chunk;
    else if (size > limit + drainBytes) break;
  }
  return size;
}

/** In one; undefined where it is over the limit. */
export async function collectBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const body = readWithin(request, limit);
  const chunks: Buffer[] = [];
  for (;;) {
    const { done, value } = await body.next();
    if (done) return value > limit ? undefined : Buffer.concat(chunks);
    chunks.push(value);
  }
}
