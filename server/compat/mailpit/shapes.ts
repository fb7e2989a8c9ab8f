// A message as Mailpit shows it, field by field: internal/storage/structs.go of axllent/mailpit.
import { createHash } from 'node:crypto';
import type { Address, Message, Part } from '../../../shared/message.ts';
import {
  bareContentId,
  blindRecipients,
  fieldTexts,
  leaves,
  leavesInOrder,
  toAddresses,
} from '../message-parts.ts';
import { bodyParts, openMessage, type OpenMessage } from '../part-text.ts';
import type { CompatParts } from '../parts.ts';
import { attachedParts, inlineParts, otherParts, partIdOf } from './part-lists.ts';

interface MailpitAddress {
  Name: string;
  Address: string;
}

const address = ({ name, address: at }: Address): MailpitAddress => ({ Name: name, Address: at });

/** Go leaves out a fraction of nothing. */
const goTime = (iso: string): string => iso.replace(/(?<=\.\d{0,9})(?<!0)0+Z$/, 'Z').replace('.Z', 'Z');

/** The Date field in the offset that it was written in, as Go prints it. */
function goDate(message: Message): string {
  if (message.date === null) return goTime(message.receivedAt);
  const zone = /([+-])(\d{2})(\d{2})\s*(?:\([^)]*\))?$/.exec(
    (fieldTexts(message, 'date')[0] ?? '').slice(-200),
  );
  const minutes = zone ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) : 0;
  if (!zone || minutes === 0 || Math.abs(minutes) > 24 * 60) return goTime(message.date);
  const wall = new Date(Date.parse(message.date) + minutes * 60_000).toISOString();
  return goTime(wall).replace('Z', `${zone[1]}${zone[2]}:${zone[3]}`);
}

const isNamed = (part: Part): boolean => (part.filename ?? part.contentId) !== null;

interface People {
  From: MailpitAddress;
  To: MailpitAddress[];
  Cc: MailpitAddress[];
  Bcc: MailpitAddress[];
  ReplyTo: MailpitAddress[];
}

function people(parts: CompatParts, message: Message): People {
  const to = toAddresses(parts, message);
  // Mailpit writes recipients that no field names into a Bcc field.
  const blind = blindRecipients(message, [...to, ...message.cc, ...message.bcc]);
  return {
    From: address(message.from[0] ?? { name: '', address: '' }),
    To: to.map(address),
    Cc: message.cc.map(address),
    Bcc: [...message.bcc.map(address), ...blind.map((at) => ({ Name: '', Address: at }))],
    ReplyTo: message.replyTo.map(address),
  };
}

const bareMessageId = (message: Message): string => (message.messageId ?? '').replace(/^<|>$/g, '');
const sortedTags = (tags: string[]): string[] =>
  tags.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));

export function summaryOf(parts: CompatParts, message: Message): object {
  const { From, To, Cc, Bcc, ReplyTo } = people(parts, message);
  return {
    ID: message.id,
    MessageID: bareMessageId(message),
    Read: message.read,
    ...{ From, To, Cc, Bcc, ReplyTo },
    Subject: message.subject,
    Created: goTime(message.receivedAt),
    Username: message.user ?? '',
    Tags: sortedTags(message.tags),
    Size: message.size,
    Attachments: attachedParts(message.structure).length,
    Snippet: message.snippet.slice(0, 250),
  };
}

const digest = (kind: string, bytes: Buffer): string => createHash(kind).update(bytes).digest('hex');

async function attachmentOf(root: Part | null, part: Part, open: OpenMessage): Promise<object> {
  const bytes = await open.bytes(part);
  const contentId = bareContentId(part.contentId);
  return {
    PartID: partIdOf(root, part),
    FileName: part.filename ?? contentId,
    ContentType: part.contentType,
    ContentID: contentId,
    Size: bytes.length,
    Checksums: { MD5: digest('md5', bytes), SHA1: digest('sha1', bytes), SHA256: digest('sha256', bytes) },
  };
}

