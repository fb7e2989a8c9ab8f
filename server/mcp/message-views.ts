// Messages as an agent gets them: what helps to find a fault, in bounded size.
import type { Address, Message, MessageSummary } from '../../shared/message.ts';
import { htmlAsText } from '../mail/html-as-text.ts';
import { viewFoundSummary } from './finding-views.ts';
import { cut } from './untrusted.ts';

export const extras = ['html', 'headers', 'structure', 'raw'] as const;
export type Extra = (typeof extras)[number];

const shown = 10;
const maxLinks = 50;
const maxHeaders = 200;
const maxAttachments = 50;
const maxTags = 20;

const formatAddress = ({ name, address }: Address): string =>
  cut(name === '' ? address : `${name} <${address}>`, 200);
const formatAddresses = (list: Address[]): string[] => list.slice(0, shown).map(formatAddress);

export const viewSummary = (message: MessageSummary) => ({
  id: message.id,
  receivedAt: message.receivedAt,
  sessionId: message.sessionId,
  envelope: {
    from: cut(message.mailFrom, 200),
    to: message.rcptTo.slice(0, shown).map((address) => cut(address, 200)),
    recipients: message.rcptCount,
  },
  from: formatAddresses(message.from),
  to: formatAddresses(message.to),
  subject: cut(message.subject, 300),
  size: message.size,
  tls: message.tls,
  user: message.user === null ? null : cut(message.user, 200),
  ...(message.tags.length === 0 ? {} : { tags: message.tags.slice(0, maxTags).map((tag) => cut(tag, 100)) }),
  ...(message.inboxes.join() === 'default' ? {} : { inboxes: message.inboxes.slice(0, shown) }),
  ...(message.parse === 'pending'
    ? { parse: 'pending: read_message waits for the text and attachments' }
    : { snippet: cut(message.snippet, 200), attachments: message.attachments }),
  ...(message.parse === 'failed' ? { parse: 'failed' } : {}),
  ...viewFoundSummary(message.findings),
});

/** Most mail of applications is HTML alone, and HTML is long. */
const textOf = ({ text, html }: Message) =>
  text === null && html !== null
    ? { text: htmlAsText(html, 'mailpit'), textIs: 'made of the HTML' }
    : { text };

/** `maxChars` from `offset` on, of a text that may be long. */
function pageOf(text: string | null, { offset, maxChars }: { offset: number; maxChars: number }) {
  if (text === null || text.length <= offset) return text === null ? null : '';
  return cut(text.slice(offset), maxChars);
}

export function viewMessage(
  message: Message,
  options: { include: Extra[]; offset: number; maxChars: number; raw: string | null },
) {
  const { include, raw } = options;
  const readable = textOf(message);
  const structureOf = (part: NonNullable<Message['structure']>, depth: number): object => ({
    part: part.path,
    contentType: cut(part.contentType, 200),
    encoding: cut(part.encoding, 50),
    size: part.size ?? part.bodyLength,
    ...(depth < 20 && part.children.length > 0
      ? { children: part.children.slice(0, maxAttachments).map((child) => structureOf(child, depth + 1)) }
      : {}),
  });
  return {
    ...viewSummary(message),
    problem: message.problem,
    messageId: message.messageId === null ? null : cut(message.messageId, 300),
    date: message.date,
    cc: formatAddresses(message.cc),
    bcc: formatAddresses(message.bcc),
    replyTo: formatAddresses(message.replyTo),
    codes: message.codes.map(({ code, context, confidence }) => ({
      code: cut(code, 50),
      context: cut(context, 200),
      confidence,
    })),
    links: message.links
      .slice(0, maxLinks)
      .map(({ text, href, purpose }) => ({ text: cut(text, 200), href: cut(href, 1000), purpose })),
    attachments: message.attachmentList.slice(0, maxAttachments).map((attachment) => ({
      part: attachment.part,
      filename: cut(attachment.filename, 200),
      contentType: cut(attachment.contentType, 200),
      size: attachment.size,
      sha256: attachment.sha256,
    })),
    unsubscribe: message.unsubscribe && {
      oneClick: message.unsubscribe.oneClick,
      problem: message.unsubscribe.problem,
    },
    ...readable,
    text: pageOf(readable.text, options),
    hasHtml: message.html !== null,
    ...(include.includes('headers')
      ? {
          headers: message.headers
            .slice(0, maxHeaders)
            .map(({ name, value }) => `${cut(name, 200)}: ${cut(value, 1000)}`),
        }
      : {}),
    ...(include.includes('structure') && message.structure
      ? { structure: structureOf(message.structure, 0) }
      : {}),
    ...(include.includes('html') ? { html: pageOf(message.html, options) } : {}),
    ...(raw === null ? {} : { raw: pageOf(raw, options) }),
  };
}
