// All that is derived from the bytes of a message. It runs in the worker and in `mailscope check`: nothing else may
// import it, for mailparser costs a tenth of a second to load.
import { createHash } from 'node:crypto';
import type { Address, Attachment, Part } from '../../shared/message.ts';
import { parseAddresses } from './addresses.ts';
import { type BodyParts, listBodyParts } from './body-parts.ts';
import { cleanText } from './charset.ts';
import { checkMessage } from './check/check-message.ts';
import { withoutComments } from './comments.ts';
import { decodePartText, decodePieces } from './decode-part.ts';
import { parseDate } from './date.ts';
import { DERIVED_VERSION, type Derived } from './derived.ts';
import { isEscapedCharset } from './escaped-charsets.ts';
import { extract } from './extract/extract.ts';
import { fieldName, fieldValue } from './header-fields.ts';
import { foldSnippet, htmlSnippet } from './html-text.ts';
import { type Bodies, readBodies } from './read-bodies.ts';
import { scanStructure, type Structure } from './structure.ts';
import { readSubject } from './subject.ts';

const maxText = 2 * 1024 * 1024;
const maxHtml = 5 * 1024 * 1024;
/** Decoded and encoded bytes that are read for one body: UTF-8 in quoted-printable can take nine for a character. */
const maxBodyBytes = 16 * 1024 * 1024;
const maxAddresses = 10_000;
/** Of one address field; a mailbox of usual length takes 40 bytes. */
const maxAddressField = 512 * 1024;
const snippetLength = 200;
/** Of messages inside messages that are hashed: how often the size of all, and what more than that. */
const mostNested = { times: 16, bytes: 64 * 1024 * 1024 };

/** The first field of each name, and all of To, Cc, Bcc. */
function readFields(raw: Buffer, structure: Structure): Map<string, string[]> {
  const wanted = new Set(['from', 'to', 'cc', 'bcc', 'reply-to', 'subject', 'date', 'message-id']);
  const found = new Map<string, string[]>();
  for (const field of structure.fields) {
    // The longest wanted name has ten letters.
    if (field.colon < 0 || field.colon - field.start > 30) continue;
    const name = fieldName(raw, field);
    if (!wanted.has(name)) continue;
    const known = found.get(name);
    const value = (): string => fieldValue(raw, field, maxAddressField, structure.textCharset);
    if (!known) found.set(name, [value()]);
    else if (/^(to|cc|bcc)$/.test(name)) known.push(value());
  }
  return found;
}

function readAddresses(values: string[] = [], problems: string[]): Address[] {
  const found: Address[] = [];
  for (const value of values) found.push(...parseAddresses(value, maxAddresses + 1 - found.length));
  if (found.length > maxAddresses) {
    problems.push(`Only the first ${maxAddresses.toLocaleString('en-US')} addresses of a field are listed.`);
  }
  return found.slice(0, maxAddresses);
}

function readMessageId(value: string): string | null {
  const kept = value.slice(0, 1000);
  return withoutComments(kept).replace(/\s/g, '') || kept.replace(/\s/g, '') || null;
}

function describeAttachment(raw: Buffer, part: Part): Attachment {
  measure(raw, part);
  return {
    part: part.path,
    filename: part.filename ?? '',
    contentType: part.contentType,
    size: part.size ?? 0,
    sha256: part.sha256 ?? '',
    contentId: part.contentId,
    // An image that the HTML refers to is often sent without a disposition.
    inline: part.disposition === 'inline' || (part.disposition === null && part.contentId !== null),
  };
}

function measure(raw: Buffer, part: Part): void {
  const hash = createHash('sha256');
  part.size = 0;
  for (const bytes of decodePieces(raw, part)) {
    part.size += bytes.length;
    hash.update(bytes);
  }
  part.sha256 = hash.digest('hex');
}

/**
 * Embedded messages lie inside one another, so that together they could be a hundred times the message: those that are
 * too much are left out. What holds no parts lies in no other and is always measured.
 */
