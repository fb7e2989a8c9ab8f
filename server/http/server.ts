// The web server: one gate in front of everything, then socket.io, the API, the mail frame and the interface.
import { createServer, ServerResponse, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { errorStatus, MailscopeError } from '../../shared/errors.ts';
import { checkAccess } from './access.ts';
import { bindAgents } from './agents.ts';
import { bindRoutes } from './endpoint.ts';
import { downloadHandlers } from './downloads.ts';
import { sendError, toMailscopeError } from './errors.ts';
import { faultHandlers } from './faults.ts';
import { findingHandlers } from './findings.ts';
import { inboxHandlers } from './inboxes.ts';
import { eventHandlers } from './events.ts';
import { issueHandlers } from './issues.ts';
import { bindInterface, bindLogin, bindNowhere, mayLogIn } from './interface.ts';
import { isEncrypted } from './credentials.ts';
import { listen } from './listen.ts';
import { openLive } from './live.ts';
import { loginHandlers } from './login.ts';
import { Logins } from './logins.ts';
import { bindMailFrame } from './mail-frame.ts';
import { isInterface } from './pages.ts';
import { messageHandlers } from './messages.ts';
import { usualClocks, type HttpOptions, type HttpParts } from './parts.ts';
import { rawMessageHandlers } from './raw-messages.ts';
import { bindReference, referenceHandlers } from './reference.ts';
import { sampleHandlers } from './sample.ts';
import { sessionHandlers } from './sessions.ts';
import { statusHandlers } from './status.ts';
import { asksForWebSocket, createTransport, type Transport } from './transport.ts';
import { transcriptHandlers } from './transcripts.ts';
import { waitHandlers } from './waits.ts';
import { admit, checkForeignPath } from './visitor.ts';

function createApp(
  parts: HttpParts,
  options: HttpOptions,
  logins: Logins,
  refusals: WeakMap<IncomingMessage, MailscopeError>,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  bindLogin(app, options.webFolder, refusals);
  const handlers = {
    ...statusHandlers(parts),
    ...loginHandlers(parts, logins),
    ...referenceHandlers(),
    ...messageHandlers(parts),
    ...downloadHandlers(parts),
    ...sessionHandlers(parts),
    ...transcriptHandlers(parts),
    ...waitHandlers(parts.waits),
    ...rawMessageHandlers(parts),
    ...sampleHandlers(parts),
    ...eventHandlers(parts),
    ...inboxHandlers(parts),
    ...faultHandlers(parts),
    ...findingHandlers(parts),
    ...issueHandlers(parts),
  };
  bindRoutes(app, handlers, parts, { checkAnswers: options.checkAnswers ?? false });
  bindAgents(app, parts);
  bindReference(app);
  bindMailFrame(app, parts);
  app.use((request, _response, next) => {
    checkForeignPath(request, request.path);
    next();
  });
  const { guests } = parts;
  if (guests)
    app.use(async (request, response, next) => {
      // The interface is open to all, and theirs is not.
      if (isInterface(request.path) || !(await guests.answer(request, response))) next();
    });
  bindInterface(app, options.webFolder);
  bindNowhere(app, options.webFolder);
  app.use((request) => {
    throw new MailscopeError('not_found', `There is nothing at ${request.path.slice(0, 200)}.`, {
      hint: request.path.startsWith('/api/')
        ? 'The calls are listed at /api/docs.'
        : 'The interface is at /.',
    });
  });
  app.use((thrown: unknown, request: Request, response: Response, _next: NextFunction) => {
    if (response.headersSent || request.socket.destroyed) return void response.destroy();
    const error = toMailscopeError(thrown, parts.log, `${request.method} ${request.path.slice(0, 200)}`);
    // What is left of a refused body is not waited for.
    if (!request.complete) response.setHeader('Connection', 'close');
    sendError(response, error, guests?.refusalAt(request.path, errorStatus[error.code]));
  });
  return app;
}

function setCommonHeaders(response: ServerResponse, cursor: string): void {
  response.setHeader('Mailscope-Cursor', cursor);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
}

/**
 * Clients that join addresses carelessly ask for `//view/...` or `//api/v1/...`. Go's servers, and so Mailpit and
 * MailHog, send them on. Who follows with POST asks by GET then, so those are told at once.
 */
function movedPath({ method, url = '' }: IncomingMessage): string | undefined {
  const path = url.split('?', 1)[0]!;
  const plain = path.replace(/\/{2,}/g, '/');
  if (plain === path || method === 'POST' || !/^\/(view|api\/v[12])\//.test(plain)) return undefined;
  return plain + url.slice(path.length);
}

/** A response for a request that asked for an upgrade and is refused. */
function refuseUpgrade(request: IncomingMessage, socket: Duplex, error: MailscopeError): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as never);
  response.on('finish', () => socket.end());
  sendError(response, error);
}

