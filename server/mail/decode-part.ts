// The bytes of a part without their transfer encoding (RFC 2045 §6).
import type { Part } from '../../shared/message.ts';
import { decodeText } from './charset.ts';
import { decodeQuotedPrintable } from './quoted-printable.ts';

/** Node skips what is not base64 but stops at the first padding; some senders pad every line. */
function decodeBase64(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const padding = text.indexOf('=');
  if (padding < 0 || !/[a-z0-9+/]/i.test(text.slice(padding, padding + 1000)))
    return Buffer.from(text, 'base64');
  const out = Buffer.allocUnsafe(Math.ceil((text.length * 3) / 4) + 3);
  let length = 0;
  for (let start = 0; start < text.length;) {
    let end = text.indexOf('=', start);
    if (end < 0) end = text.length;
    length += out.write(text.slice(start, end), length, 'base64');
    while (text.charCodeAt(end) === 61) end++;
    start = end;
  }
  return out.subarray(0, length);
}

/** An unknown encoding gives the bytes as they are. Never throws; may share memory with `raw`. */
export function decodePart(raw: Buffer, part: Part): Buffer {
  const body = raw.subarray(part.bodyOffset, part.bodyOffset + part.bodyLength);
  if (part.encoding === 'base64') return decodeBase64(body);
  if (part.encoding === 'quoted-printable') return decodeQuotedPrintable(body);
  return body;
}

/** The text of a part, with the line endings of a JavaScript string. */
export function decodePartText(raw: Buffer, part: Part, maxBytes: number): { text: string; isCut: boolean } {
  const bytes = decodePart(raw, part);
  const isCut = bytes.length > maxBytes;
  return {
    text: decodeText(isCut ? bytes.subarray(0, maxBytes) : bytes, part.charset).replace(/\r\n/g, '\n'),
    isCut,
  };
}