const mostParts = 1000;

/** As it was sent; of what came by an API, whose texts are given with LF, as it was given. */
async function contentOf(message: Message, open: OpenMessage, part: Part): Promise<string> {
  const text = await open.textAsSent(part);
  return message.sessionId === null ? text.replaceAll('\r\n', '\n') : text;
}

async function joinedText(message: Message, open: OpenMessage): Promise<string> {
  const isPlain = (part: Part): boolean =>
    part.contentType === 'text/plain' && part.disposition !== 'attachment';
  const plain = leavesInOrder(message.structure).filter(isPlain);
  if (plain.length < 2) return plain[0] ? contentOf(message, open, plain[0]) : (message.text ?? '');
  // The others are taken for other forms of the same.
  if (message.structure?.contentType === 'multipart/alternative')
    return contentOf(message, open, leaves(message.structure).find(isPlain)!);
  const texts: string[] = [];
  for (const part of plain) texts.push(await contentOf(message, open, part));
  return texts.join('\n--\n');
}

/** Where there is only HTML, Mailpit makes a text of it. */
export async function textOf(
  parts: CompatParts,
  message: Message,
  open = openMessage(parts, message),
): Promise<string> {
  const text = await joinedText(message, open);
  return text === '' && message.html ? parts.htmlAsText(message.html, 'mailpit') : text;
}

/** The first that is shown; null where there is none. */
export async function htmlOf(
  parts: CompatParts,
  message: Message,
  open = openMessage(parts, message),
): Promise<string | null> {
  if (!message.html) return null;
  const part = bodyParts(message.structure).find(({ contentType }) => contentType === 'text/html');
  return part ? contentOf(message, open, part) : message.html;
}

export async function messageOf(parts: CompatParts, message: Message): Promise<object> {
  const { From, To, Cc, Bcc, ReplyTo } = people(parts, message);
  const open = openMessage(parts, message);
  const { unsubscribe, structure } = message;
  const describe = async (list: Part[]): Promise<object[]> => {
    const found: object[] = [];
    for (const part of list.filter(isNamed).slice(0, mostParts))
      found.push(await attachmentOf(structure, part, open));
    return found;
  };
  const listField = fieldTexts(message, 'list-unsubscribe')[0] ?? '';
  return {
    ID: message.id,
    MessageID: bareMessageId(message),
    ...{ From, To, Cc, Bcc, ReplyTo },
    ReturnPath: message.envelope.from.address || From.Address,
    Subject: message.subject,
    ListUnsubscribe: {
      Header: listField,
      Links: unsubscribe ? [...unsubscribe.mailto, ...unsubscribe.urls] : [],
      Errors: unsubscribe?.problem ?? '',
      HeaderPost: listField === '' ? '' : (fieldTexts(message, 'list-unsubscribe-post')[0] ?? ''),
    },
    Date: goDate(message),
    Tags: sortedTags(message.tags),
    Username: message.user ?? '',
    Text: await textOf(parts, message, open),
    HTML: (await htmlOf(parts, message, open)) ?? '',
    Size: message.size,
    Inline: await describe([...inlineParts(structure), ...otherParts(structure)]),
    Attachments: await describe(attachedParts(structure)),
  };
}

/** `MIME-VERSION` as `Mime-Version`: Go's form of a field name. */
const canonical = (name: string): string =>
  /^[\w!#$%&'*+.^`|~-]+$/.test(name)
    ? name.toLowerCase().replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase())
    : name;

/** Names in the order of the alphabet; values unfolded and not decoded. */
export function headersOf(message: Message): Record<string, string[]> {
  const names = new Map(message.headers.map(({ name }) => [canonical(name), name.toLowerCase()]));
  return Object.fromEntries(
    [...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, name]) => [key, fieldTexts(message, name)]),
  );
}
