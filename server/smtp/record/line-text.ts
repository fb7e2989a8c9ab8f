// Bytes of a line as text for people, with the exact bytes beside it where the text is not faithful.
import { isUtf8 } from 'node:buffer';

const printable = /^[\t\x20-\x7e]*$/;

const control = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]/g;

export interface LineText {
  text: string;
  base64?: string;
}

export function describeBytes(bytes: Buffer): LineText {
  const latin1 = bytes.toString('latin1');
  if (printable.test(latin1)) return { text: latin1 };
  const text = bytes.toString('utf8').replace(control, '\uFFFD');
  const faithful = isUtf8(bytes) && !text.includes('\uFFFD');
  return faithful ? { text } : { text, base64: bytes.toString('base64') };
}

export type Eol = 'CRLF' | 'LF' | 'CR' | '';

/** The line ending that stands at the end of the bytes. */
export function findEol(bytes: Buffer): { eol: Eol; length: number } {
  const last = bytes[bytes.length - 1];
  if (last === 10)
    return bytes[bytes.length - 2] === 13 ? { eol: 'CRLF', length: 2 } : { eol: 'LF', length: 1 };
  return last === 13 ? { eol: 'CR', length: 1 } : { eol: '', length: 0 };
}
