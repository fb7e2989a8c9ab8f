// Walks the MIME tree for tools that list parts their own way.
import type { Message, Part } from '../../shared/message.ts';
import type { CompatParts, ListedAddress } from './parts.ts';

/** Leaves, level by level; what is within an attached message belongs to that message. */
export function leaves(root: Part | null): Part[] {
  const found: Part[] = [];
  let level = root === null ? [] : [root];
  while (level.length > 0) {
    const isInner = (part: Part): boolean =>
      part.children.length > 0 && !part.contentType.startsWith('message/');
    found.push(...level.filter((part) => !isInner(part) && !part.contentType.startsWith('multipart/')));
    level = level.filter(isInner).flatMap((part) => part.children);
  }
  return found;
}

/** In the order of the bytes. */
export const leavesInOrder = (root: Part | null): Part[] =>
  leaves(root).sort((a, b) => a.headerOffset - b.headerOffset);

/** Without the angle brackets of the header (RFC 2392 §2). */
export const bareContentId = (contentId: string | null): string =>
  (contentId ?? '').trim().replace(/^<|>$/g, '');

/** Replaces `cid:` addresses as they stand in the HTML; an unknown one stays. */
export const replaceCids = (html: string, url: (contentId: string) => string | undefined): string =>
  html.replace(/\bcid:([^"'\s<>();]{1,500})/gi, (whole, contentId: string) => url(contentId) ?? whole);

/** Recipients of the envelope whom neither To nor Cc nor Bcc names: those were written to blindly. */
export function blindRecipients(message: Message, named: { address: string }[]): string[] {
  const known = new Set(named.map(({ address }) => address.toLowerCase()));
  const blind = new Map(
    message.envelope.to
      .filter(({ address }) => !known.has(address.toLowerCase()))
      .map(({ address }) => [address.toLowerCase(), address]),
  );
  return [...blind.values()];
}

/** The text of a field as it was sent, unfolded, not decoded. */
export const fieldTexts = (message: Message, name: string): string[] =>
  message.headers
    .filter((field) => field.name.toLowerCase() === name)
    .map((field) => unfold(field.raw.slice(field.raw.indexOf(':') + 1)));

/** A run of white space without a line end behind it would be walked through from each of its places by an expression. */
function withoutTail(text: string): string {
  let end = text.length;
  while (text[end - 1] === ' ' || text[end - 1] === '\t') end--;
  return text.slice(0, end);
}

/** RFC 5322 §2.2.3; a run of white space at a fold becomes one blank. */
export function unfold(text: string): string {
  const lines = text.split(/\r?\n[ \t]+/);
  return lines
    .map((line, n) => (n < lines.length - 1 ? withoutTail(line) : line))
    .join(' ')
    .trim();
}

const parsedLists = { from: 'from', to: 'to', cc: 'cc', bcc: 'bcc', 'reply-to': 'replyTo' } as const;

/** The addresses of the fields of that name. */
export const listedIn = (
  parts: Pick<CompatParts, 'parseAddresses'>,
  message: Message,
  name: keyof typeof parsedLists,
  asGroups = false,
): ListedAddress[] =>
  message.headers.length === 0
    ? message[parsedLists[name]]
    : fieldTexts(message, name).flatMap((text) => parts.parseAddresses(text, asGroups));

/** All addresses of To: the list row of a message has To and Cc together, and only the first. */
export const toAddresses = (
  parts: Pick<CompatParts, 'parseAddresses'>,
  message: Message,
  asGroups = false,
): ListedAddress[] => listedIn(parts, message, 'to', asGroups);
