// What is kept of a masked secret, in words.
import type { SecretFacts } from '../../../shared/session.ts';
import { plural } from '../../format.ts';

const charsets = { ascii: 'ASCII', 'utf-8': 'UTF-8', binary: 'binary', empty: 'empty' };

export interface SecretWord {
  text: string;
  /** It explains many a failed login. */
  isOdd: boolean;
}

export function secretWords(secret: SecretFacts): SecretWord[] {
  const words = [
    { text: plural(secret.length, 'byte'), isOdd: secret.length === 0 },
    { text: charsets[secret.charset], isOdd: secret.charset !== 'ascii' },
  ];
  if (secret.trailingWhitespace) words.push({ text: 'ends in white space', isOdd: true });
  if (secret.looksLikeBase64) words.push({ text: 'looks like base64, perhaps encoded twice', isOdd: true });
  return words;
}
