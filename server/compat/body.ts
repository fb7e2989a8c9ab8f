// Reads the JSON body of a request as other tools do, within a limit.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectBody } from '../request-body.ts';

const usualLimit = 5 * 1024 * 1024;

export type Body = { ok: true; value: unknown } | { ok: false; status: 400 | 413; problem: string };

/** JSON, whatever its Content-Type says, as these tools read it. `value` is undefined where there is no body. */
export async function readBody(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  limit: number = usualLimit,
): Promise<Body> {
  const bytes = await collectBody(request, limit);
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