function measureEmbedded(raw: Buffer, parts: Part[]): void {
  let budget = Math.min(mostNested.times * raw.length, mostNested.bytes + raw.length);
  for (const part of parts) {
    const holdsParts = part.children.length > 0;
    if (holdsParts && part.bodyLength > budget) continue;
    if (holdsParts) budget -= part.bodyLength;
    measure(raw, part);
  }
}

/** Without mailparser: no format=flowed, and only the charsets that the runtime knows. */
function decodeBodies(raw: Buffer, parts: BodyParts): Bodies {
  const texts = parts.text.map((part) => decodePartText(raw, part, maxBodyBytes, maxText));
  return {
    text: texts.length > 0 ? texts.join('\n') : null,
    html: parts.html && decodePartText(raw, parts.html, maxBodyBytes, maxHtml),
  };
}

/** A replacement character, or a control character where windows-1252 has a quotation mark. */
const isGarbled = (text: string | null): boolean => /[\ufffd\x80-\x9f]/.test(text ?? '');

async function readText(raw: Buffer, parts: BodyParts, problems: string[]): Promise<Bodies> {
  const shown = parts.html ? [...parts.text, parts.html] : parts.text;
  if (shown.length === 0) return { text: null, html: null };
  const encodedBytes = shown.reduce((sum, part) => sum + part.bodyLength, 0);
  if (encodedBytes > maxBodyBytes || shown.some(({ charset }) => isEscapedCharset(charset ?? '')))
    return decodeBodies(raw, parts);
  try {
    const bodies = await readBodies(raw, shown);
    const read: Bodies = {
      text: parts.text.length > 0 ? (bodies.text ?? '') : null,
      html: parts.html ? (bodies.html ?? '') : null,
    };
    if (!isGarbled(read.text) && !isGarbled(read.html)) return read;
    // Our own decoding knows windows-1252 behind a wrong or missing charset.
    const own = decodeBodies(raw, parts);
    return {
      text: isGarbled(read.text) && !isGarbled(own.text) ? own.text : read.text,
      html: isGarbled(read.html) && !isGarbled(own.html) ? own.html : read.html,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push(`mailparser could not read the text (${reason}); it was decoded without it.`);
    return decodeBodies(raw, parts);
  }
}

function cut(text: string | null, limit: number, what: string, problems: string[]): string | null {
  if (text === null || text.length <= limit) return text && cleanText(text);
  problems.push(`The ${what} is longer than ${limit / 1024 / 1024} MiB and is kept only up to there.`);
  return cleanText(text.slice(0, limit));
}

/** Never rejects for what the bytes are. `nowMs`: what dates are compared with. */
export async function parseMessage(raw: Buffer, nowMs = Date.now()): Promise<Derived> {
  const structure = scanStructure(raw);
  const problems = [...structure.problems];
  const fields = readFields(raw, structure);
  const parts = listBodyParts(structure.root);

  const bodies = await readText(raw, parts, problems);
  for (const part of [...parts.text, ...(parts.html ? [parts.html] : [])]) measure(raw, part);
  const attachments = parts.attachments.map((part) => describeAttachment(raw, part));
  measureEmbedded(raw, parts.embedded);

  const text = cut(bodies.text, maxText, 'text', problems);
  const html = cut(bodies.html, maxHtml, 'HTML', problems);
  const subject = readSubject(fields.get('subject')?.[0] ?? '');
  const date = parseDate(fields.get('date')?.[0] ?? '');
  const extracted = extract({ subject, text, html, headers: structure.headers });
  const checked = { raw, structure, subject, date, text, html, attachments, ...extracted, nowMs };
  const findingList = checkMessage(checked, problems);
  const address = (name: string): Address[] => readAddresses(fields.get(name), problems);
  return {
    version: DERIVED_VERSION,
    ok: true,
    from: address('from'),
    to: address('to'),
    cc: address('cc'),
    bcc: address('bcc'),
    replyTo: address('reply-to'),
    subject,
    date,
    messageId: readMessageId(fields.get('message-id')?.[0] ?? ''),
    snippet: text?.trim() ? foldSnippet(text, snippetLength) : htmlSnippet(html ?? '', snippetLength),
    headers: structure.headers,
    text,
    html,
    structure: structure.root,
    attachments,
    ...extracted,
    findingList,
    problem: problems.join(' ') || null,
  };
}
