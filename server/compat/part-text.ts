// The parts of a message that are read as text, one by one: `text` of a message is all of them in one piece, and each
// tool joins them in its own way.
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
  /** With the line endings that it was sent with, and lines that flow (RFC 3676) as they stand. */
  textAsSent(part: Part): Promise<string>;
}

export const isText = (part: Part): boolean => /^text\/(?:plain|html)$/.test(part.contentType);

/** Texts and HTML that are shown, in the order of the bytes; not what is within an attached message. */
export const bodyParts = (root: Part | null): Part[] =>
  leavesInOrder(root).filter((part) => isText(part) && part.disposition !== 'attachment');

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
  const textAsSent: OpenMessage['textAsSent'] = async (part) =>
    part.size === 0 ? '' : parts.decodePartText(await raw(), part, 2 * mostText, mostText, 'sent');
  return {
    ...{ raw, bytes, header, textAsSent },
    async text(part) {
      if (part.size === 0) return '';
      // What the product has read already is not read again.
      if (part === plain[0] && plain.length === 1) return message.text ?? '';
      if (part === html) return message.html ?? '';
      const text = parts.decodePartText(await raw(), part, 2 * mostText, mostText);
      const type = /^content-type:.*$/im.exec(await header(part))?.[0] ?? '';
      return /;\s*format\s*=\s*"?flowed\b/i.test(type)
        ? unflow(text, /;\s*delsp\s*=\s*"?yes\b/i.test(type))
        : text;
    },
  };
}