/**
 * `Upgrade: h2c` and the like are offers that a server may pass over (RFC 9110 §7.8); Java's client makes one with
 * its first request. Node before 24.9 hands such requests over unparsed, so they are put back without the offer.
 */
function passOverUpgrade(outer: Transport, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/1.1`];
  for (let i = 0; i < request.rawHeaders.length; i += 2)
    if (!/^(upgrade|connection|http2-settings)$/i.test(request.rawHeaders[i]!))
      lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  outer.emit(isEncrypted(request) ? 'secureConnection' : 'connection', socket);
}

/** Starts the web server. Throws MailscopeError `conflict` when the port is taken. */
export async function startHttp(
  parts: HttpParts,
  options: HttpOptions,
): Promise<{ url: string; port: number } & AsyncDisposable> {
  // Nothing listens on `inner`: it only sorts what the gate has let through.
  const clocks = { ...usualClocks, ...options.clocks };
  const logins = new Logins(parts.grants);
  const refusals = new WeakMap<IncomingMessage, MailscopeError>();
  const inner = createServer(createApp(parts, options, logins, refusals));
  const live = openLive(inner, parts, clocks);
  const outer = createTransport(options, clocks);

  outer.on('request', (request, response) => {
    setCommonHeaders(response, parts.store.cursor());
    let guestPath: string | undefined;
    try {
      // socket.io would take any path that begins with its own.
      const moved = parts.guests && movedPath(request);
      if (moved !== undefined) request.url = moved;
      const path = checkAccess(request, options);
      if (moved !== undefined) return void response.writeHead(301, { Location: moved }).end();
      if (path.startsWith('/socket.io') && path !== '/socket.io/')
        throw new MailscopeError('not_found', 'There is nothing at this path.', { hint: 'Use /socket.io/.' });
      try {
        admit(request, path, parts, logins);
      } catch (thrown) {
        const refusal = toMailscopeError(thrown, parts.log, 'The access check');
        const helps = refusal.code === 'unauthorized' && mayLogIn(path, request);
        if (parts.guests?.serves(path)) guestPath = path;
        if (!helps || guestPath !== undefined) throw refusal;
        refusals.set(request, refusal);
      }
      inner.emit('request', request, response);
    } catch (thrown) {
      response.shouldKeepAlive = false;
      const error = toMailscopeError(thrown, parts.log, 'The access check');
      const status = errorStatus[error.code];
      sendError(
        response,
        error,
        guestPath === undefined ? undefined : parts.guests?.refusalAt(guestPath, status),
      );
    }
  });
  outer.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    // A WebSocket has clocks of its own.
    (socket as Socket).setTimeout(0);
    if (!asksForWebSocket(request)) return passOverUpgrade(outer, request, socket, head);
    try {
      const path = checkAccess(request, options);
      admit(request, path, parts, logins);
      logins.tie(socket, request);
      if (path !== '/socket.io/') checkForeignPath(request, path);
      if (parts.guests?.upgrade(path, request, socket, head)) return;
      if (path !== '/socket.io/')
        throw new MailscopeError('not_found', 'There is no WebSocket here.', {
          hint: 'Live events come by socket.io, in the namespace /live.',
        });
      inner.emit('upgrade', request, socket, head);
    } catch (thrown) {
      refuseUpgrade(request, socket, toMailscopeError(thrown, parts.log, 'The access check'));
    }
  });

  const second = await listen(outer, options, parts.log);
  const { port } = outer.address() as AddressInfo;
  const shown = options.host === 'localhost' ? '127.0.0.1' : options.host;
  return {
    url: `${options.tls ? 'https' : 'http'}://${shown.includes(':') ? `[${shown}]` : shown}:${port}`,
    port,
    async [Symbol.asyncDispose]() {
      live.close();
      parts.guests?.close();
      const closed = [outer, second].map((server) => server && new Promise((done) => server.close(done)));
      outer.closeIdleConnections();
      // Answers that are under way get a moment.
      const force = setTimeout(() => outer.closeAllConnections(), 500);
      await Promise.all(closed);
      clearTimeout(force);
    },
  };
}
