// A message as maildev shows it. Version 2 is asked at /email, version 3 at /api/email; they differ in details.
import { domainToUnicode } from 'node:url';
import type { Address, HeaderField, Message } from '../../../shared/message.ts';
import { humanSize } from '../human-size.ts';
import { blindRecipients, listedIn, replaceCids, toAddresses, unfold } from '../message-parts.ts';
import type { CompatParts, ListedAddress } from '../parts.ts';
import { openMessage, type OpenMessage } from '../part-text.ts';
import { checksum, maildevAttachments } from './attachments.ts';
import { bodiesV2, bodiesV3 } from './bodies.ts';
import { metaOf } from './meta.ts';
import { decodeXtext } from '../../../shared/xtext.ts';

const people = (list: Address[]): object[] => list.map(({ address, name }) => ({ address, name }));
/** A domain that is written as xn--... is shown in its letters. */
const inLetters = (address: string): string => {
  const [, local, domain] = /^(.*@)([^@]*xn--[^@]*)$/i.exec(address) ?? [];
  return domain === undefined ? address : `${local}${domainToUnicode(domain) || domain}`;
};
const peopleV3 = (list: Address[]): object[] =>
  list.map(({ address, name }) => ({ address: inLetters(address), name }));
/** Version 2 has a group with its members in the place of an address. */
const peopleV2 = (list: ListedAddress[]): object[] =>
  list.map(({ name, address, group }) => (group ? { name, group: people(group) } : { address, name }));
/** Left out where there is nothing. */
const some = <T>(name: string, list: T[] | null | undefined): Record<string, T[]> =>
  list && list.length > 0 ? { [name]: list } : {};
const given = (name: string, value: string | null | undefined): Record<string, string> =>
  value ? { [name]: value } : {};

export const timeOf = ({ date, receivedAt }: { date: string | null; receivedAt: string }): string =>
  new Date(date ?? receivedAt).toISOString();

/** Of a fold other than one blank both versions make one. */
const unfolded = (parts: CompatParts, { value, raw }: HeaderField): string =>
  /[ \t]\r?\n|\n(?:\t|[ \t]{2})/.test(raw)
    ? parts.decodeWords(unfold(raw.slice(raw.indexOf(':') + 1)))
    : value;

function subjectOf(parts: CompatParts, message: Message): string {
  const field = message.headers.find(({ name }) => /^subject$/i.test(name));
  return field ? unfolded(parts, field) : message.subject;
}

