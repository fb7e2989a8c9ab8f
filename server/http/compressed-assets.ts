// Scripts and styles of the web interface, compressed once when first asked for. Their names have a hash of their
// content, so that what is kept never grows old, and there are only so many of them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RequestHandler } from 'express';

const compress = promisify(gzip);
/** Smaller ones gain nothing. */
const leastBytes = 1024;
const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' };
const name = /^\/assets\/([\w-]+(?:\.[\w-]+)*\.(js|css))$/;

/** Answers where the client takes gzip; all else, and what is not there, is left to what comes after. */
export function compressedAssets(webFolder: string): RequestHandler {
  const kept = new Map<string, Promise<Buffer | null>>();
  const load = async (file: string): Promise<Buffer | null> => {
    const bytes = await readFile(join(webFolder, 'assets', file));
    return bytes.length < leastBytes ? null : compress(bytes, { level: 9 });
  };
  return (request, response, next) => {
    const found = name.exec(request.path);
    const [, file, kind] = found ?? [];
    if (!file || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
    response.setHeader('Vary', 'Accept-Encoding');
    if (request.acceptsEncodings('gzip') !== 'gzip') return next();
    let loading = kept.get(file);
    if (!loading) kept.set(file, (loading = load(file)));
    loading.then(
      (bytes) => {
        if (!bytes) return next();
        response.setHeader('Content-Type', types[kind as keyof typeof types]);
        response.setHeader('Content-Encoding', 'gzip');
        response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
        response.setHeader('Content-Length', bytes.length);
        response.end(request.method === 'HEAD' ? undefined : bytes);
      },
      () => {
        // Not kept: a name that is not there must cost no memory.
        kept.delete(file);
        next();
      },
    );
  };
}
