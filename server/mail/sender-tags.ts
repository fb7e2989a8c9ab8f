// The tags that the sender of a message asks for in X-Tags, separated by commas, as Mailpit takes them.
import { findHeaders } from './find-headers.ts';
import { headerText } from './scan-header.ts';

const most = 20;
const longest = 64;
const name = 'x-tags';
const names = new Set([name]);

/** Linear, and never throws. */
export function senderTags(head: Buffer): string[] {
  // In the header alone and once: this is done for each message before its 250.
  if (!/^x-tags[ \t]*:/im.test(headerText(head))) return [];
  const tags = (findHeaders(head, names).get(name) ?? [])
    .flatMap((value) => value.split(','))
    .map((tag) =>
      [...tag.replace(/[\p{Cc}\p{Surrogate}\s]+/gu, ' ').trim()].slice(0, longest).join('').trim(),
    )
    .filter(Boolean);
  return [...new Set(tags)].slice(0, most);
}
