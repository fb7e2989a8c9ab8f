// The tags that the sender of a message asks for in X-Tags, separated by commas, as Mailpit takes them.
import { findHeaders } from './find-headers.ts';

const most = 20;
const longest = 64;
const name = 'x-tags';
const names = new Set([name]);
/** Where a header field is looked for at all; nearly no message has it. */
const maxHead = 64 * 1024;

/** Linear, and never throws. */
export function senderTags(head: Buffer): string[] {
  const block = head.subarray(0, maxHead);
  if (!['X-Tags', name, 'X-TAGS'].some((written) => block.includes(written))) return [];
  const tags = (findHeaders(block, names).get(name) ?? [])
    .flatMap((value) => value.split(','))
    .map((tag) =>
      [...tag.replace(/[\p{Cc}\p{Surrogate}\s]+/gu, ' ').trim()].slice(0, longest).join('').trim(),
    )
    .filter(Boolean);
  return [...new Set(tags)].slice(0, most);
}
