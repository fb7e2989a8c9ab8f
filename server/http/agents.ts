// The Model Context Protocol over HTTP (streamable HTTP), behind the same access checks as everything else.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import type { Express, Request as ExpressRequest } from 'express';
import type { HttpParts } from './parts.ts';

function toWebRequest(request: ExpressRequest, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one);
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  return new Request(`http://${request.headers.host}${request.originalUrl}`, {
    ...{ method: request.method, headers, signal },
    ...(hasBody ? { body: Readable.toWeb(request) as unknown as Blob, duplex: 'half' as const } : {}),
  });
}

export function bindAgents(app: Express, { agents }: Pick<HttpParts, 'agents'>): void {
  app.all('/mcp', async (request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort(new Error('The client went away.')));
    const answer = await agents(toWebRequest(request, gone.signal));
    response.status(answer.status);
    answer.headers.forEach((value, name) => response.setHeader(name, value));
    // What is left of a refused body is not waited for.
    if (!request.complete && request.method !== 'GET') response.setHeader('Connection', 'close');
    if (answer.body === null) return void response.end();
    await pipeline(Readable.fromWeb(answer.body as ReadableStream), response).catch(() => response.destroy());
  });
}
