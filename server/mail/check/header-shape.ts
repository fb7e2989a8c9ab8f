// Where the header ends, lines of it that are no fields, and fields that stand there twice.
import type { Found } from '../../../shared/finding.ts';
import { type CheckedMessage, fieldPlace, fieldsNamed, placeOf, toFound } from './checked.ts';

/** In so many bytes of the body fields of a header are looked for. */
const bodyLook = 4000;
const mostLines = 20;

interface LostField {
  name: string;
  value: string;
}

/** Fields at the beginning of the body, up to its first line that is none. */
function fieldsOfBody(raw: Buffer, start: number, end: number): { fields: LostField[]; length: number } {
  const fields: LostField[] = [];
  let length = 0;
  const look = raw.toString('latin1', start, Math.min(end, start + bodyLook));
  for (const line of look.split('\n').slice(0, mostLines)) {
    const field = /^([A-Za-z][A-Za-z0-9-]{1,60}):(?: (.*)|\r?$)/.exec(line);
    if (field) fields.push({ name: field[1]!, value: field[2]?.trim() ?? '' });
    else if (fields.length === 0 || !/^[ \t]+\S/.test(line)) break;
    length += line.length + 1;
  }
  return { fields, length: Math.min(length, look.length) };
}

/** Only mail programs write these with such values, or people who quote what they wrote. */
const ofPrograms = new Map([
  ['mime-version', /^1\.0/],
  ['content-type', /^[\w-]+\/[\w.+-]+\s*(?:;|$)/],
  ['content-transfer-encoding', /^(?:7bit|8bit|binary|base64|quoted-printable)$/i],
  ['message-id', /^<[^\s<>@]+@[^\s<>@]+>$/],
]);
const ofMail = /^(?:from|to|subject|date)$/i;

export function* checkHeaderEnd({ raw, structure }: CheckedMessage): Generator<Found> {
  const { root, headers } = structure;
  if (root.children.length > 0) return;
  const has = new Set(headers.map(({ name }) => name.toLowerCase()));
  const { fields, length } = fieldsOfBody(raw, root.bodyOffset, root.bodyOffset + root.bodyLength);
  const lost = fields.filter(({ name }) => !has.has(name.toLowerCase()));
  // One alone may be what a text begins with.
  if (lost.length < 2) return;
  const isHeader =
    lost.some(({ name, value }) => ofPrograms.get(name.toLowerCase())?.test(value)) ||
    (headers.length === 0 && lost.filter(({ name }) => ofMail.test(name)).length > 1);
  if (isHeader)
    yield toFound(
      'header.ended-early',
      [placeOf(raw, root.bodyOffset, length)],
      {
        names: lost
          .slice(0, 6)
          .map(({ name }) => name)
          .join(', '),
      },
      { confidence: root.bodyOffset > 2 ? 0.85 : 0.95 },
    );
}

export function* checkBlankLine({ raw, structure }: CheckedMessage): Generator<Found> {
  const { root, fields } = structure;
  const last = fields.at(-1);
  if (last === undefined || root.bodyLength === 0) return;
  // Between the last field and the body there is the end of its line, and then the empty line.
  const between = raw.toString('latin1', last.end, Math.min(root.bodyOffset, last.end + 1000));
  if (between.split('\n').length < 3)
    yield toFound('header.no-blank-line', [
      placeOf(raw, root.bodyOffset, Math.max(1, Math.min(root.bodyLength, 80))),
    ]);
}

export function* checkMalformedLines({ raw, structure }: CheckedMessage): Generator<Found> {
  const lines = structure.headers.filter(({ name, raw: text }) => name === '' && !/^>From /.test(text));
  const [first] = lines;
  if (first === undefined) return;
  const evidence = lines.slice(0, 5).map((field) => fieldPlace(raw, field));
  yield toFound('header.malformed-line', evidence, { line: first.raw });
}

export function* checkBlankContinuations({ raw, structure }: CheckedMessage): Generator<Found> {
  for (const { name, offset, length } of structure.headers) {
    const text = raw.toString('latin1', offset, offset + Math.min(length, 65_536));
    const found = /\n([ \t]+)\r?(?:\n|$)/.exec(text);
    if (!found) continue;
    const place = placeOf(raw, offset + found.index + 1, found[1]!.length, { header: name });
    yield toFound('header.blank-continuation', [place], { name });
    return;
  }
}

/** RFC 5322 3.6, RFC 2045: at most once. */
const singletons = [
  ...['from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'message-id', 'subject', 'date'],
  ...['in-reply-to', 'references', 'mime-version', 'content-type', 'content-transfer-encoding'],
];
const harmless = /^(?:in-reply-to|references|mime-version)$/;

export function* checkDuplicates(message: CheckedMessage): Generator<Found> {
  const byName = new Map<string, number>();
  for (const { name } of message.structure.headers) {
    const key = name.toLowerCase();
    byName.set(key, (byName.get(key) ?? 0) + 1);
  }
  for (const key of singletons) {
    const count = byName.get(key) ?? 0;
    if (count < 2) continue;
    const fields = fieldsNamed(message, key);
    const evidence = fields.map((field) => fieldPlace(message.raw, field));
    const severity = harmless.test(key) ? 'warning' : 'error';
    yield toFound('header.duplicate-field', evidence, { name: fields[0]!.name, count }, { severity });
  }
}

export function* checkTraceFields(message: CheckedMessage): Generator<Found> {
  // With Received it is a copy of a mail that was delivered, or came over another server.
  if (fieldsNamed(message, 'received').length > 0) return;
  for (const field of fieldsNamed(message, 'return-path', 'authentication-results').slice(0, 2))
    yield toFound('header.trace-field', [fieldPlace(message.raw, field)], { name: field.name });
}
