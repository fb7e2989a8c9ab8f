// The mailboxes of an address field (RFC 5322 3.4 and 4.4), as far as sentences about them need it: comments and groups
// are understood, encoded words are left as they are.
import type { Address, HeaderField } from '../message.ts';

const maxText = 256 * 1024;
const maxAddress = 1000;

/** The value as it was sent, unfolded but not decoded: a decoded name may hold a comma. */
export function rawValue(field: HeaderField): string {
  const colon = field.raw.indexOf(':');
  return (colon < 0 ? field.value : field.raw.slice(colon + 1, colon + 1 + maxText))
    .replace(/\r?\n(?=[ \t])/g, '')
    .trim();
}

interface Reading {
  name: string;
  angle: string | null;
  comment: string;
}

function finish({ name, angle, comment }: Reading): Address | null {
  const text = name
    .slice(0, 2 * maxAddress)
    .replace(/\s+/g, ' ')
    .trim();
  const note = comment.slice(0, maxAddress).trim();
  if (angle !== null) return { name: text || note, address: angle.replace(/\s/g, '').slice(0, maxAddress) };
  if (text === '') return null;
  const spec = text.replace(/ ?([@.]) ?/g, '$1').slice(0, maxAddress);
  // A quoted local part may hold blanks.
  const local = spec.startsWith('"') ? spec.indexOf('"@') + 1 : 0;
  return spec.includes('@', local) && !spec.includes(' ', local)
    ? { name: note, address: spec }
    : { name: text.slice(0, maxAddress), address: '' };
}

/** At most `limit` mailboxes; a group gives its members. Never throws. */
export function parseAddressList(value: string, limit = 1000): Address[] {
  const text = value.slice(0, maxText);
  const found: Address[] = [];
  let reading: Reading = { name: '', angle: null, comment: '' };
  const end = (): void => {
    const address = finish(reading);
    if (address) found.push(address);
    reading = { name: '', angle: null, comment: '' };
  };
  for (let i = 0; i < text.length && found.length < limit;) {
    const c = text[i]!;
    if (c === ',' || c === ';') {
      end();
      i++;
    } else if (c === ':' && reading.angle === null && !reading.name.includes('@')) {
      reading = { name: '', angle: null, comment: '' };
      i++;
    } else if (c === '"') {
      const close = skip(text, i, '"', '"');
      const inner = text.slice(i + 1, close - 1);
      // A quoted local part keeps its quotes, a quoted name does not.
      reading.name += text[close] === '@' ? text.slice(i, close) : inner.replace(/\\(.)/gs, '$1');
      i = close;
    } else if (c === '(') {
      const close = skip(text, i, '(', ')');
      reading.comment += ` ${text.slice(i + 1, close - 1)}`;
      i = close;
    } else if (c === '<') {
      const close = skip(text, i, '<', '>');
      // A source route is no part of the address (RFC 5322 4.4).
      reading.angle ??= text
        .slice(i + 1, text[close - 1] === '>' ? close - 1 : close)
        .replace(/^@[^:]*:/, '');
      i = close;
    } else if (c === '[') {
      const close = skip(text.slice(0, i + maxAddress), i, '[', ']');
      reading.name += text.slice(i, close);
      i = close;
    } else {
      reading.name += c;
      i++;
    }
  }
  if (found.length < limit) end();
  return found;
}

/** The index past what closes at the same depth; the end of the text when nothing does. */
function skip(text: string, start: number, open: string, close: string): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if (c === close && (open !== close || i > start)) {
      if (open === close || --depth === 0) return i + 1;
    } else if (c === open && open === '(') depth++;
    else if (c === open && i === start) depth = 1;
  }
  return text.length;
}
