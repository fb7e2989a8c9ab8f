// A message taken apart as MailHog does it: header fields as written, bodies still encoded, parts by their boundary.
// https://github.com/mailhog/data is where these shapes come from.

export interface Content {
  Headers: Record<string, string[]>;
  Body: string;
  Size: number;
  MIME: { Parts: Content[] } | null;
}

const deepest = 20;
const mostParts = 1000;
/** By name. No program sends more, and a list of messages has all of each. */
const mostFields = 2000;

function readHeaders(text: string): Record<string, string[]> {
  const headers = new Map<string, string>();
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (last !== undefined && /^[ \t]/.test(line)) {
      headers.set(last, headers.get(last)! + line);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    last = line.slice(0, colon);
    if (headers.size >= mostFields && !headers.has(last)) {
      last = undefined;
      continue;
    }
    // Of several fields of one name the last stays.
    headers.set(last, line.slice(colon + 1).replace(/^ /, ''));
  }
  return Object.fromEntries([...headers].map(([name, value]) => [name, [value]]));
}

export const headerOf = ({ Headers }: Content, name: string): string | undefined =>
  Object.entries(Headers).find(([key]) => key.toLowerCase() === name)?.[1][0];

function boundaryOf(contentType: string): string | undefined {
  const found = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  return found?.[1] ?? found?.[2];
}

/** What stands between the delimiter lines (RFC 2046 §5.1.1); the preamble and the epilogue are left out. */
function splitParts(body: string, boundary: string): string[] {
  const parts: string[] = [];
  const delimiter = `--${boundary}`;
  let start = -1;
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && body[at - 1] !== '\n') continue;
    const lineEnd = body.indexOf('\n', at);
    const line = body.slice(at + delimiter.length, lineEnd < 0 ? body.length : lineEnd);
    if (!/^(?:--)?[ \t\r]*$/.test(line)) continue;
    if (start >= 0) parts.push(body.slice(start, at).replace(/^[\r\n]+|(?<![\r\n])[\r\n]+$/g, ''));
    if (line.startsWith('--') || lineEnd < 0 || parts.length >= mostParts) return parts;
    start = lineEnd + 1;
  }
  return parts;
}

export function readContent(text: string, depth = 0): Content {
  const gap = /\r?\n\r?\n/.exec(text);
  const content: Content = {
    Headers: gap ? readHeaders(text.slice(0, gap.index)) : {},
    Body: gap ? text.slice(gap.index + gap[0].length) : text,
    Size: Buffer.byteLength(text),
    MIME: null,
  };
  const type = headerOf(content, 'content-type') ?? '';
  if (depth >= deepest || !/^multipart\//i.test(type)) return content;
  const boundary = boundaryOf(type);
  const parts = boundary === undefined ? [] : splitParts(content.Body, boundary);
  content.MIME = { Parts: parts.map((part) => readContent(part, depth + 1)) };
  return content;
}
