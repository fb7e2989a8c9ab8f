// A page that attacks a server by whatever a page can send, and servers to try it on.
import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { BrowserContext } from 'playwright-core';

export interface Target {
  url: string;
  gets: string[];
  changes: string[];
}

async function serve(listener: RequestListener): Promise<{ server: Server; port: number } & AsyncDisposable> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    server,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Serves an empty page at every path, under every name. */
export const startOther = (): ReturnType<typeof serve> =>
  serve((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end('<!doctype html><title>other</title><body>');
  });

/** What loads as each of these. */
const answers: Readonly<Record<string, [string, string | Buffer]>> = {
  image: ['image/gif', Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')],
  script: ['text/javascript', ''],
  style: ['text/css', ''],
};

/** Lets everyone do and read everything, and keeps what came: method, path, and as what. */
export async function startUnguarded(): Promise<{ url: string; received: string[] } & AsyncDisposable> {
  const received: string[] = [];
  const served = await serve((request, response) => {
    const { headers, method = '', url = '' } = request;
    response.setHeader('Access-Control-Allow-Origin', headers.origin ?? '*');
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    response.setHeader('Access-Control-Allow-Headers', 'content-type, x-mailscope');
    response.setHeader('Access-Control-Allow-Methods', 'GET, POST, DELETE');
    response.setHeader('Cache-Control', 'no-store');
    const isStream = headers.accept === 'text/event-stream';
    const as = isStream
      ? 'stream'
      : `${String(headers['sec-fetch-dest'])} ${String(headers['sec-fetch-mode'])}`;
    const type = headers['content-type']?.split(';')[0];
    if (method !== 'OPTIONS') received.push([method, url, as, ...(type ? [type] : [])].join(' '));
    const [answerType, body] = answers[String(headers['sec-fetch-dest'])] ?? ['text/html', ''];
    response.setHeader('Content-Type', isStream ? 'text/event-stream' : answerType);
    if (isStream) response.flushHeaders();
    else request.resume().on('end', () => response.end(body));
  });
  // The handshake of RFC 6455 section 4.2.2.
  const sockets = new Set<Duplex>();
  served.server.on('upgrade', ({ headers, url = '' }, socket) => {
    sockets.add(socket);
    received.push(`socket ${url}`);
    const accept = createHash('sha1')
      .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.on('error', () => socket.destroy());
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
  });
  return {
    url: `http://127.0.0.1:${served.port}`,
    received,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await served[Symbol.asyncDispose]();
    },
  };
}

/** Says of each way what came of it; `read` where the page saw an answer. */
function attack({ url, gets, changes }: Target): Promise<string[]> {
  /** What takes so long tells nothing, and must not look like what was refused. */
  const within = (what: Promise<string>): Promise<string> =>
    Promise.race([what, new Promise<string>((done) => setTimeout(() => done('no answer'), 30_000))]);
  const form = (path: string, enctype: string): void => {
    const frame = Object.assign(document.createElement('iframe'), { name: `f${Math.random()}` });
    const element = Object.assign(document.createElement('form'), {
      ...{ action: url + path, method: 'POST', enctype, target: frame.name },
    });
    const field = Object.assign(document.createElement('input'), { name: '{"all":true,"x":"', value: '"}' });
    element.append(field);
    document.body.append(frame, element);
    element.submit();
  };
  const load = (tag: 'img' | 'script' | 'iframe' | 'link', path: string): Promise<string> =>
    new Promise((done) => {
      const element = document.createElement(tag);
      element.addEventListener('load', () => done(tag === 'iframe' ? 'nothing' : `loaded ${path}`));
      element.addEventListener('error', () => done('nothing'));
      if (tag === 'link') Object.assign(element, { rel: 'stylesheet', href: url + path });
      else Object.assign(element, { src: url + path });
      document.body.append(element);
    });
  const ask = async (path: string, init: RequestInit): Promise<string> => {
    try {
      const answer = await fetch(url + path, { credentials: 'include', ...init });
      return answer.type === 'opaque' ? 'nothing' : `read ${path}: ${answer.status}`;
    } catch {
      return 'nothing';
    }
  };
  const socket = (path: string): Promise<string> =>
    new Promise((done) => {
      const opened = new WebSocket(url.replace('http', 'ws') + path);
      opened.onopen = () => {
        done(`open ${path}`);
        opened.close();
      };
      opened.onerror = () => done('nothing');
    });
  const stream = (path: string): Promise<string> =>
    new Promise((done) => {
      const source = new EventSource(url + path, { withCredentials: true });
      source.onopen = () => {
        done(`open ${path}`);
        source.close();
      };
      source.onerror = () => done('nothing');
    });
  for (const path of changes)
    for (const enctype of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'])
      form(path, enctype);
  for (const path of changes) {
    navigator.sendBeacon(url + path, '{"all":true}');
    navigator.sendBeacon(url + path, new Blob(['{"all":true}'], { type: 'application/json' }));
  }
  const body = '{"all":true}';
  const tried = [
    ...gets.flatMap((path) => [
      load('img', path),
      load('script', path),
      load('link', path),
      load('iframe', path),
    ]),
    ...gets.flatMap((path) => [ask(path, {}), ask(path, { mode: 'no-cors' })]),
    ...changes.flatMap((path) => [
      ask(path, { method: 'POST', mode: 'no-cors', body }),
      ask(path, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json', 'X-Mailscope': '1' },
      }),
      ask(path, { method: 'DELETE', headers: { 'X-Mailscope': '1' } }),
    ]),
    socket('/socket.io/?EIO=4&transport=websocket'),
    socket('/api/events'),
    socket('/messages'),
    stream('/socket.io/?EIO=4&transport=polling'),
    ask('/socket.io/?EIO=4&transport=polling', {}),
  ];
  return Promise.all(tried.map(within)).then((all) => all.filter((one) => one !== 'nothing'));
}

/** What a page at `from` can read; all that it sent has come. */
export async function attackFrom(context: BrowserContext, from: string, target: Target): Promise<string[]> {
  const page = await context.newPage();
  page.on('dialog', (dialog) => void dialog.dismiss());
  await page.goto(from);
  const got = await page.evaluate(attack, target);
  await page.waitForLoadState('networkidle');
  await page.close();
  return got;
}
