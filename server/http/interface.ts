// The built web interface: one page for its routes, and its files.
import { existsSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { MailscopeError } from '../../shared/errors.ts';
import { compressedAssets } from './compressed-assets.ts';
import { isSecure } from './credentials.ts';
import { isPage } from './pages.ts';

// Svelte's transitions and some parts set styles in the markup; scripts are only ever our own files.
const pagePolicy = (live: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${live}`,
    "frame-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const notBuilt = `The web interface is not built.

In a checkout of Mailscope, run "npm run build" and start it again.
The API works without it: see /api/status and /api/messages.
`;

/** `status`: 404 where the page will say that there is nothing, 401 where it will show the login. */
function pageHandler(webFolder: string, status: 200 | 401 | 404, isFor: (request: Request) => boolean) {
  return (request: Request, response: Response, next: NextFunction): void => {
    if (!isFor(request) || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
    const live = `${isSecure(request) ? 'wss' : 'ws'}://${request.headers.host ?? 'localhost'}`;
    response.setHeader('Content-Security-Policy', pagePolicy(live));
    response.setHeader('X-Frame-Options', 'DENY');
    response.setHeader('Cache-Control', 'no-cache');
    if (!existsSync(join(webFolder, 'index.html'))) {
      if (status !== 200) return next();
      response.status(503).type('text/plain; charset=utf-8').send(notBuilt);
      return;
    }
    response.status(status);
    // With `root`, a folder above that begins with a dot, such as that of npx, is no obstacle.
    response.sendFile(
      'index.html',
      { root: webFolder, cacheControl: false },
      (error) => error && next(error),
    );
  };
}

export function bindInterface(app: Express, webFolder: string): void {
  app.use(pageHandler(webFolder, 200, (request) => isPage(request.path)));
  app.use(compressedAssets(webFolder));
  app.use(
    express.static(webFolder, {
      index: false,
      redirect: false,
      cacheControl: false,
      setHeaders(response, path) {
        // Files under assets/ have a hash of their content in the name.
        const isHashed = path.startsWith(join(webFolder, 'assets'));
        response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
}

/** Somebody at a browser, and not at a call of the API. */
const isNavigation = (path: string, { headers }: IncomingMessage): boolean =>
  !/^\/api(\/|$)/.test(path) && (headers.accept ?? '').includes('text/html');

/** Who follows a link to nowhere gets the page, which says so; programs get the error as JSON. */
export function bindNowhere(app: Express, webFolder: string): void {
  app.use(pageHandler(webFolder, 404, (request) => isNavigation(request.path, request)));
}

/** Whether the login of the page helps: where it leads nowhere else, and nothing was tried yet. */
export const mayLogIn = (path: string, request: IncomingMessage): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') &&
  request.headers.authorization === undefined &&
  isNavigation(path, request) &&
  !/^\/(?:mail|cid|mcp|socket\.io)(?:\/|$)/.test(path);

/** For those whom `refusals` names there is the page with its login, or the refusal, and nothing else. */
export function bindLogin(
  app: Express,
  webFolder: string,
  refusals: WeakMap<IncomingMessage, MailscopeError>,
): void {
  const showPage = pageHandler(webFolder, 401, () => true);
  app.use((request, response, next) => {
    const refusal = refusals.get(request);
    if (refusal === undefined) return next();
    // Browsers ask by themselves for a name and password where Basic is offered.
    response.setHeader('WWW-Authenticate', 'Bearer realm="Mailscope"');
    showPage(request, response, (error) => next(error ?? refusal));
  });
}
