// The header block of a message or part: where its fields lie, and what they say.
import type { HeaderField } from '../../shared/message.ts';
import { decodeUnlabelled } from './charset.ts';
import { decodeWords } from './encoded-words.ts';

/** One field by its place; `name` and what comes after are read from the bytes on demand. */
export interface FieldSpan {
  start: number;
  /** Without the final line ending. */
  end: number;
  /** Of the colon; -1 for a line that is no field. */
  colon: number;
}

export interface HeaderBlock {
  fields: FieldSpan[];
  /** Fields beyond the limits, which were only counted. */
  dropped: number;
  /** Lines that are no field (RFC 5322 §2.2). */
  malformed: number;
  /** Just past the empty line; where the next delimiter or the message ends, if there is none. */
  bodyOffset: number;
}

export interface HeaderLimits {
  fields: number;
  bytes: number;
}

const LF = 10;
const CR = 13;
const COLON = 58;
const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9;

/** The colon of the field that begins at `start`, or -1. White space before it is obsolete but allowed (§4.5). */
function findColon(raw: Buffer, start: number, end: number): number {
  let i = start;
  while (i < end && raw[i]! > 32 && raw[i]! < 127 && raw[i] !== COLON) i++;
  const nameEnd = i;
  while (i < end && isBlank(raw[i])) i++;
  return raw[i] === COLON && i < end && nameEnd > start ? i : -1;
}

/**
 * `endsHere` is asked for lines that begin with two hyphens: a delimiter ends a header, too.
 * A block whose first line is no field is no header: everything is body.
 */
export function scanFields(
  raw: Buffer,
  start: number,
  limits: HeaderLimits,
  endsHere: (lineStart: number) => boolean,
): HeaderBlock {
  const block: HeaderBlock = { fields: [], dropped: 0, malformed: 0, bodyOffset: start };
  let current: FieldSpan | null = null;
  let pos = start;
  while (pos < raw.length) {
    if (raw[pos] === 45 && raw[pos + 1] === 45 && endsHere(pos)) break;
    let next = pos;
    while (next < raw.length && raw[next] !== LF) next++;
    let end = next;
    // The message may end in the middle of a line, whose carriage return is then content.
    if (next < raw.length && end > pos && raw[end - 1] === CR) end--;
    next = Math.min(next + 1, raw.length);
    if (end === pos) {
      block.bodyOffset = next;
      return block;
    }
    if (current && isBlank(raw[pos])) {
      current.end = end;
    } else {
      const colon = findColon(raw, pos, end);
      if (colon < 0 && pos === start) return block;
      if (colon < 0) block.malformed++;
      current = { start: pos, end, colon };
      if (block.fields.length < limits.fields && pos - start < limits.bytes) block.fields.push(current);
      else block.dropped++;
    }
    pos = next;
  }
  block.bodyOffset = pos;
  return block;
}

/** Where the kept text of a field ends: the whole block may be one endless field. */
function fieldEnd(raw: Buffer, field: FieldSpan, maxBytes: number): number {
  if (field.end - field.start <= maxBytes) return field.end;
  let end = field.start + maxBytes;
  // Not in the middle of a UTF-8 character: the text would no longer be taken for UTF-8.
  for (let i = 0; i < 3 && (raw[end]! & 0xc0) === 0x80; i++) end--;
  return end;
}

/** In lower case; empty for a line that is no field. */
export const fieldName = (raw: Buffer, field: FieldSpan): string =>
  field.colon < 0 ? '' : raw.toString('latin1', field.start, field.colon).trimEnd().toLowerCase();

/** Unfolded (RFC 5322 §2.2.3), not yet decoded. */
export const fieldValue = (raw: Buffer, field: FieldSpan, maxBytes: number): string =>
  decodeUnlabelled(raw.subarray(field.colon + 1 || field.start, fieldEnd(raw, field, maxBytes)))
    .replace(/\r?\n(?=[ \t])/g, '')
    .trim();

/** The field as the API shows it. */
export function describeField(raw: Buffer, field: FieldSpan, maxBytes: number): HeaderField {
  const end = fieldEnd(raw, field, maxBytes);
  return {
    name: field.colon < 0 ? '' : raw.toString('latin1', field.start, field.colon).trimEnd(),
    value: decodeWords(fieldValue(raw, field, maxBytes)),
    raw: decodeUnlabelled(raw.subarray(field.start, end)),
    offset: field.start,
    length: field.end - field.start,
  };
}
