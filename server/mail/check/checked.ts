// What checks look at, and the words that all of them use.
import type { Evidence, Found } from '../../../shared/finding.ts';
import type { Attachment, HeaderField, Link, Part, Unsubscribe } from '../../../shared/message.ts';
import { findRule } from '../../../shared/diagnose/catalogue.ts';
import { decodeUnlabelled } from '../charset.ts';
import { scanFields } from '../header-fields.ts';
import { partHeaderLimits } from '../part-header.ts';
import type { Structure } from '../structure.ts';

export interface CheckedMessage {
  raw: Buffer;
  structure: Structure;
  subject: string;
  /** As UTC; null where it cannot be read. */
  date: string | null;
  text: string | null;
  html: string | null;
  attachments: Attachment[];
  links: Link[];
  unsubscribe: Unsubscribe | null;
  nowMs: number;
}

/** Looks for one kind of problem; linear in the size of the message. */
export type Check = (message: CheckedMessage) => Iterable<Found>;

const maxText = 300;
const maxVar = 200;
const mostEvidence = 20;

const cutTo = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
const printable = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffd]+/g, ' ');

/** As a sentence takes it. */
export const toVar = (text: string): string => cutTo(printable(text.slice(0, 4 * maxVar)).trim(), maxVar);

/** A place in the raw message with what stands there. */
export function placeOf(
  raw: Buffer,
  offset: number,
  length: number,
  about: { header?: string; part?: string } = {},
): Evidence {
  const text = printable(decodeUnlabelled(raw.subarray(offset, offset + Math.min(length, maxText)))).trim();
  return { kind: 'message', offset, length, ...about, text: cutTo(text, maxText) };
}

/** A field of the header of the message. */
export const fieldPlace = (raw: Buffer, { name, offset, length }: HeaderField): Evidence =>
  placeOf(raw, offset, length, name === '' ? {} : { header: name });

/** The body of a part, of which only the beginning is quoted. */
export const bodyPlace = (raw: Buffer, part: Part): Evidence =>
  placeOf(raw, part.bodyOffset, part.bodyLength, { part: part.path });

/** A field of the header of a part; where it has none, its body. */
export function partFieldPlace(raw: Buffer, part: Part, name: string): Evidence {
  const { fields } = scanFields(
    raw.subarray(0, part.bodyOffset),
    part.headerOffset,
    partHeaderLimits,
    () => false,
  );
  const field = fields.find(
    ({ start, colon }) => colon >= 0 && raw.toString('latin1', start, colon).trimEnd().toLowerCase() === name,
  );
  if (field === undefined) return bodyPlace(raw, part);
  const header = raw.toString('latin1', field.start, field.colon).trimEnd();
  return placeOf(raw, field.start, field.end - field.start, { header, part: part.path });
}

const mostSearched = 4 * 1024 * 1024;
/** What is searched for by its beginning alone, as often as that: a search may cost all that there is in both. */
const mostOfWords = 64;
const mostHits = 20;

/** Where it stands in the body; -1: nowhere near its beginning. */
function findIn(body: Buffer, words: string): number {
  const needle = Buffer.from(words);
  if (needle.length === 0) return -1;
  const head = needle.subarray(0, mostOfWords);
  for (
    let at = body.indexOf(head), hits = 0;
    at >= 0 && hits < mostHits;
    at = body.indexOf(head, at + 1), hits++
  )
    if (body.subarray(at, at + needle.length).equals(needle)) return at;
  return -1;
}

const searched = (raw: Buffer, { bodyOffset, bodyLength }: Part): Buffer =>
  raw.subarray(bodyOffset, bodyOffset + Math.min(bodyLength, mostSearched));

/** `words` inside the first of these bodies where they stand as they are; else the first body. */
export function wordsPlace(
  raw: Buffer,
  [first, ...others]: readonly [Part, ...Part[]],
  words: string,
): Evidence {
  for (const part of [first, ...others]) {
    const at = findIn(searched(raw, part), words);
    if (at >= 0) return placeOf(raw, part.bodyOffset + at, Buffer.byteLength(words), { part: part.path });
  }
  return bodyPlace(raw, first);
}

/** An address as the value of an attribute, for elsewhere it may be the beginning of another one, or a word. */
export function urlPlace(raw: Buffer, parts: readonly [Part, ...Part[]], url: string): Evidence {
  const written = [...new Set([url, url.replaceAll('&', '&amp;')])];
  for (const part of parts) {
    const body = searched(raw, part);
    for (const [before, after] of ['""', "''", '"', "'", '=', ''].map((marks) => [...marks]))
      for (const words of written) {
        const at = findIn(body, `${before ?? ''}${words}${after ?? ''}`);
        if (at < 0) continue;
        const offset = part.bodyOffset + at + (before?.length ?? 0);
        return placeOf(raw, offset, Buffer.byteLength(words), { part: part.path });
      }
  }
  return bodyPlace(raw, parts[0]);
}

/** What is looked through is never empty: without a text it is the message itself. */
export const someOf = ([first, ...others]: readonly Part[], root: Part): readonly [Part, ...Part[]] =>
  first === undefined ? [root] : [first, ...others];

/** Of a rule of the catalogue, with its severity unless another is given. */
export function toFound(
  rule: string,
  evidence: readonly Evidence[],
  vars: Found['vars'] = {},
  {
    confidence = 1,
    severity = findRule(rule)!.severity,
  }: Partial<Pick<Found, 'confidence' | 'severity'>> = {},
): Found {
  const cut = Object.entries(vars).map(([name, value]) => [
    name,
    typeof value === 'string' ? toVar(value) : value,
  ]);
  return {
    rule,
    severity,
    confidence,
    evidence: evidence.slice(0, mostEvidence),
    vars: Object.fromEntries(cut) as Found['vars'],
  };
}

/** Of the header of the message, in small letters. */
export const fieldsNamed = ({ structure }: CheckedMessage, ...names: string[]): HeaderField[] =>
  structure.headers.filter(({ name }) => names.includes(name.toLowerCase()));

/** What a field holds before it is decoded, unfolded; of a long one the beginning. */
export const writtenValue = ({ raw }: HeaderField): string =>
  raw
    .slice(raw.indexOf(':') + 1, 65_536)
    .replace(/\r?\n(?=[ \t])/g, '')
    .trim();

/** Parts that hold no others, without those of embedded messages, which somebody else has written. */
export function listLeaves(part: Part): Part[] {
  return part.contentType.startsWith('multipart/') && part.children.length > 0
    ? part.children.flatMap(listLeaves)
    : [part];
}

/** The multiparts of the message itself. The depth of the tree is limited, so recursion is safe. */
export function listMultiparts(part: Part): Part[] {
  return part.contentType.startsWith('multipart/') ? [part, ...part.children.flatMap(listMultiparts)] : [];
}
