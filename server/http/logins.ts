// Who has logged in: by a password or token that was said once, and a cookie from then on. All of it is in memory and
// ends with the process; of a cookie only a hash is kept.
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { MailscopeError } from '../../shared/errors.ts';
import { cookiesNamed, isSecure } from './credentials.ts';
import { LoginLimits } from './login-limits.ts';
import type { Grant, GrantPart } from './parts.ts';

/** A login that is not used so long is over. */
const idleMs = 7 * 86_400_000;
const mostLogins = 1000;

const whole: Grant = { scope: 'write', inbox: null, revoked: false };
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const addressOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? 'unknown';

/** What a login may do: what the password or token may, as long as both are good. */
class Login implements Grant {
  readonly #by: Grant;
  /** WebSockets that were opened by it; they end with it. */
  readonly sockets = new Set<Duplex>();
  isOver = false;
  usedAt: number;

  constructor(by: Grant, now: number) {
    this.#by = by;
    this.usedAt = now;
  }

  get scope(): Grant['scope'] {
    return this.#by.scope;
  }
  get inbox(): Grant['inbox'] {
    return this.#by.inbox;
  }
  get revoked(): boolean {
    return this.isOver || this.#by.revoked;
  }
}

export class Logins {
  readonly #grants: GrantPart;
  readonly #limits: LoginLimits;
  readonly #logins = new Map<string, Login>();
  /** Browsers send cookies to all ports of a host, so that several Mailscopes need names of their own. */
  readonly #name = `mailscope-${randomBytes(6).toString('hex')}`;

  constructor(grants: GrantPart, limits = new LoginLimits()) {
    this.#grants = grants;
    this.#limits = limits;
  }

  /** Undefined: it is wrong. Throws too_many_logins; a token is taken even then, because it cannot be guessed. */
  check(secret: string, request: IncomingMessage): Grant | undefined {
    const grant = this.#grants.find(secret);
    const { password } = this.#grants;
    if (grant || password === null) return grant;
    const address = addressOf(request);
    const waitMs = this.#limits.waitMs(address);
    if (waitMs > 0) throw tooMany(waitMs);
    if (password.matches(secret)) {
      this.#limits.succeeded(address);
      return whole;
    }
    this.#limits.failed(address);
    return undefined;
  }

  /** Returns the header Set-Cookie. */
  start(grant: Grant, request: IncomingMessage): string {
    const secret = randomBytes(32).toString('base64url');
    if (this.#logins.size >= mostLogins) this.#dropOldest();
    this.#logins.set(hash(secret), new Login(grant, performance.now()));
    return this.#cookie(request, secret);
  }

  find(request: IncomingMessage): Grant | undefined {
    return this.#find(request);
  }

  /** The socket stays open only as long as the login of the request, where there is one. */
  tie(socket: Duplex, request: IncomingMessage): void {
    const login = this.#find(request);
    if (login === undefined) return;
    login.sockets.add(socket);
    socket.once('close', () => login.sockets.delete(socket));
  }

  #find(request: IncomingMessage): Login | undefined {
    const now = performance.now();
    for (const cookie of cookiesNamed(request, this.#nameFor(request)).slice(0, 10)) {
      const key = hash(cookie);
      const login = this.#logins.get(key);
      if (login === undefined) continue;
      if (login.revoked || now - login.usedAt > idleMs) this.#end(key);
      else {
        login.usedAt = now;
        return login;
      }
    }
    return undefined;
  }

  /** Returns the header Set-Cookie that takes the cookie away. */
  end(request: IncomingMessage): string {
    for (const cookie of cookiesNamed(request, this.#nameFor(request))) this.#end(hash(cookie));
    return `${this.#cookie(request, '')}; Max-Age=0`;
  }

  #end(key: string): void {
    const login = this.#logins.get(key);
    if (login === undefined) return;
    login.isOver = true;
    this.#logins.delete(key);
    for (const socket of login.sockets) socket.destroy();
  }

  #dropOldest(): void {
    const byUse = [...this.#logins].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [key] of byUse.slice(0, mostLogins / 10)) this.#end(key);
  }

  // No other server, and no page without TLS, can set a cookie whose name begins so (RFC 6265bis §4.1.3.2).
  #nameFor(request: IncomingMessage): string {
    return isSecure(request) ? `__Host-${this.#name}` : this.#name;
  }

  #cookie(request: IncomingMessage, value: string): string {
    const secure = isSecure(request) ? '; Secure' : '';
    return `${this.#nameFor(request)}=${value}; Path=/; HttpOnly; SameSite=Strict${secure}`;
  }
}

function tooMany(waitMs: number): MailscopeError {
  const seconds = Math.ceil(waitMs / 1000);
  return new MailscopeError('too_many_logins', 'Too many wrong passwords came.', {
    hint: `Try again in ${seconds} s. A token is taken at any time.`,
    details: { retryAfterMs: waitMs },
  });
}
