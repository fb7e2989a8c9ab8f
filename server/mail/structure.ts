// Our own scan of the raw bytes: header fields in order and the tree of parts, with byte offsets. Nothing is decoded
// here but headers. It works in one pass with a stack of its own, so that no nesting can exhaust the call stack.
import type { HeaderField, Part } from '../../shared/message.ts';
import { createDelimiters, maxBoundary } from './delimiters.ts';
import { describeField, fieldName, type FieldSpan, type HeaderBlock, scanFields } from './header-fields.ts';
import { skipMboxLine } from './mbox-line.ts';
import { partHeaderLimits, readPartHeader } from './part-header.ts';

export const maxDepth = 100;
export const maxParts = 1000;
export const maxFields = 1000;
const maxHeaderBytes = 1024 * 1024;

export interface Structure {
  root: Part;
  headers: HeaderField[];
  /** Of the first part that has one: what bytes of the header without a charset are most likely in. */
  textCharset: string | null;
  /** Places of the fields of the root, malformed lines included. */
  fields: FieldSpan[];
  /** Of each multipart with a usable boundary: whether its closing delimiter came, or a limit left parts out. */
  ends: ReadonlyMap<Part, MultipartEnd>;
  /** Sentences on what is broken, or was left out because of a limit. */
  problems: string[];
}

export type MultipartEnd = 'closed' | 'unclosed' | 'limited';

/** A part whose end is not known yet. */
interface OpenPart {
  part: Part;
  /** Of a multipart, until its closing delimiter was seen. */
  boundary: string | null;
  /** What the path of its children begins with. */
  prefix: string;
  childType: string;
}

interface Counts {
  parts: number;
  tooDeep: number;
  unclosed: number;
  badBoundary: number;
}

const formatCount = (n: number): string => n.toLocaleString('en-US');

function listProblems(counts: Counts, header: HeaderBlock): string[] {
  const problems: string[] = [];
  const { dropped, malformed, fields } = header;
  if (dropped > 0) {
    problems.push(
      `${formatCount(dropped)} header fields after the first ${formatCount(fields.length)} are not listed.`,
    );
  }
  if (malformed > 0) {
    problems.push(
      `${formatCount(malformed)} ${malformed === 1 ? 'line' : 'lines'} of the header cannot be read as a field.`,
    );
  }
  if (header.isOpen) problems.push('The empty line between header and body is missing.');
  if (fields.some((field) => field.end - field.start > maxHeaderBytes)) {
    problems.push('A header field is longer than 1 MiB and is shown only up to there.');
  }
  if (counts.parts > maxParts) {
    problems.push(
      `${formatCount(counts.parts - maxParts)} parts after the first ${formatCount(maxParts)} are not listed.`,
    );
  }
  if (counts.tooDeep > 0) problems.push(`Parts nested deeper than ${maxDepth} levels are not taken apart.`);
  if (counts.badBoundary > 0) problems.push('A multipart names no usable boundary and is not taken apart.');
  if (counts.unclosed > 0) problems.push('The closing boundary of a multipart is missing.');
  return problems;
}

export const isMultipart = (part: Pick<Part, 'contentType'>): boolean =>
  part.contentType.startsWith('multipart/');
// RFC 2046 §5.2.1 allows an embedded message no other encoding; one that has it anyway is left closed.
const isMessage = (part: Pick<Part, 'contentType' | 'encoding'>): boolean =>
  /^message\/(rfc822|global)$/.test(part.contentType) && /^(7-?bit|8-?bit|binary)$/.test(part.encoding);

/** The depth of the tree is limited, so recursion is safe. */
function firstCharset(part: Part): string | null {
  for (const child of part.children) {
    const found = firstCharset(child);
    if (found !== null) return found;
  }
  return part.charset;
}

/** Whether a line is the delimiter that the header itself names: then the empty line before it is missing. */
function ownDelimiter(raw: Buffer): (lineStart: number, fields: FieldSpan[]) => boolean {
  let delimiter: string | null = null;
  let seen = 0;
  return (lineStart, fields) => {
    // The first Content-Type counts, so it is read once.
    for (; delimiter === null && seen < fields.length; seen++) {
      if (fieldName(raw, fields[seen]!) !== 'content-type') continue;
      const { boundary } = readPartHeader(raw, [fields[seen]!], 'text/plain');
      delimiter = boundary === null ? '' : `--${Buffer.from(boundary).toString('latin1')}`;
    }
    if (!delimiter) return false;
    const end = lineStart + delimiter.length;
    return raw.toString('latin1', lineStart, end) === delimiter && (raw[end] ?? 10) <= 32;
  };
}

