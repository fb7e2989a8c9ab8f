// What a bearer token says about itself. The token and its signature are never shown.
import { isUtf8 } from 'node:buffer';

const maxLength = 300;

/** RFC 6750 §2.1: b64token. */
export const isBearerToken = (token: string): boolean => /^[A-Za-z0-9._~+/-]+=*$/.test(token);

function parseObject(part: string | undefined): Record<string, unknown> | undefined {
  if (!part || !/^[A-Za-z0-9_-]+$/.test(part)) return undefined;
  const bytes = Buffer.from(part, 'base64url');
  if (!isUtf8(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Not JSON: an opaque token.
  }
  return undefined;
}

/** A string, a number or a list of them, as a short text; claims are what the client says, so they are bounded. */
function formatClaim(value: unknown): string | undefined {
  const list: unknown[] = Array.isArray(value) ? value.slice(0, 20) : [value];
  const texts = list.filter((one) => typeof one === 'string' || typeof one === 'number').map(String);
  if (texts.length === 0) return undefined;
  // A cut surrogate pair becomes U+FFFD on the way through UTF-8.
  const text = Buffer.from(texts.join(' ').slice(0, maxLength)).toString();
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, '\uFFFD');
}

/** Facts of a JWT (RFC 7519) for the steps of an AUTH; an opaque token has none. */
export function tokenFacts(token: string, now: number = Date.now()): Record<string, string> {
  const parts = token.split('.', 6);
  const header = parts.length === 3 ? parseObject(parts[0]) : undefined;
  const claims = header && parseObject(parts[1]);
  if (!header || !claims) return { token: 'opaque' };

  const facts: Record<string, string> = { token: 'JWT' };
  const note = (name: string, value: unknown): void => {
    const text = formatClaim(value);
    if (text !== undefined) facts[name] = text;
  };
  note('alg', header.alg);
  note('iss', claims.iss);
  note('aud', claims.aud);
  note('scope', claims.scope ?? claims.scp);
  const { exp } = claims;
  if (typeof exp !== 'number') return facts;
  const at = new Date(exp * 1000);
  facts.exp = Number.isNaN(at.getTime()) ? String(exp) : at.toISOString();
  facts.expired = exp * 1000 <= now ? 'yes' : 'no';
  return facts;
}

/** Who the token is for, where the client names nobody: the first of the usual claims. */
export function tokenSubject(token: string): string | undefined {
  const claims = parseObject(token.split('.', 2)[1]);
  return [claims?.email, claims?.preferred_username, claims?.upn, claims?.sub]
    .map((claim) => (typeof claim === 'string' ? claim : ''))
    .find((claim) => claim !== '');
}
