// The parts of a message that are read as text, one by one: `text` of a message is all of them in one piece, and each
// tool joins them in its own way.
import { TextDecoder } from 'node:util';
import type { Message, Part } from '../../shared/message.ts';
import { leavesInOrder } from './message-parts.ts';
import type { CompatParts } from './parts.ts';

/** Of a header of a part; whose is longer says nothing that is looked for. */
const mostHeader = 64 * 1024;
/** Of a part: the product keeps no more of an HTML body. */
const mostText = 5 * 1024 * 1024;

export interface OpenMessage {
  /** As sent; read once, and only if it is asked for. */
  raw(): Promise<Buffer>;
  bytes(part: Part): Promise<Buffer>;
  /** The header fields as sent, unfolded, one a line. */
  header(part: Part): Promise<string>;
  text(part: Part): Promise<string>;
}

export const isText = (part: Part): boolean => /^text\/(?:plain|html)$/.test(part.contentType);

/** Texts and HTML that are shown, in the order of the bytes; not what is within an attached message. */
export const bodyParts = (root: Part | null): Part[] =>
  leavesInOrder(root).filter((part) => isText(part) && part.disposition !== 'attachment');

const decoders = new Map<string, TextDecoder | null>();

function findDecoder(label: string): TextDecoder | null {
  const known = decoders.get(label);
  if (known !== undefined) return known;
  let decoder: TextDecoder | null = null;
  try {
    if (!/^(?:us-)?ascii$|^$/.test(label)) decoder = new TextDecoder(label);
  } catch {
    // An unknown charset: the bytes are read as unlabelled.
  }
  // Hostile mail can name any number of charsets.
  if (decoders.size < 100) decoders.set(label, decoder);
  return decoder;
}

const strict = new TextDecoder('utf-8', { fatal: true });
const western = new TextDecoder('windows-1252');

/** Unlabelled bytes are UTF-8 or else windows-1252, as everywhere in the product. */
export function decodeBytes(bytes: Buffer, charset: string | null): string {
  const decoder = findDecoder((charset ?? '').toLowerCase());
  if (decoder) return decoder.decode(bytes);
  try {
    return strict.decode(bytes);
  } catch {
    return western.decode(bytes);
  }
}

/** RFC 3676 §4.2: a line that ends in a blank goes on in the next; `-- ` is the line before a signature. */
function unflow(text: string, isDelSp: boolean): string {
  const paragraphs: string[] = [];
  let open: string[] | undefined;
  for (const line of text.split('\n')) {
    const isSoft = line.endsWith(' ') && line !== '-- ';
    const stuffed = line.startsWith(' ') ? line.slice(1) : line;
    (open ??= []).push(isSoft && isDelSp ? stuffed.slice(0, -1) : stuffed);
    if (isSoft) continue;
    paragraphs.push(open.join(''));
    open = undefined;
  }
  if (open) paragraphs.push(open.join(''));
  return paragraphs.join('\n');
}

export function openMessage(parts: CompatParts, message: Message): OpenMessage {
  let body: Promise<Buffer> | undefined;
  const read = async (): Promise<Buffer> =>
    (await (await parts.store.findBody(message.id))?.bytes()) ?? Buffer.alloc(0);
  const raw = (): Promise<Buffer> => (body ??= read());
  const shown = bodyParts(message.structure);
  const plain = shown.filter(({ contentType }) => contentType === 'text/plain');
  const html = shown.find(({ contentType }) => contentType === 'text/html');

  const bytes: OpenMessage['bytes'] = async (part) => parts.decodePart(await raw(), part);
  const header: OpenMessage['header'] = async (part) => {
    const end = Math.min(part.bodyOffset, part.headerOffset + mostHeader);
    return (await raw()).toString('utf8', part.headerOffset, end).replace(/\r?\n(?=[ \t])/g, '');
  };
  return {
    ...{ raw, bytes, header },
    async text(part) {
      if (part.size === 0) return '';
      // What the product has read already is not read again.
      if (part === plain[0] && plain.length === 1) return message.text ?? '';
      if (part === html) return message.html ?? '';
      const start = (await bytes(part)).subarray(0, 2 * mostText);
      const text = decodeBytes(start, part.charset).slice(0, mostText).replace(/\r\n/g, '\n');
      const type = /^content-type:.*$/im.exec(await header(part))?.[0] ?? '';
      return /;\s*format\s*=\s*"?flowed\b/i.test(type)
        ? unflow(text, /;\s*delsp\s*=\s*"?yes\b/i.test(type))
        : text;
    },
  };
}

/** RFC 2047: encoded words as text; white space between two of them is no part of it. */
export const decodeWords = (text: string): string =>
  text
    .replace(/(=\?[^?\s]{1,60}\?[bq]\?[^?\s]*\?=)\s+(?==\?[^?\s]{1,60}\?[bq]\?)/gi, '$1')
    .replace(
      /=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bq])\?([^?\s]*)\?=/gi,
      (_, charset: string, kind: string, word: string) => {
        if (/b/i.test(kind)) return decodeBytes(Buffer.from(word, 'base64'), charset);
        const letters = word
          .replaceAll('_', ' ')
          .replace(/=([\da-f]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
        return decodeBytes(Buffer.from(letters, 'latin1'), charset);
      },
    );