/** Never throws, whatever the bytes; linear in their number. */
export function scanStructure(raw: Buffer): Structure {
  const delimiters = createDelimiters(raw);
  const open: OpenPart[] = [];
  const counts: Counts = { parts: 0, tooDeep: 0, unclosed: 0, badBoundary: 0 };
  const ends = new Map<Part, MultipartEnd>();
  let rootHeader: HeaderBlock | undefined;

  function endBoundary(entry: OpenPart): void {
    if (entry.boundary !== null) delimiters.remove(entry.boundary);
    entry.boundary = null;
  }

  /** Closes the parts above this level of the stack. */
  function closeAbove(level: number, end: number): void {
    while (open.length > level) {
      const entry = open.pop()!;
      if (entry.boundary !== null) counts.unclosed++;
      endBoundary(entry);
      entry.part.bodyLength = Math.max(0, end - entry.part.bodyOffset);
    }
  }

  /** Reads a header and opens its part; for an embedded message the part inside, too. Returns where to go on. */
  function openPart(start: number): number {
    for (let at = start; ;) {
      const parent = open.at(-1);
      const limits = rootHeader ? partHeaderLimits : { fields: maxFields, bytes: maxHeaderBytes };
      const isOwn = ownDelimiter(raw);
      const block = scanFields(
        raw,
        at,
        limits,
        (lineStart, fields) => delimiters.at(lineStart) !== null || isOwn(lineStart, fields),
      );
      rootHeader ??= block;
      const { boundary, ...header } = readPartHeader(raw, block.fields, parent?.childType ?? 'text/plain');
      const holdsParts = isMultipart(header);
      const holdsMessage = isMessage(header);
      const number =
        parent && isMultipart(parent.part) ? parent.part.children.length + 1 : holdsParts ? 0 : 1;
      const prefix = parent?.prefix ?? '';
      const part: Part = {
        path: `${prefix}${number}`,
        ...header,
        headerOffset: at,
        bodyOffset: block.bodyOffset,
        bodyLength: 0,
        size: null,
        sha256: null,
        children: [],
      };
      parent?.part.children.push(part);
      counts.parts++;
      const entry: OpenPart = {
        part,
        boundary: null,
        prefix: number === 0 ? prefix : `${part.path}.`,
        childType: header.contentType === 'multipart/digest' ? 'message/rfc822' : 'text/plain',
      };
      open.push(entry);
      if (!holdsParts && !holdsMessage) return block.bodyOffset;
      if (open.length >= maxDepth) {
        counts.tooDeep++;
        ends.set(part, 'limited');
        return block.bodyOffset;
      }
      if (holdsParts) {
        if (boundary === null || Buffer.byteLength(boundary) > maxBoundary) {
          counts.badBoundary++;
        } else {
          entry.boundary = boundary;
          ends.set(part, 'unclosed');
          delimiters.add(boundary, open.length - 1);
        }
        return block.bodyOffset;
      }
      if (counts.parts >= maxParts) {
        counts.parts++;
        return block.bodyOffset;
      }
      at = block.bodyOffset;
    }
  }

  const start = skipMboxLine(raw);
  let pos = openPart(start);
  const root = open[0]!.part;
  for (let found = delimiters.findNext(pos); found; found = delimiters.findNext(pos)) {
    // RFC 2046 §5.1.1: the line ending before a delimiter belongs to the delimiter.
    const before = raw[found.lineStart - 2] === 13 ? 2 : 1;
    closeAbove(found.level + 1, found.lineStart - before);
    pos = found.next;
    const entry = open[found.level]!;
    if (found.isClosing) {
      endBoundary(entry);
      ends.set(entry.part, 'closed');
    } else if (counts.parts < maxParts) pos = openPart(pos);
    else {
      counts.parts++;
      ends.set(entry.part, 'limited');
    }
  }
  closeAbove(0, raw.length);

  const header = rootHeader!;
  const textCharset = firstCharset(root);
  return {
    root,
    textCharset,
    headers: header.fields.map((field) => describeField(raw, field, maxHeaderBytes, textCharset)),
    fields: header.fields,
    ends,
    problems: listProblems(counts, header),
  };
}
