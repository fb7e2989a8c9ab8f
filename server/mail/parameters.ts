// Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183) with their parameters, RFC 2231 included.
import { cleanText, decodeText } from './charset.ts';
import { closedCommentEnd } from './comments.ts';
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

/**
 * Where a parenthesis is a comment. `name = report (1).pdf` is sent without quotes by many: in names of files there are
 * none. A boundary without quotes may have them inside; and so may what follows a type without a semicolon.
 */
type Comments = 'none' | 'between' | 'all';

function commentsIn(text: string, from: number): Comments {
  const beginning = text.slice(from, from + 100);
  if (/^\s*(?:file)?name(?:\*\d{0,4}\*?)?\s*=\s*[^"\s]/i.test(beginning)) return 'none';
  return /^\s*boundary/i.test(beginning) ? 'between' : 'all';
}

const isBetween = (text: string, at: number): boolean => at === 0 || /[\s;)"]/.test(text.charAt(at - 1));

/** The pieces between semicolons, without comments (RFC 5322 §3.2.2); neither counts inside quotes. */
function splitParameters(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let from = 0;
  let isQuoted = false;
  let comments = commentsIn(text, 0);
  let isOpen = false;
  const take = (end: number): void => {
    piece += text.slice(from, end);
    from = end;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 92 && isQuoted) i++;
    else if (c === 34) isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (c === 59) {
      take(i);
      pieces.push(piece);
      piece = '';
      from = i + 1;
      comments = commentsIn(text, from);
    } else if (c === 61 && pieces.length === 0 && comments === 'all') comments = 'between';
    else if (c === 40 && (isBetween(text, i) ? comments !== 'none' : comments === 'all' && !isOpen)) {
      const end = closedCommentEnd(text, i);
      // Looked for once, not once for each that does not close.
      isOpen = end === null;
      if (end === null && !isBetween(text, i)) continue;
      take(i);
      piece += ' ';
      from = end ?? text.length;
      i = from - 1;
    }
  }
  take(text.length);
  pieces.push(piece);
  return pieces;
}

const isFileName = (name: string): boolean => name === 'name' || name === 'filename';

/** In names of files, other backslashes than those before quotes and backslashes are of paths: `C:\\TEMP\\a.txt`. */
const unquote = (text: string, name: string): string =>
  text.startsWith('"')
    ? text.slice(1).replace(isFileName(name) ? /\\(["\\])|"[^]*/g : /\\([^])|"[^]*/g, '$1')
    : text;

const percentBytes = (text: string): Buffer =>
  Buffer.from(
    // Code units past 255 cannot be in an encoded value; they are kept by their UTF-8 bytes.
    Buffer.from(text)
      .toString('latin1')
      .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );

/** RFC 2231 §3 and §4: the segments in order, up to the first that is missing. */
function joinSegments(segments: Map<number, Segment>, base: string): string | null {
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
  const text = decodeText(Buffer.concat(bytes), named?.[1] || null);
  // Some cut an encoded word into segments.
  return first.isEncoded || !isFileName(base) ? text : decodeWords(text);
}

/** Never throws. `text` is the unfolded value of the header field. */
export function parseParameters(text: string): ParameterValue {
  const [first = '', ...pieces] = splitParameters(text);
  // A semicolon is missing (`text/html charset=utf-8`), or the value itself (`filename=a.txt`).
  const [, value = '', rest = ''] = /^([^\s=]*)(?:\s([^]*))?$/.exec(first.trimStart()) ?? ['', '', first];
  if (rest.includes('=')) pieces.unshift(...rest.split(/(?<!\s)\s+(?=[\w*-]{1,60}=)/));
  const params = new Map<string, string>();
  const extended = new Map<string, Map<number, Segment>>();
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    if (equals < 0) continue;
    const name = piece.slice(0, equals).trim().toLowerCase();
    const parts = /^([^*]{1,60})\*(?:(\d{1,4})(\*)?)?$/.exec(name);
    const base = parts?.[1] ?? name;
    const content = unquote(piece.slice(equals + 1).trim(), base);
    if (!parts) {
      // RFC 2231 forbids encoded words; most senders write names of files in them all the same. A boundary may look so.
      const value = isFileName(name) ? decodeWords(content) : cleanText(content);
      if (!params.has(name) && params.size < maxSegments) params.set(name, value);
      continue;
    }
    const segments = extended.get(base) ?? new Map<number, Segment>();
    if (extended.size < maxSegments) extended.set(base, segments);
    const index = Number(parts[2] ?? 0);
    const isEncoded = parts[2] === undefined || parts[3] !== undefined;
    if (!segments.has(index) && index < maxSegments) segments.set(index, { text: content, isEncoded });
  }
  // RFC 5987 §4.2, RFC 2231: the extended form is the one with the right charset.
  for (const [name, segments] of extended) {
    const joined = joinSegments(segments, name);
    if (joined !== null) params.set(name, joined);
  }
  return { value: value.toLowerCase(), params };
}
