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
  /** The empty line before the body is missing. */
  isOpen: boolean;
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

/** A line of an mbox file that was quoted once more, or white space before the first field: neither is a field. */
const isOddStart = (raw: Buffer, start: number): boolean =>
  isBlank(raw[start]) || raw.toString('latin1', start, start + 6) === '>From ';

/** Lines without a colon behind the last field: the header ended there, and the empty line is missing. */
function endBlock(block: HeaderBlock, start: number, lastField: number): HeaderBlock {
  const first = block.fields[lastField + 1];
  if (first === undefined || block.dropped > 0) return block;
  if (lastField < 0) return { ...block, fields: [], malformed: 0, bodyOffset: start };
  const fields = block.fields.slice(0, lastField + 1);
  const malformed = block.malformed - (block.fields.length - fields.length);
  return { ...block, fields, malformed, bodyOffset: first.start, isOpen: true };
}

/**
 * `endsHere` is asked for lines that begin with two hyphens: a delimiter ends a header, too.
 * A block whose first line is no field is no header: everything is body.
 */
export function scanFields(
  raw: Buffer,
  start: number,
  limits: HeaderLimits,
  endsHere: (lineStart: number, fields: FieldSpan[]) => boolean,
): HeaderBlock {
  const block: HeaderBlock = { fields: [], dropped: 0, malformed: 0, bodyOffset: start, isOpen: false };
  let current: FieldSpan | null = null;
  let lastField = -1;
  let pos = start;
  while (pos < raw.length) {
    if (raw[pos] === 45 && raw[pos + 1] === 45 && endsHere(pos, block.fields)) break;
    let next = pos;
    while (next < raw.length && raw[next] !== LF) next++;
    let end = next;
    // The message may end in the middle of a line, whose carriage return is then content.
    if (next < raw.length) while (end > pos && raw[end - 1] === CR) end--;
    next = Math.min(next + 1, raw.length);
    if (end === pos) {
      block.bodyOffset = next;
      return endBlock(block, start, lastField);
    }
    if (current && isBlank(raw[pos])) {
      current.end = end;
    } else {
      const colon = findColon(raw, pos, end);
      if (colon < 0 && (pos === start ? !isOddStart(raw, pos) : lastField < 0 && block.dropped === 0))
        return { ...block, fields: [], malformed: 0 };
      current = { start: pos, end, colon };
      if (block.fields.length < limits.fields && pos - start < limits.bytes) {
        if (colon >= 0) lastField = block.fields.length;
        block.fields.push(current);
      } else block.dropped++;
      if (colon < 0) block.malformed++;
    }
    pos = next;
  }
  block.bodyOffset = pos;
  return endBlock(block, start, lastField);
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

/** Unfolded (RFC 5322 §2.2.3), not yet decoded. Bytes without a charset may be in that of the text. */
export const fieldValue = (
  raw: Buffer,
  field: FieldSpan,
  maxBytes: number,
  textCharset: string | null = null,
): string =>
  decodeUnlabelled(raw.subarray(field.colon + 1 || field.start, fieldEnd(raw, field, maxBytes)), textCharset)
    .replace(/\r?\n(?=[ \t])/g, '')
    .trim();

/** The field as the API shows it. */
export function describeField(
  raw: Buffer,
  field: FieldSpan,
  maxBytes: number,
  textCharset: string | null,
): HeaderField {
  const end = fieldEnd(raw, field, maxBytes);
  return {
    name: field.colon < 0 ? '' : raw.toString('latin1', field.start, field.colon).trimEnd(),
    value: decodeWords(fieldValue(raw, field, maxBytes, textCharset)),
    raw: decodeUnlabelled(raw.subarray(field.start, end), textCharset),
    offset: field.start,
    length: field.end - field.start,
  };
}
