// Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183) with their parameters, RFC 2231 included.
import { decodeText } from './charset.ts';
import { decodeWords } from './encoded-words.ts';

export interface ParameterValue {
  /** In lower case, without comments: `text/plain`. */
  value: string;
  /** By name in lower case, decoded. The first of a name counts. */
  params: Map<string, string>;
}

const maxSegments = 1000;

interface Segment {
  text: string;
  isEncoded: boolean;
}

/** Removes comments outside of quoted strings, counting their depth. */
function stripComments(text: string): string {
  if (!text.includes('(')) return text;
  const out: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '\\' && (isQuoted || depth > 0)) i++;
    else if (c === '"' && depth === 0) isQuoted = !isQuoted;
    else if (c === '(' && !isQuoted && depth++ === 0) out.push(text.slice(from, i));
    else if (c === ')' && depth > 0 && --depth === 0) from = i + 1;
  }
  if (depth === 0) out.push(text.slice(from));
  return out.join(' ');
}

/** The pieces between semicolons that are not in quotes. */
function splitParameters(text: string): string[] {
  const pieces: string[] = [];
  let isQuoted = false;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '\\' && isQuoted) i++;
    else if (c === '"') isQuoted = !isQuoted;
    else if (c === ';' && !isQuoted) {
      pieces.push(text.slice(from, i));
      from = i + 1;
    }
  }
  pieces.push(text.slice(from));
  return pieces;
}

const unquote = (text: string): string =>
  text.startsWith('"') ? text.slice(1).replace(/\\(.)|"[^]*$/gs, '$1') : text;

const percentBytes = (text: string): Buffer =>
  Buffer.from(
    // Code units past 255 cannot be in an encoded value; they are kept by their UTF-8 bytes.
    Buffer.from(text)
      .toString('latin1')
      .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );

/** RFC 2231 §3 and §4: the segments in order, up to the first that is missing. */
function joinSegments(segments: Map<number, Segment>): string | null {
  const first = segments.get(0);
  if (!first) return null;
  const named = first.isEncoded ? /^([^']{0,60})'[^']{0,60}'/.exec(first.text) : null;
  const bytes: Buffer[] = [];
  for (let i = 0; ; i++) {
    const segment = segments.get(i);
    if (!segment) break;
    const text = i === 0 && named ? segment.text.slice(named[0].length) : segment.text;
    bytes.push(segment.isEncoded ? percentBytes(text) : Buffer.from(text));
  }
  return decodeText(Buffer.concat(bytes), named?.[1] || null);
}

/** Never throws. `text` is the unfolded value of the header field. */
export function parseParameters(text: string): ParameterValue {
  const [value = '', ...pieces] = splitParameters(stripComments(text));
  const params = new Map<string, string>();
  const extended = new Map<string, Map<number, Segment>>();
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    if (equals < 0) continue;
    const name = piece.slice(0, equals).trim().toLowerCase();
    const content = unquote(piece.slice(equals + 1).trim());
    const parts = /^([^*]{1,60})\*(?:(\d{1,4})(\*)?)?$/.exec(name);
    if (!parts) {
      // RFC 2231 forbids encoded words here; most senders use them all the same.
      if (!params.has(name) && params.size < maxSegments) params.set(name, decodeWords(content));
      continue;
    }
    const base = parts[1] ?? '';
    const segments = extended.get(base) ?? new Map<number, Segment>();
    if (extended.size < maxSegments) extended.set(base, segments);
    const index = Number(parts[2] ?? 0);
    const isEncoded = parts[2] === undefined || parts[3] !== undefined;
    if (!segments.has(index) && index < maxSegments) segments.set(index, { text: content, isEncoded });
  }
  // RFC 5987 §4.2, RFC 2231: the extended form is the one with the right charset.
  for (const [name, segments] of extended) {
    const joined = joinSegments(segments);
    if (joined !== null) params.set(name, joined);
  }
  return { value: value.trim().toLowerCase(), params };
}
