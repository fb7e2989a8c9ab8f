// Asks mailparser for text and HTML. It is shown no more than that: the body parts as one multipart/alternative of
// our making, so that it neither decodes attachments nor refuses a message for its size, depth or number of parts.
import { MailParser } from 'mailparser';
import { randomBytes } from 'node:crypto';
import type { Part } from '../../shared/message.ts';
import { nameForMailparser } from './charset-names.ts';
import { withoutMark } from './charset.ts';
import { beginsWithMark, decodePart, isUuencoded, utf8Mark } from './decode-part.ts';
import { readContentType } from './part-header.ts';

const budgetMs = 3000;

export interface Bodies {
  text: string | null;
  html: string | null;
}

/** A line that ends with a blank, and what it does not flow into whatever mailparser thinks; or a stuffed empty line. */
const flowsTooFar = / \r?\n(?:>* ?\r?\n|(?:>+ ?)?-- (?:\r?\n|$))|^ \r?$/m;
const signature = /^(?:>+ ?)?-- $/;

/**
 * RFC 3676 §4.3: the line above a signature does not flow into it. §4.1: an empty line of the same depth is what a
 * paragraph may end with; mailparser goes on with the next one.
 */
function endParagraphs(body: Buffer): Buffer {
  const text = body.toString('latin1');
  if (!flowsTooFar.test(text)) return body;
  const kept: string[] = [];
  let depth = -1;
  const lines = text.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const quotes = /^>*/.exec(line)![0].length;
    const content = line.slice(line[quotes] === ' ' ? quotes + 1 : quotes);
    const endsParagraph = quotes === depth && content === '' && index < lines.length - 1;
    if (depth >= 0 && (endsParagraph || signature.test(line)))
      kept.push(kept.pop()!.replace(/(?<! ) +$/, ''));
    // Of the paragraph before, when it flows.
    depth = content.endsWith(' ') && !signature.test(line) ? quotes : -1;
    if (!endsParagraph) kept.push(line === ' ' ? '' : line);
  }
  return Buffer.from(kept.join('\r\n'), 'latin1');
}

/** Header and body as mailparser understands them. The header can hold nothing that breaks out of it. */
function formatPart(raw: Buffer, part: Part): [header: string, body: Buffer] {
  const { params } = readContentType(raw, part);
  const isFlowed = params.get('format')?.toLowerCase() === 'flowed';
  const label = part.charset ?? '';
  const charset = /^[\w.:+-]+$/.test(label) ? `; charset="${nameForMailparser(label)}"` : '';
  const flowed = isFlowed
    ? `; format=flowed; delsp=${params.get('delsp')?.toLowerCase() === 'yes' ? 'yes' : 'no'}`
    : '';
  // mailparser does not know uuencode.
  const hasMark = beginsWithMark(raw, part);
  const isDecoded = isFlowed || hasMark || isUuencoded(part);
  const encoding = !isDecoded && /^(base64|quoted-printable)$/.test(part.encoding) ? part.encoding : '8bit';
  const body = isDecoded
    ? decodePart(raw, part).subarray(hasMark ? utf8Mark.length : 0)
    : raw.subarray(part.bodyOffset, part.bodyOffset + part.bodyLength);
  return [
    `Content-Type: ${part.contentType}${charset}${flowed}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`,
    isFlowed ? endParagraphs(body) : body,
  ];
}

/**
 * `parts` are text/plain and text/html only. Resolves with the text parts joined and the HTML; rejects when mailparser
 * refuses or does not come to an end.
 */
export function readBodies(raw: Buffer, parts: Part[]): Promise<Bodies> {
  const boundary = `mailscope-${randomBytes(16).toString('hex')}`;
  const pieces: Buffer[] = [
    Buffer.from(`MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="${boundary}"\r\n`),
  ];
  for (const part of parts) {
    const [header, body] = formatPart(raw, part);
    pieces.push(Buffer.from(`\r\n--${boundary}\r\n${header}`), body);
  }
  pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`));

  const parser = new MailParser({
    skipTextLinks: true,
    skipTextToHtml: true,
    skipHtmlToText: true,
    skipImageLinks: true,
    checksumAlgo: false,
  });
  return new Promise((resolve, reject) => {
    const bodies: Bodies = { text: null, html: null };
    const timer = setTimeout(() => reject(new Error(`no end after ${budgetMs / 1000} s`)), budgetMs);
    parser.on('data', (found) => {
      if (found.type === 'attachment') {
        found.content.resume();
        found.release?.();
        return;
      }
      bodies.text = found.text == null ? null : withoutMark(found.text);
      bodies.html = found.html == null ? null : withoutMark(found.html);
    });
    parser.on('end', () => {
      clearTimeout(timer);
      resolve(bodies);
    });
    parser.on('error', (error: Error) => {
      clearTimeout(timer);
      reject(error);
    });
    parser.end(Buffer.concat(pieces));
  });
}
