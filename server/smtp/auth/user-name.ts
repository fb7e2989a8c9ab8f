// User names go into logs, lists and Received headers, so they must be text without control characters.
import { isUtf8 } from 'node:buffer';

export type UserName = { user: string; problem: null } | { user: null; problem: string };

/** RFC 4616 §2: authcid has at most 255 octets. */
const maxBytes = 255;

// RFC 20 and ISO 6429 controls, and the two line separators that some consumers break lines at.
const control = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/;

export function parseUserName(bytes: Buffer): UserName {
  if (bytes.length > maxBytes) return { user: null, problem: `The user name is over ${maxBytes} bytes` };
  if (!isUtf8(bytes)) {
    const problem = 'The user name is not valid UTF-8; perhaps clear text was sent instead of base64';
    return { user: null, problem };
  }
  const user = bytes.toString();
  const at = user.search(control);
  if (at >= 0) {
    const code = user.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
    return { user: null, problem: `The user name has the control character U+${code} at position ${at + 1}` };
  }
  return { user, problem: null };
}

/** RFC 5801 and 5802: in a saslname `,` is written `=2C` and `=` is `=3D`; undefined when it is not one. */
export function parseSaslName(text: string): string | undefined {
  if (/=(?!2C|3D)|,/.test(text)) return undefined;
  return text.replaceAll('=2C', ',').replaceAll('=3D', '=');
}
