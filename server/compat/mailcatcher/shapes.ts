// A message as MailCatcher shows it (lib/mail_catcher/mail.rb), and what it takes for an attachment.
import type { Message, MessageSummary, Part } from '../../../shared/message.ts';
import { bareContentId, leavesInOrder } from '../message-parts.ts';
import type { OpenMessage } from '../part-text.ts';

const bracketed = (address: string): string => `<${address}>`;

/** As in the list. */
export const rowOf = ({ seq, mailFrom, subject, size, receivedAt }: MessageSummary, rcptTo: string[]) => ({
  id: seq,
  sender: bracketed(mailFrom),
  recipients: rcptTo.map(bracketed),
  subject: subject === '' ? null : subject,
  size: String(size),
  created_at: receivedAt.replace(/(?:\.\d+)?Z$/, '+00:00'),
});

export const addressesOf = ({ envelope }: Message): string[] => envelope.to.map(({ address }) => address);

/** By itself, and in its events. */
export const shapeOf = (message: Message) => ({
  ...rowOf(message, addressesOf(message)),
  type: message.structure?.contentType ?? 'text/plain',
});

/** The library that it reads mail with makes one up for a part that has none. */
export const cidOf = (part: Part): string => bareContentId(part.contentId) || `part-${part.path}@mailscope`;

export interface NamedPart {
  part: Part;
  /** Null: the part is no attachment. */
  name: string | null;
}

/** Where that library looks for names, beside the parameters that everybody has. */
const otherNames = [
  /^content-disposition:[^\n]*?;\s*name\s*=\s*"?([^"\r\n;]+)/im,
  /^content-type:[^\n]*?;\s*filename\s*=\s*"?([^"\r\n;]+)/im,
  // An address is no name to it, unless it is quoted.
  /^content-location:[ \t]*(?:"([^"\r\n]+)"|([^\s()<>@,;:\\"/[\]?]+))[ \t]*$/im,
];

/** To that library an attachment is what has a name, whatever its disposition. */
export async function namedParts(message: Message, open: OpenMessage): Promise<NamedPart[]> {
  const named: NamedPart[] = [];
  for (const part of leavesInOrder(message.structure)) {
    const header = part.filename === null ? await open.header(part) : '';
    const found = otherNames.map((form) => form.exec(header)?.slice(1).find(Boolean)?.trim()).find(Boolean);
    named.push({ part, name: part.filename ?? found ?? null });
  }
  return named;
}
