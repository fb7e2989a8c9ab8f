// What a request brings to show who asks: the header Authorization, or Api-Token, and cookies.
import type { IncomingMessage } from 'node:http';

export interface Credentials {
  scheme: 'bearer' | 'basic';
  secret: string;
}

/** Of an Authorization header (RFC 6750 §2.1, RFC 7617 §2); undefined for other schemes. */
export function parseCredentials(header: string | undefined): Credentials | undefined {
  const [, scheme, value] = /^(Bearer|Basic) +([A-Za-z0-9._~+/=-]{1,4096}) *$/i.exec(header ?? '') ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  if (scheme.toLowerCase() === 'bearer') return { scheme: 'bearer', secret: value };
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  return { scheme: 'basic', secret: decoded.slice(decoded.indexOf(':') + 1) };
}

/** Clients of Mailtrap may send their token in a header of its own. */
export function authorizationOf({ headers }: IncomingMessage): string | undefined {
  const token = headers['api-token'];
  return headers.authorization ?? (typeof token === 'string' ? `Bearer ${token}` : undefined);
}

/** Another server of the same host can set a cookie of the same name, so there may be several. */
export function cookiesNamed(request: IncomingMessage, name: string): string[] {
  const pairs = (request.headers.cookie ?? '').split(';', 100);
  return pairs
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/** Over TLS, as this server itself sees it. */
export const isEncrypted = (request: IncomingMessage): boolean =>
  (request.socket as { encrypted?: boolean }).encrypted === true;

/**
 * Over TLS, as the browser sees it: a proxy may speak it instead of this server. A page of another site cannot set the
 * field in which the proxy says so without a CORS preflight; the first value is that of the proxy next to the browser.
 */
export const isSecure = (request: IncomingMessage): boolean =>
  isEncrypted(request) || /^https\s*(?:,|$)/i.test(String(request.headers['x-forwarded-proto'] ?? ''));