/** By name in small letters; several of one name are a list. */
function headersOf(
  message: Message,
  valueOf: (name: string, field: HeaderField) => string | null,
): Record<string, string | string[]> {
  const headers = new Map<string, string | string[]>();
  for (const field of message.headers) {
    const key = field.name.toLowerCase();
    const value = valueOf(key, field);
    if (value === null) continue;
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(headers);
}

const isPriority = (name: string): boolean => /^(?:x-(?:msmail-)?priority|importance)$/i.test(name);
const isPriorityV3 = (name: string): boolean => isPriority(name) || /^priority$/i.test(name);

/** Version 2 has what it understood in the place of what was sent. */
function headersV2(parts: CompatParts, message: Message): Record<string, string | string[]> {
  const headers = headersOf(message, (_name, field) => unfolded(parts, field));
  for (const name of Object.keys(headers).filter(isPriority))
    headers[name] = priorityWord([headers[name]!].flat().at(-1)!);
  return headers;
}

/** Version 3 has them under one name, and references as a list where there are several. */
function headersV3(parts: CompatParts, message: Message): Record<string, string | string[]> {
  const headers = headersOf(message, (name, field) => valueV3(parts, name, field));
  for (const name of onlyFirst) if (Array.isArray(headers[name])) headers[name] = headers[name][0]!;
  const priority = priorityOf(message, isPriorityV3);
  const references = ids(message, 'references').map((id) => `<${id}>`);
  return {
    ...headers,
    ...(priority === null ? {} : { priority }),
    ...(references.length > 1 ? { references } : {}),
  };
}

/** Version 3 keeps only fields that its parser leaves as text. */
const structured =
  /^(?:from|to|cc|bcc|sender|reply-to|delivered-to|return-path|disposition-notification-to|date|content-type|content-disposition|dkim-signature|autocrypt|list-.*|priority|x-priority|x-msmail-priority|importance)$/;

/** Of these the first counts. */
const onlyFirst = [
  ...['message-id', 'content-id', 'in-reply-to', 'subject', 'content-transfer-encoding', 'mime-version'],
  ...['content-description', 'precedence', 'errors-to'],
];
const decoded = /^(?:subject|references|message-id|in-reply-to)$/;

/** Its parser decodes the fields that it knows and leaves out the empty ones. */
function valueV3(parts: CompatParts, name: string, field: HeaderField): string | null {
  if (structured.test(name)) return null;
  const { raw } = field;
  return (decoded.test(name) ? unfolded(parts, field) : unfold(raw.slice(raw.indexOf(':') + 1))) || null;
}

function priorityOf(message: Message, isAny = isPriority): string | null {
  const field = message.headers.find(({ name }) => isAny(name));
  return field ? priorityWord(field.value) : null;
}

function priorityWord(field: string): string {
  const value = field.trim().toLowerCase();
  if (/^[12]\b|^(?:high|urgent)/.test(value)) return 'high';
  return /^[45]\b|^(?:low|non-urgent)/.test(value) ? 'low' : 'normal';
}

/** Version 2 takes the latest of all that say when. */
function latestReceived(message: Message): string | undefined {
  const times = message.headers
    .filter(({ name }) => /^(?:x-)?received$/i.test(name))
    .map(({ value }) => value.slice(value.lastIndexOf(';') + 1))
    .map((text) => (/\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN))
    .filter((time) => !Number.isNaN(time));
  if (times.length === 0) return undefined;
  return new Date(times.reduce((a, b) => Math.max(a, b))).toISOString();
}

const ids = (message: Message, name: string): string[] =>
  [
    ...(message.headers.find((field) => field.name.toLowerCase() === name)?.value ?? '').matchAll(
      /<([^<>\s]+)>/g,
    ),
  ].map((found) => found[1]!);

function blind(message: Message, to: Address[], cc: Address[]): object[] {
  return blindRecipients(message, [...to, ...cc]).map((address) => ({ address, name: '' }));
}

export async function emailV2(parts: CompatParts, message: Message): Promise<Record<string, unknown>> {
  const listed = (name: Parameters<typeof listedIn>[2]): ListedAddress[] =>
    listedIn(parts, message, name, true);
  const [to, cc] = [listed('to'), listed('cc')];
  const { sessionId, envelope } = message;
  const session = sessionId === null ? undefined : await parts.store.findSessionSummary(sessionId);
  const open = openMessage(parts, message);
  const attachments: object[] = [];
  for (const { part, name, contentIdV2, contentType } of maildevAttachments(message, 2)) {
    const bytes = await open.bytes(part);
    attachments.push({
      ...metaOf(part, await open.header(part)),
      contentType,
      contentId: contentIdV2,
      generatedFileName: name,
      checksum: checksum(bytes),
      length: bytes.length,
      transformed: true,
    });
  }
  const { text, html, calendars } = await bodiesV2(message, open);
  const alternatives: object[] = [];
  for (const part of calendars)
    alternatives.push({
      ...(part === message.structure
        ? {
            ...given('date', message.date && timeOf(message)),
            ...given('messageId', message.messageId?.replace(/^<|>$/g, '')),
          }
        : {}),
      ...metaOf(part, await open.header(part)),
      ...given('content', await open.text(part)),
    });
  return {
    ...given('html', html),
    ...given('text', text),
    ...some('alternatives', alternatives),
    headers: headersV2(parts, message),
    ...given('subject', subjectOf(parts, message)),
    ...some('references', ids(message, 'references')),
    ...given('messageId', message.messageId?.replace(/^<|>$/g, '')),
    ...some('inReplyTo', ids(message, 'in-reply-to')),
    priority: priorityOf(message) ?? 'normal',
    ...some('from', peopleV2(listed('from'))),
    ...some('replyTo', peopleV2(listed('reply-to'))),
    ...some('to', peopleV2(to)),
    ...some('cc', peopleV2(cc)),
    ...some('bcc', peopleV2(listed('bcc'))),
    ...given('date', message.date && timeOf(message)),
    ...given('receivedDate', latestReceived(message)),
    id: message.id,
    time: timeOf(message),
    read: message.read,
    envelope: {
      from: { address: inLetters(envelope.from.address), args: argsOf(envelope.from.params) },
      to: envelope.to.map(({ address, params }) => ({ address: inLetters(address), args: argsOf(params) })),
      host: session?.clientName ?? '',
      remoteAddress: session?.peer.address ?? '',
    },
    source: `${message.id}.eml`,
    size: message.size,
    sizeHuman: humanSize(message.size, 'bytes'),
    attachments: attachments.length === 0 ? null : attachments,
    calculatedBcc: blind(message, to, cc),
  };
}

/** `false` where there are none. */
const argsOf = (params: { name: string; value: string | null }[]): false | Record<string, string | true> =>
  params.length === 0
    ? false
    : Object.fromEntries(
        // The protocol engine of maildev decodes every value.
        params.map(({ name, value }) => [name.toUpperCase(), value ? decodeXtext(value) : true]),
      );

/** Version 3 leaves them out where there are none. */
const pathV3 = ({ address, params }: Message['envelope']['to'][number]): object => {
  const args = argsOf(params);
  return { address: inLetters(address), ...(args === false ? {} : { args }) };
};

/** Version 3 puts inline parts into the HTML. */
export async function withImages(message: Message, html: string, open: OpenMessage): Promise<string> {
  const inline = maildevAttachments(message, 3).filter(({ contentId }) => contentId !== '');
  if (inline.length === 0) return html;
  const urls = new Map<string, string>();
  for (const { part, contentId, contentType } of inline)
    urls.set(contentId, `data:${contentType};base64,${(await open.bytes(part)).toString('base64')}`);
  return replaceCids(html, (id) => urls.get(id));
}

/** Version 3 shows a group as its name, and its members as written to blindly. */
const toV3 = (parts: CompatParts, message: Message): Address[] => toAddresses(parts, message, true);
const ccV3 = (parts: CompatParts, message: Message): Address[] => listedIn(parts, message, 'cc', true);

export async function emailV3(parts: CompatParts, message: Message): Promise<Record<string, unknown>> {
  const [to, cc] = [toV3(parts, message), ccV3(parts, message)];
  const open = openMessage(parts, message);
  const { text, html } = await bodiesV3(parts, message, open);
  return {
    id: message.id,
    time: timeOf(message),
    read: message.read,
    subject: subjectOf(parts, message),
    source: `${message.id}.eml`,
    size: message.size,
    sizeHuman: humanSize(message.size, 'Bytes'),
    from: peopleV3(message.from),
    to: peopleV3(to),
    headers: headersV3(parts, message),
    attachments: maildevAttachments(message, 3).map(({ part, name, contentId, contentType, size }) => ({
      filename: part.filename ?? '',
      generatedFileName: name,
      contentType,
      contentDisposition: part.disposition === 'inline' ? 'inline' : 'attachment',
      ...given('contentId', contentId),
      size,
    })),
    envelope: {
      from: pathV3(message.envelope.from),
      to: message.envelope.to.map(pathV3),
    },
    calculatedBcc: blind(message, to, cc),
    ...some('cc', peopleV3(cc)),
    ...given('html', html && (await withImages(message, html, open))),
    ...given('text', text),
    ...given('inReplyTo', message.headers.find(({ name }) => /^in-reply-to$/i.test(name))?.value),
  };
}

/** Of the text, for its preview. */
const previewed = 4000;

export async function summaryV3(parts: CompatParts, message: Message): Promise<Record<string, unknown>> {
  const { text } = await bodiesV3(parts, message, openMessage(parts, message), previewed);
  return {
    id: message.id,
    time: timeOf(message),
    read: message.read,
    subject: subjectOf(parts, message),
    size: message.size,
    sizeHuman: humanSize(message.size, 'Bytes'),
    from: peopleV3(message.from),
    to: peopleV3(toV3(parts, message)),
    attachmentCount: maildevAttachments(message, 3).length,
    preview: (text ?? '').slice(0, previewed).replace(/\s+/g, ' ').trim().slice(0, 140),
    ...some('cc', peopleV3(ccV3(parts, message))),
  };
}
