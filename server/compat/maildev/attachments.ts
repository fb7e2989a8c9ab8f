// Attachments as maildev lists them. Their generated names are made as there, because tests fetch them by it.
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import type { Attachment, Message, Part } from '../../../shared/message.ts';
import { bareContentId, leaves } from '../message-parts.ts';

export interface MaildevAttachment {
  part: Part;
  attachment: Attachment;
  /** Without angle brackets; empty where the part has none. */
  contentId: string;
  /** What version 2 and version 3 call the file. */
  names: { v2: string; v3: string };
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

export function maildevAttachments(message: Message): MaildevAttachment[] {
  const parts = new Map(leaves(message.structure).map((part) => [part.path, part]));
  const used = new Map<string, number>();
  return message.attachmentList.flatMap((attachment) => {
    const part = parts.get(attachment.part);
    if (!part) return [];
    const { filename, size, contentType } = attachment;
    const called = filename || `attachment${extensionsV2[contentType] ?? extensions[contentType] ?? ''}`;
    const extension = extname(called);
    const again = used.get(called) ?? 0;
    used.set(called, again + 1);
    const unique =
      again === 0 ? called : `${called.slice(0, called.length - extension.length)}-${again}${extension}`;
    const contentId = bareContentId(attachment.contentId);
    const contentIdV2 = contentId || `${md5(unique)}@mailparser`;
    const v3 = md5(contentId || `${part.filename ?? ''}-${size}`);
    return [
      {
        ...{ part, attachment, contentId, contentIdV2 },
        names: {
          v2: `${md5(contentIdV2)}${extension}`,
          v3: `${v3}${extname(part.filename ?? '') || (extensions[contentType] ?? '')}`,
        },
      },
    ];
  });
}
