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
  const name = head.slice(head.lastIndexOf('.') + 1).trim().toUpperCase();
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
  let open = '';
  const end = (): void => {
    const line = open === '' ? null : parseLine(open);
    if (line) found.push(line);
    open = '';
  };
  for (const line of text.slice(0, maxText).split(/\r\n|\n|\r/, maxLines)) {
    // vCard 2.1 folds quoted-printable by an equals sign instead.
    if (open.endsWith('=') && /^[^:]*ENCODING=QUOTED-PRINTABLE/i.test(open.slice(0, 200)))
      open = (open.slice(0, -1) + line.trimStart()).slice(0, maxLine);
    else if (line.startsWith(' ') || line.startsWith('\t')) open = (open + line.slice(1)).slice(0, maxLine);
    else {
      end();
      open = line.slice(0, maxLine);
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

/** Parts between separators that are not escaped. */
export function splitValue(value: string, separator: ';' | ',', limit = 100): string[] {
  const found: string[] = [];
  let start = 0;
  for (let i = 0; i <= value.length && found.length < limit; i++) {
    if (value[i] === '\\') i++;
    else if (i === value.length || value[i] === separator) {
      found.push(readText(value.slice(start, i)));
      start = i + 1;
    }
  }
  // The value ended in a lone backslash.
  if (found.length < limit && start < value.length && start > 0 && value.endsWith('\\')) found.push(readText(value.slice(start)));
  return found.length === 0 ? [readText(value)] : found;
}
