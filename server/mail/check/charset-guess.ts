// Whether bytes can be in the charset that their label names.
import { isAscii, isUtf8 } from 'node:buffer';
import { standardName } from '../charset-names.ts';

/** Charsets of one byte for a letter, in which bytes that are UTF-8 make no words. */
const oneByte = /^(?:iso-8859-\d{1,2}|windows-125\d|(?:us-)?ascii|macintosh|koi8-[ru]|ibm\d{3})$/;

/** What they are, as a sentence takes it; null where the label can be right. */
export function isMislabelled(bytes: Buffer, charset: string): string | null {
  if (isAscii(bytes)) return null;
  const label = standardName(charset.toLowerCase());
  if (label === 'utf-8') return isUtf8(bytes) ? null : 'not UTF-8';
  if (!oneByte.test(label)) return null;
  if (isUtf8(bytes)) return 'UTF-8';
  return /ascii$/.test(label) ? 'not ASCII' : null;
}

/** Without a letter that is cut at the end. */
export function untilWhole(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 4 && bytes[end - 1]! > 127) end--;
  return bytes.subarray(0, end);
}
