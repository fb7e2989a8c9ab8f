// fetch, for servers whose certificate Node does not know: our own, and those that show one of the local CA.
import { request as askSecurely, type RequestOptions } from 'node:https';
import { Readable } from 'node:stream';

type Trust = Pick<RequestOptions, 'ca' | 'rejectUnauthorized'>;

/** Addresses of plain HTTP are fetched as usual. */
export function fetchWith(trust: Trust): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.protocol !== 'https:') return fetch(input, init);
    const request = new Request(input, init);
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    const headers = Object.fromEntries(request.headers);
    if (body !== undefined) headers['content-length'] = String(body.length);
    return new Promise((done, fail) => {
      const { method } = request;
      // That of the Request follows the given one only until it is collected as garbage (in Node 20).
      const signal = init?.signal ?? request.signal;
      const asking = askSecurely(url, { ...trust, method, headers, signal }, (incoming) => {
        const given = new Headers();
        for (let i = 0; i < incoming.rawHeaders.length; i += 2)
          given.append(incoming.rawHeaders[i]!, incoming.rawHeaders[i + 1]!);
        const status = incoming.statusCode ?? 500;
        const hasBody = method !== 'HEAD' && status !== 204 && status !== 304;
        if (!hasBody) incoming.resume();
        done(
          new Response(hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array>) : null, {
            status,
            headers: given,
          }),
        );
      });
      asking.on('error', fail);
      asking.end(body);
    });
  };
}
