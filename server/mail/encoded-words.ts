// RFC 2047 encoded words, as people send them: in quoted strings, split inside a character, with a language.
import { decodeBase64 } from './base64.ts';
import { cleanText, decodeText } from './charset.ts';

// The text may hold question marks, which RFC 2047 forbids; it ends before what begins the next word.
const encodedWord = /=\?([^?\s]{1,60})\?([bq])\?((?:[^?=]|=(?!\?[^=])|\?(?!=))*)\?=/gi;

/** Of a text of bytes. */
export function decodeQ(text: string): Buffer {
  const out = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const hex = code === 61 ? text.slice(i + 1, i + 3) : '';
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      out[length++] = parseInt(hex, 16);
      i += 2;
    } else {
      out[length++] = code === 95 ? 32 : code;
    }
  }
  return out.subarray(0, length);
}

/** The text with its encoded words decoded; everything else is unchanged. */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return cleanText(text);
  const out: string[] = [];
  let pending: Buffer[] = [];
  let charset = '';
  let end = 0;
  const flush = (): void => {
    if (pending.length > 0) out.push(decodeText(Buffer.concat(pending), charset));
    pending = [];
  };
  for (const match of text.matchAll(encodedWord)) {
    const [whole, label, encoding, content] = match as unknown as [string, string, string, string];
    const between = text.slice(end, match.index);
    // RFC 2047 §6.2: white space between two encoded words is not shown.
    const isAdjacent = end > 0 && between.trim() === '';
    // RFC 2231 §5: the charset may carry a language.
    const wordCharset = (label.split('*')[0] ?? '').toLowerCase();
    // Many senders cut a character in two, so the bytes of neighbours are joined before they are decoded.
    if (!isAdjacent || wordCharset !== charset) flush();
    if (!isAdjacent) out.push(between);
    charset = wordCharset;
    if (/b/i.test(encoding)) pending.push(decodeBase64(content));
    else if (/^utf-?8$/.test(charset)) pending.push(decodeQ(Buffer.from(content).toString('latin1')));
    else
      // Letters that no byte stands for are already what they should be.
      for (const [n, piece] of content.split(/([^\0-\xff]+)/).entries()) {
        if (n % 2 === 0) pending.push(decodeQ(piece));
        else {
          flush();
          out.push(piece);
        }
      }
    end = match.index + whole.length;
  }
  flush();
  out.push(text.slice(end));
  return cleanText(out.join(''));
}
