// Reads the body of a request within a limit.
import type { IncomingMessage, ServerResponse } from 'node:http';

export const usualLimit = 5 * 1024 * 1024;
/** How much of a body that is too large is read away, so that the client gets to see the answer. */
const drainBytes = 64 * 1024 * 1024;

export type Body = { ok: true; value: unknown } | { ok: false; status: 400 | 413; problem: string };

async function collect(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
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

/** JSON, whatever its Content-Type says, as these tools read it. `value` is undefined where there is no body. */
export async function readBody(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  limit: number = usualLimit,
): Promise<Body> {
  const declared = Number(request.headers['content-length'] ?? 0);
  const bytes = declared > limit + drainBytes ? undefined : await collect(request, limit);
  if (bytes === undefined) {
    response.shouldKeepAlive = false;
    return { ok: false, status: 413, problem: `The body is over the limit of ${limit} bytes.` };
  }
  const text = bytes.toString('utf8').trim();
  if (text === '') return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, status: 400, problem: `The body is not valid JSON: ${(error as Error).message}` };
  }
}
