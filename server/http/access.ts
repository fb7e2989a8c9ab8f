// Who may ask. Runs before all routing, for plain requests, socket.io and upgrades alike, on what came over the
// wire: any web page that is open in the developer's browser can send requests here.
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { MailscopeError } from '../../shared/errors.ts';
import { isSecure } from './credentials.ts';
import { isPage } from './pages.ts';

/** Sent by our own clients with each change. A foreign page cannot set it without a CORS preflight. */
export const changeHeader = 'x-mailscope';

/** The name in a Host header, without port, brackets, trailing dot and case; undefined for anything else. */
export function parseHost(host: string): string | undefined {
  const match = /^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::\d{1,5})?$/.exec(host);
  const name = match?.[1]?.toLowerCase();
  return name?.startsWith('[') ? name.slice(1, -1) : name?.replace(/\.$/, '');
}

// An address cannot be rebound by DNS, so each one is good; a name only if it is ours.
function isOwnHost(name: string, allowed: string[]): boolean {
  if (isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')) return true;
  return allowed.some((other) => other.toLowerCase().replace(/\.$/, '') === name);
}

function checkHost(request: IncomingMessage, allowed: string[]): void {
  const hosts = request.rawHeaders
    .filter((_, i) => i % 2 === 0)
    .filter((name) => name.toLowerCase() === 'host');
  const host = request.headers.host;
  if (hosts.length !== 1 || host === undefined)
    throw new MailscopeError('invalid_request', 'A request needs exactly one Host header (RFC 9112 §3.2).', {
      hint: 'Send the host and port of the address that is asked, such as "Host: localhost:8025".',
    });
  const name = parseHost(host);
  if (name !== undefined && isOwnHost(name, allowed)) return;
  throw new MailscopeError(
    'wrong_host',
    `This Mailscope does not answer for the host "${host.slice(0, 100)}".`,
    {
      hint: `Start it with --allow-host ${name ?? 'NAME'} if that is a name of it, or use localhost.`,
    },
  );
}

// These may stand as they are or encoded; encodeURIComponent encodes the first and leaves the others.
const eitherWay = /[$&+,;=:@]/g;
const leftAlone = /%(?:21|2[789A]|7E)/g; // !'()*~, which Python, PHP, Ruby, Java or .NET encode

// One way to write each path: what the router decodes is what the checks have seen. So nothing is encoded that need
// not be, and no encoded slash, backslash or control character changes what the path means.
function isPlainSegment(segment: string): boolean {
  try {
    const decoded = decodeURIComponent(segment);
    const written = segment
      .replace(eitherWay, encodeURIComponent)
      .replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase())
      .replace(leftAlone, decodeURIComponent);

    return (
      encodeURIComponent(decoded) === written &&
      !/[/\\\x00-\x1f\x7f]/.test(decoded) &&
      !/^\.\.?$/.test(decoded)
    );
  } catch {
    return false;
  }
}

function checkPath(target: string): string {
  const path = target.split('?', 1)[0]!;
  const segments = path.slice(1).split('/');
  const isClean = segments.every(
    (segment, i) => (segment !== '' || i === segments.length - 1) && isPlainSegment(segment),
  );
  if (path.startsWith('/') && isClean) return path;
  throw new MailscopeError('invalid_request', 'The path of the request is not in its plain form.', {
    hint: 'Send it as it is documented: from the "/", no empty or dot segments, nothing encoded that need not be.',
  });
}

function checkOrigin(request: IncomingMessage): void {
  const origin = request.headers.origin;
  if (origin === undefined) return;
  const scheme = isSecure(request) ? 'https:' : 'http:';
  let same = false;
  try {
    const given = new URL(origin);
    same = given.protocol === scheme && given.host === new URL(`${scheme}//${request.headers.host}`).host;
    same &&= origin.toLowerCase() === given.origin;
  } catch {
    // "null" and anything else that is no origin
  }
  if (same) return;
  throw new MailscopeError('not_allowed', `Requests from pages of "${origin.slice(0, 100)}" are refused.`, {
    hint: 'A browser may only use Mailscope from its own page; a proxy before it has to pass on Host and X-Forwarded-Proto. Programs send no Origin header.',
  });
}

function checkFetchMetadata(request: IncomingMessage, path: string): void {
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  const navigates =
    request.headers['sec-fetch-mode'] === 'navigate' && request.headers['sec-fetch-dest'] === 'document';
  // Following a link to the interface from elsewhere is harmless: the page itself asks for everything.
  if (request.method === 'GET' && navigates && (isPage(path) || path === '/api/docs')) return;
  throw new MailscopeError('not_allowed', 'Requests from pages of other sites are refused.', {
    hint: 'Open Mailscope in a tab of its own. Programs send no Sec-Fetch headers.',
  });
}

function checkChange(request: IncomingMessage, path: string): void {
  if (request.method === 'GET' || request.method === 'HEAD' || path.startsWith('/socket.io/')) return;
  // Not any Sec-Fetch header: the fetch of Node sends Sec-Fetch-Mode, and only browsers send Sec-Fetch-Site.
  const fromBrowser = request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined;
  if (!fromBrowser || request.headers[changeHeader]) return;
  throw new MailscopeError('not_allowed', 'A change from a browser needs the header X-Mailscope.', {
    hint: 'Send "X-Mailscope: 1".',
  });
}

/** Throws a MailscopeError where the request is refused; otherwise returns its path. */
export function checkAccess(request: IncomingMessage, options: { allowHosts: string[] }): string {
  checkHost(request, options.allowHosts);
  const path = checkPath(request.url ?? '');
  // The document of a mail has an opaque origin, so its images come as cross-site. Their token is the permission.
  const isInlinePart = path.startsWith('/cid/') && (request.method === 'GET' || request.method === 'HEAD');
  if (isInlinePart) return path;
  checkOrigin(request);
  checkFetchMetadata(request, path);
  checkChange(request, path);
  return path;
}
