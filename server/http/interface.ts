// The built web interface: one page for its routes, and its files.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Express } from 'express';
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

export function bindInterface(app: Express, webFolder: string): void {
  app.use((request, response, next) => {
    if (!isPage(request.path) || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
    const live = `${isSecure(request) ? 'wss' : 'ws'}://${request.headers.host ?? 'localhost'}`;
    response.setHeader('Content-Security-Policy', pagePolicy(live));
    response.setHeader('X-Frame-Options', 'DENY');
    response.setHeader('Cache-Control', 'no-cache');
    if (!existsSync(join(webFolder, 'index.html'))) {
      response.status(503).type('text/plain; charset=utf-8').send(notBuilt);
      return;
    }
    // With `root`, a folder above that begins with a dot, such as that of npx, is no obstacle.
    response.sendFile(
      'index.html',
      { root: webFolder, cacheControl: false },
      (error) => error && next(error),
    );
  });
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
