// Attachments as maildev lists them. Their generated names are made as there, because tests fetch them by it.
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { detectMimeType } from 'nodemailer/lib/mime-funcs';
import type { Message, Part } from '../../../shared/message.ts';
import { bareContentId } from '../message-parts.ts';
import { partsOf } from './parts-of.ts';

export interface MaildevAttachment {
  part: Part;
  /** Without angle brackets; empty where the part has none. */
  contentId: string;
  /** What the version calls the file. */
  name: string;
  /** Of bytes that were sent without a type the name tells it. */
  contentType: string;
  size: number;
  /** Version 2 makes one up where there is none. */
  contentIdV2: string;
}

const md5 = (text: string | Buffer): string => createHash('md5').update(text).digest('hex');
export const checksum = (bytes: Buffer): string => md5(bytes);

/** Version 3 guesses an extension for these. */
const extensions: Record<string, string> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'application/pdf': '.pdf',
  'text/plain': '.txt',
  'text/html': '.html',
  'application/json': '.json',
};

/** Version 2 names all of the registry; these are what mails have without a name. */
const extensionsV2: Record<string, string> = {
  'image/jpeg': '.jpeg',
  'image/svg+xml': '.svg',
  'application/octet-stream': '.bin',
  'application/zip': '.zip',
  'application/xml': '.xml',
  'message/rfc822': '.eml',
  'text/calendar': '.ics',
  'text/csv': '.csv',
  'text/x-vcard': '.vcf',
};

export function maildevAttachments(message: Message, version: 2 | 3): MaildevAttachment[] {
  const used = new Map<string, number>();
  return partsOf(message.structure, version).attached.map((part) => {
    const contentType =
      (part.contentType === 'application/octet-stream' && part.filename && detectMimeType(part.filename)) ||
      part.contentType;
    const size = part.size ?? part.bodyLength;
    const filename = part.filename ?? '';
    const called =
      filename || `attachment${extensionsV2[part.contentType] ?? extensions[part.contentType] ?? ''}`;
    const extension = extname(called);
    const again = used.get(called) ?? 0;
    used.set(called, again + 1);
    const unique =
      again === 0 ? called : `${called.slice(0, called.length - extension.length)}-${again}${extension}`;
    const contentId = bareContentId(part.contentId);
    const contentIdV2 = contentId || `${md5(unique)}@mailparser`;
    const name =
      version === 2
        ? `${md5(contentIdV2)}${extension}`
        : `${md5(contentId || `${filename}-${size}`)}${extname(filename) || (extensions[part.contentType] ?? '')}`;
    return { part, contentId, contentIdV2, name, contentType, size };
  });
}
