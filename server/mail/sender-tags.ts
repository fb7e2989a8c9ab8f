// The tags that the sender of a message asks for, as Mailpit takes them: in X-Tags, separated by commas, and behind
// plus signs of addresses (`ann+shop+nightly@x.test`).
import { defaultInbox } from '../../shared/inbox-name.ts';
import { parseAddresses } from './addresses.ts';
import { findHeaders } from './find-headers.ts';
import { headerText } from './scan-header.ts';

const most = 20;
const longest = 64;
const mostAddresses = 100;
const tagField = 'x-tags';
const addressFields = ['from', 'to', 'cc', 'bcc'];
const plusAddress = /\+[^+\s@<>",;:()]{1,100}@/;

const taggedBy = (fields: string[]): string[] =>
  fields
    .flatMap((value) => value.split(','))
    .map((tag) =>
      [...tag.replace(/[\p{Cc}\p{Surrogate}\s]+/gu, ' ').trim()].slice(0, longest).join('').trim(),
    );

/** What stands between the first plus sign and the `@`; characters that are none of a tag are dropped. */
function plusTags(address: string): string[] {
  const [plus, at] = [address.indexOf('+'), address.indexOf('@')];
  if (plus < 0 || at < plus) return [];
  return address
    .slice(plus + 1, at)
    .split('+')
    .map((tag) => tag.replace(/[^\w.-]/g, '').slice(0, longest));
}

/**
 * `recipients` are those of the envelope, whom the header need not name. Mail that an inbox takes is told apart by that
 * already, so its addresses are no tags. Linear, and never throws.
 */
export function senderTags(
  head: Buffer,
  { recipients, inboxes }: { recipients: string[]; inboxes: string[] },
): string[] {
  const areTags = inboxes.every((name) => name === defaultInbox);
  // This is done for each message before its 250, so what is not there is not looked for.
  const text = headerText(head);
  const names = [
    ...(/^x-tags[ \t]*:/im.test(text) ? [tagField] : []),
    ...(areTags && plusAddress.test(text) ? addressFields : []),
  ];
  const found = names.length === 0 ? undefined : findHeaders(head, new Set(names));
  const named = addressFields
    .flatMap((name) => found?.get(name) ?? [])
    .flatMap((value) => parseAddresses(value, mostAddresses))
    .map(({ address }) => address);
  const addresses = [...named, ...(areTags ? recipients.slice(0, mostAddresses) : [])];
  const tags = [...taggedBy(found?.get(tagField) ?? []), ...addresses.flatMap(plusTags)].filter(Boolean);
  return [...new Set(tags)].slice(0, most);
}
