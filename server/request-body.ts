// Collects the body of a request, within a limit.
import type { IncomingMessage } from 'node:http';

/** How much past the limit is read away, so that the client gets to see the answer. */
const drainBytes = 64 * 1024 * 1024;

/** Undefined where it is over the limit; what is declared as far over is not even begun. */
export async function collectBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limit + drainBytes) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  // Destroying the request would take the answer with it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (size > limit + drainBytes) break;
  }
  return size > limit ? undefined : Buffer.concat(chunks);
}
