// The values of some header fields, by name, for rules that look at them before the message is stored.
import { headerText, readValue } from './scan-header.ts';
import { decodeWords } from './encoded-words.ts';
import { skipMboxText } from './mbox-line.ts';

/** Of one field that is looked at, and fields of one name. */
const maxValue = 2000;
const maxFields = 20;

/** `names` in small letters. Reads the first 256 KiB, linear in them. Never throws. */
export function findHeaders(head: Buffer, names: ReadonlySet<string>): Map<string, string[]> {
  const text = headerText(head);
  const longest = Math.max(0, ...[...names].map(({ length }) => length));
  const found = new Map<string, string[]>();
  let pos = skipMboxText(text);
  while (pos < text.length) {
    let end = text.indexOf('\n', pos);
    if (end < 0) end = text.length;
    const start = pos;
    const colon = text.slice(start, Math.min(end, start + longest + 20)).indexOf(':');
    while (end + 1 < text.length && (text.charCodeAt(end + 1) === 32 || text.charCodeAt(end + 1) === 9)) {
      const next = text.indexOf('\n', end + 1);
      end = next < 0 ? text.length : next;
    }
    pos = end + 1;
    if (colon <= 0) continue;
    const name = text
      .slice(start, start + colon)
      .trimEnd()
      .toLowerCase();
    if (!names.has(name)) continue;
    const from = start + colon + 1;
    const values = found.get(name) ?? [];
    if (values.length < maxFields)
      values.push(decodeWords(readValue(text, from, Math.min(end, from + maxValue))));
    found.set(name, values);
  }
  return found;
}
