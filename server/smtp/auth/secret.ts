// What may be kept of a secret: facts that explain a failed login without showing it.
import { isUtf8 } from 'node:buffer';
import type { SecretFacts } from '../../../shared/session.ts';
import { parseBase64 } from './base64.ts';

function charsetOf(bytes: Buffer): SecretFacts['charset'] {
  if (bytes.length === 0) return 'empty';
  if (bytes.every((byte) => byte < 0x80)) return 'ascii';
  return isUtf8(bytes) ? 'utf-8' : 'binary';
}

/**
 * Letters and digits alone prove nothing, `password` is base64 too; what they decode to must be text as well. Of four
 * letters that is so by chance in one of twenty.
 */
function looksLikeBase64(bytes: Buffer): boolean {
  if (bytes.length < 8) return false;
  const decoded = parseBase64(bytes.toString('latin1')).bytes;
  return decoded !== null && isUtf8(decoded) && decoded.every((byte) => byte >= 0x20 && byte !== 0x7f);
}

export function secretFacts(bytes: Buffer): SecretFacts {
  return {
    length: bytes.length,
    charset: charsetOf(bytes),
    trailingWhitespace: /\s$/.test(bytes.subarray(-3).toString()),
    looksLikeBase64: looksLikeBase64(bytes),
  };
}

/** For --record-credentials. */
export const formatCredential = (bytes: Buffer): string =>
  isUtf8(bytes) ? bytes.toString() : `base64:${bytes.toString('base64')}`;
