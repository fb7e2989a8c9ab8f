// Strict base64 (RFC 4648 §4), because Node's decoder takes anything and a client's bug would stay hidden.
// What is wrong is told without showing a character of what may be a password.
import { isUtf8 } from 'node:buffer';

export type Base64 = { bytes: Buffer; problem: null } | { bytes: null; problem: string };

const clearText = 'it looks like clear text';

/** True for what a person could have typed: UTF-8 without control characters, but for SASL's separators. */
const looksDecoded = (bytes: Buffer): boolean =>
  bytes.length > 0 && isUtf8(bytes) && bytes.every((byte) => byte < 2 || (byte >= 0x20 && byte !== 0x7f));

const failed = (problem: string): Base64 => ({ bytes: null, problem });

/** `text` is latin1, one character a byte. */
export function parseBase64(text: string): Base64 {
  const body = text.replace(/={1,2}$/, '');
  const illegal = body.search(/[^A-Za-z0-9+/=]/);
  if (illegal >= 0) return failed(explainIllegal(body, illegal));
  const early = body.indexOf('=');
  if (early >= 0) return failed(`padding at position ${early + 1}, before the end`);

  const bytes = Buffer.from(body, 'base64');
  const padding = text.length - body.length;
  if (body.length % 4 === 1) return failed(`impossible length; ${clearText}, or a character was lost`);
  if (text.length % 4 !== 0) {
    if (padding > 0) return failed(`wrong padding, the length must be a multiple of 4`);
    return failed(looksDecoded(bytes) ? 'missing padding ("=" at the end)' : `missing padding; ${clearText}`);
  }
  // RFC 4648 §3.5: another encoder would not have written this.
  if (bytes.toString('base64') !== text) return failed('the unused bits before the padding are not zero');
  return { bytes, problem: null };
}

function explainIllegal(body: string, at: number): string {
  const found = body.charAt(at);
  const where = `at position ${at + 1}`;
  if (/^[A-Za-z0-9_-]*={0,2}$/.test(body)) return `illegal character ${where}; it looks like base64url`;
  if (found === ' ' && body.trimEnd().length === at) return `blank at the end, ${where}`;
  if (found === ' ') return `blank ${where}`;
  if (found < ' ' || found === '\x7f') return `control character ${where}`;
  return `illegal character ${where}; ${clearText}`;
}
