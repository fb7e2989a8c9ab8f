// Content lines of iCalendar and vCard (RFC 5545 3.1, RFC 6350 3.3): unfolded, with name, parameters and value.
export interface ContentLine {
  /** In upper case, without a group such as `item1.`. */
  name: string;
  /** By upper-case name. A bare word, as in vCard 2.1, counts as a TYPE. */
  params: Map<string, string[]>;
  value: string;
}

const maxText = 2 * 1024 * 1024;
const maxLines = 20_000;
const maxLine = 100_000;
const maxParams = 50;

/** The index of the first `stop` outside double quotes, or -1. */
function indexOutside(text: string, stop: string, start: number): number {
  let quoted = false;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted;
    else if (!quoted && text[i] === stop) return i;
  }
  return -1;
}

function split(text: string, stop: string, limit: number): string[] {
  const found: string[] = [];
  let start = 0;
  while (found.length < limit) {
    const at = indexOutside(text, stop, start);
    found.push(text.slice(start, at < 0 ? text.length : at));
    if (at < 0) break;
    start = at + 1;
  }
  return found;
}

/** RFC 6868: ^n, ^^ and ^' in parameter values. */
const readParam = (text: string): string =>
  text
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replace(/\^([n^'])/g, (_, c: string) => (c === 'n' ? '\n' : c === "'" ? '"' : '^'));

function parseLine(line: string): ContentLine | null {
  const colon = indexOutside(line, ':', 0) >= 0 ? indexOutside(line, ':', 0) : line.indexOf(':');
  if (colon < 1) return null;
  const [head = '', ...rest] = split(line.slice(0, colon), ';', maxParams);
  const name = head
    .slice(head.lastIndexOf('.') + 1)
    .trim()
    .toUpperCase();
  if (!/^[A-Z0-9-]{1,60}$/.test(name)) return null;
  const params = new Map<string, string[]>();
  for (const text of rest) {
    const equals = text.indexOf('=');
    const key = equals < 0 ? 'TYPE' : text.slice(0, equals).trim().toUpperCase();
    const values = split(text.slice(equals + 1), ',', maxParams).map(readParam);
    params.set(key, [...(params.get(key) ?? []), ...values]);
  }
  return { name, params, value: line.slice(colon + 1) };
}

/** What cannot be read is left out. Never throws. */
export function parseContentLines(text: string): ContentLine[] {
  const found: ContentLine[] = [];
  // Pieces of the line that is open: joining them once keeps a line of many folds linear.
  let pieces: string[] = [];
  let length = 0;
  const add = (piece: string): void => {
    if (length >= maxLine) return;
    pieces.push(piece.slice(0, maxLine - length));
    length += piece.length;
  };
  const end = (): void => {
    const line = length === 0 ? null : parseLine(pieces.join(''));
    if (line) found.push(line);
    pieces = [];
    length = 0;
  };
  for (const line of text.slice(0, maxText).split(/\r\n|\n|\r/, maxLines)) {
    const last = pieces.at(-1) ?? '';
    // vCard 2.1 folds quoted-printable by an equals sign instead.
    if (last.endsWith('=') && /^[^:]*QUOTED-PRINTABLE/i.test(pieces[0]!.slice(0, 200))) {
      pieces[pieces.length - 1] = last.slice(0, -1);
      add(line.trimStart());
    } else if (length > 0 && (line.startsWith(' ') || line.startsWith('\t'))) add(line.slice(1));
    else {
      end();
      add(line);
    }
  }
  end();
  return found;
}

/** RFC 5545 3.3.11: \n, \, and \; in a text. */
export const readText = (value: string, limit = 10_000): string =>
  value
    .slice(0, limit)
    .replace(/\\([nN,;:\\])/g, (_, c: string) => (c === 'n' || c === 'N' ? '\n' : c))
    .trim();

/** Parts between separators that are not escaped, at most `limit`. */
export function splitValue(value: string, separator: ';' | ',', limit = 100): string[] {
  const found: string[] = [];
  let start = 0;
  for (let i = 0; i < value.length && found.length < limit - 1; i++) {
    if (value[i] === '\\') i++;
    else if (value[i] === separator) {
      found.push(readText(value.slice(start, i)));
      start = i + 1;
    }
  }
  return [...found, readText(value.slice(start))];
}
