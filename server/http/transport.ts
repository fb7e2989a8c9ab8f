// HTTP, or HTTPS, on one port. Who speaks plain HTTP to the port of HTTPS is told where to go.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { MailscopeError } from '../../shared/errors.ts';
import { checkAccess } from './access.ts';
import { sendError } from './errors.ts';
import { lingerOverAnswer } from './linger.ts';
import { isPage } from './pages.ts';
import type { HttpClocks, HttpOptions } from './parts.ts';
import { answerUnreadable, maxHeadBytes } from './unreadable.ts';

export type Transport = Server | SecureServer;

export const asksForWebSocket = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket';

const settingsOf = ({ headersMs, requestMs, keepAliveMs }: HttpClocks) => ({
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  keepAliveTimeout: keepAliveMs,
  // By default Node looks at these clocks every 30 s only.
  connectionsCheckingInterval: Math.min(1000, headersMs / 4),
  maxHeaderSize: maxHeadBytes,
  // The gate says what is missing.
  requireHostHeader: false,
  // From Node 24.9 on all other offers are passed over by Node itself.
  shouldUpgradeCallback: asksForWebSocket,
});
/** The first byte of TLS: a record with a handshake (RFC 8446 §5.1). */
const handshake = 0x16;

/** Pages of HTTP lead to those of HTTPS; nothing else does, so that no program goes on sending its secrets in clear. */
function createSignpost(options: Pick<HttpOptions, 'allowHosts'>): Server {
  const server = createServer((request, response) => {
    response.shouldKeepAlive = false;
    const there = `https://${request.headers.host}`;
    try {
      const path = checkAccess(request, options);
      if (request.method !== 'GET' || !isPage(path))
        throw new MailscopeError(
          'invalid_request',
          'This port speaks HTTPS, and this request came without.',
          {
            hint: `Use ${there}.`,
          },
        );
      response.writeHead(308, { Location: there + request.url }).end();
    } catch (error) {
      sendError(response, error as MailscopeError);
    }
  });
  answerUnreadable(server, () => false);
  return server;
}

/** What was asked last over each connection. */
type UnderWay = WeakMap<object, { request: IncomingMessage; response: ServerResponse }>;

function watchRequests(server: Transport): UnderWay {
  const underWay: UnderWay = new WeakMap();
  server.on('request', (request, response) => underWay.set(request.socket, { request, response }));
  return underWay;
}

/** A silent connection ends, unless it waits for us: a deletion of very many, or a wait, answers when it is done. */
function endSilent(server: Transport, underWay: UnderWay): void {
  server.on('timeout', (socket: Socket) => {
    const { request, response } = underWay.get(socket) ?? {};
    if (request?.complete !== true || response?.headersSent !== false) socket.destroy();
  });
}

/** Hands each connection on by its first byte. */
function sort(socket: Socket, secure: (socket: Socket) => void, plain: Server, patienceMs: number): void {
  const giveUp = setTimeout(() => socket.destroy(), patienceMs);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => clearTimeout(giveUp));
  const look = (): void => {
    const first = socket.read(1) as Buffer | null;
    if (first === null) return void socket.once('readable', look);
    socket.unshift(first);
    if (first[0] === handshake) {
      clearTimeout(giveUp);
      secure(socket);
      // In plain text there is but one short answer; the time that is left is for all of it.
    } else plain.emit('connection', socket);
  };
  look();
}

export function createTransport(
  options: Pick<HttpOptions, 'tls' | 'allowHosts'>,
  clocks: HttpClocks,
): Transport {
  const settings = settingsOf(clocks);
  const server = options.tls
    ? createSecureServer({
        ...settings,
        ...options.tls,
        minVersion: 'TLSv1.2',
        ALPNProtocols: ['http/1.1'],
        handshakeTimeout: clocks.headersMs,
      })
    : createServer(settings);
  server.timeout = clocks.silentMs;
  const underWay = watchRequests(server);
  endSilent(server, underWay);
  server.on('request', lingerOverAnswer);
  answerUnreadable(server, (socket) => {
    const { response } = underWay.get(socket) ?? {};
    return response !== undefined && response.headersSent && !response.writableFinished;
  });
  server.maxConnections = 1000;
  if (!options.tls) return server;
  const signpost = createSignpost(options);
  // The handshake begins where Node has it begin, after a look at the first byte.
  const begin = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) =>
    sort(
      socket,
      (ready) => begin.forEach((listener) => listener.call(server, ready)),
      signpost,
      clocks.headersMs,
    ),
  );
  return server;
}
