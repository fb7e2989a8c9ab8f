// The fields of a list row, read from the first bytes of a message before its 250: it must take microseconds.
import { isUtf8 } from 'node:buffer';
import type { Address } from '../../shared/message.ts';
import { parseAddresses } from './addresses.ts';
import { decodeUnlabelled } from './charset.ts';
import { parseDate } from './date.ts';
import type { ScannedHeader } from './derived.ts';
import { skipMboxText } from './mbox-line.ts';
import { readSubject } from './subject.ts';

const maxHead = 256 * 1024;
const maxAddresses = 20;
const maxSubject = 10_000;
/** Of one address field that is looked at; 20 addresses fit many times. */
const maxAddressField = 16 * 1024;

const names = ['from', 'to', 'cc', 'subject', 'date'] as const;
type Name = (typeof names)[number];

/** The header block as ISO-8859-1, which is one cheap copy; fields with other bytes are decoded again. */
export function headerText(head: Buffer): string {
  const block = head.subarray(0, maxHead);
  const crlf = block.indexOf('\n\r\n');
  const lf = (crlf < 0 ? block : block.subarray(0, crlf)).indexOf('\n\n');
  const end = lf >= 0 ? lf + 1 : crlf >= 0 ? crlf + 1 : block.length;
  return block.toString('latin1', 0, end);
}

/** Which of the wanted names the line has, if any; the length and the first letter rule out nearly all lines. */
function findName(text: string, start: number, colon: number): Name | undefined {
  let end = colon;
  while (end > start && (text.charCodeAt(end - 1) === 32 || text.charCodeAt(end - 1) === 9)) end--;
  const length = end - start;
  if (length < 2 || length > 7) return undefined;
  const first = text.charCodeAt(start) | 32;
  for (const name of names) {
    if (name.length === length && name.charCodeAt(0) === first) {
      return text.slice(start, end).toLowerCase() === name ? name : undefined;
    }
  }
  return undefined;
}

/** Of the text, for what of the header is neither ASCII nor UTF-8. Few messages need it. */
function findTextCharset(text: string): string | null {
  const field = /(?:^|\n)content-type[ \t]*:/i.exec(text);
  const value = field ? text.slice(field.index + field[0].length, field.index + 1000) : '';
  return /\bcharset[ \t]{0,5}=[ \t]{0,5}"?([^"\s;]{1,60})/i.exec(value)?.[1] ?? null;
}

function decodeBytes(text: string, value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  return decodeUnlabelled(bytes, isUtf8(bytes) ? null : findTextCharset(text));
}

/** Unfolds, and decodes what is not ASCII. */
export function readValue(text: string, start: number, end: number): string {
  const raw = text.slice(start, end).trim();
  const value = raw.includes('\n') ? raw.replace(/\r?\n(?=[ \t])/g, '') : raw;

  return /[\0\x80-\xff]/.test(value) ? decodeBytes(text, value) : value;
}

/** The first of each field; all To and Cc fields. */
function readFields(text: string): Map<Name, string[]> {
  const found = new Map<Name, string[]>();
  let pos = skipMboxText(text);
  // Neither white space before the first field nor an mbox line that was quoted ends the header.
  if (/^[ \t]+\S|^>From /.test(text.slice(pos, pos + 1000))) pos = text.indexOf('\n', pos) + 1 || text.length;
  while (text[pos] === ' ' || text[pos] === '\t') pos = text.indexOf('\n', pos) + 1 || text.length;
  const first = pos;
  let colon = -1;
  while (pos < text.length) {
    let end = text.indexOf('\n', pos);
    if (end < 0) end = text.length;
    // Looked for once, not once for each line without one.
    if (colon < pos) colon = text.indexOf(':', pos);
    // A message that does not begin with a field has no header.
    if (pos === first && (colon < 0 || colon > end || !/^[!-9;-~]+[ \t]*$/.test(text.slice(pos, colon))))
      break;
    if (colon < 0) break;
    if (colon > end) {
      pos = end + 1;
      continue;
    }
    while (end + 1 < text.length && (text.charCodeAt(end + 1) === 32 || text.charCodeAt(end + 1) === 9)) {
      const next = text.indexOf('\n', end + 1);
      end = next < 0 ? text.length : next;
    }
    const name = findName(text, pos, colon);
    if (name) {
      const known = found.get(name);
      const limit = name === 'subject' || name === 'date' ? maxSubject : maxAddressField;
      const isRepeatable = name === 'to' || name === 'cc';
      if (!known) found.set(name, [readValue(text, colon + 1, Math.min(end, colon + 1 + limit))]);
      else if (isRepeatable && known.length < maxAddresses) {
        known.push(readValue(text, colon + 1, Math.min(end, colon + 1 + limit)));
      }
    }
    pos = end + 1;
  }
  return found;
}

function readAddresses(values: string[] | undefined): Address[] {
  const found: Address[] = [];
  for (const value of values ?? []) {
    if (found.length >= maxAddresses) break;
    found.push(...parseAddresses(value, maxAddresses - found.length));
  }
  return found;
}

/** `head` is the message or its beginning; at most 256 KiB of it are read. Never throws. */
export function scanHeader(head: Buffer): ScannedHeader {
  const fields = readFields(headerText(head));
  return {
    from: readAddresses(fields.get('from')),
    to: readAddresses([...(fields.get('to') ?? []), ...(fields.get('cc') ?? [])]),
    subject: readSubject(fields.get('subject')?.[0] ?? ''),
    date: parseDate(fields.get('date')?.[0] ?? ''),
  };
}
