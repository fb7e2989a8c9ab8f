// A server that a mail must not reach unasked: it keeps who asked for what, and with which headers.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Canary extends AsyncDisposable {
  url: string;
  /** Names of what was asked for. */
  hits: Set<string>;
  /** Each request as it came. */
  requests: { name: string; headers: IncomingHttpHeaders }[];
  connections(): number;
}

const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Serves `pages` by name, without a wall, and a small image for every other name, which it keeps. */
export async function startCanary(pages: ReadonlyMap<string, string> = new Map()): Promise<Canary> {
  const hits = new Set<string>();
  const requests: Canary['requests'] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url ?? '').slice(1);
    const page = pages.get(name);
    if (page !== undefined) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(page);
      return;
    }
    if (name !== 'favicon.ico') {
      const asked = name.replace(/[?#].*$/, '');
      hits.add(asked);
      requests.push({ name: asked, headers: request.headers });
    }
    response.writeHead(200, {
      'Content-Type': 'image/gif',
      'Access-Control-Allow-Origin': '*',
      Connection: 'close',
    });
    response.end(pixel);
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hits,
    requests,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
