// The envelope that a message without one most likely had, from its header.
import { parseAddresses } from './addresses.ts';
import { fieldName, fieldValue, scanFields, type HeaderBlock } from './header-fields.ts';
import { skipMboxLine } from './mbox-line.ts';

const limits = { fields: 1000, bytes: 256 * 1024 };
const maxRecipients = 10_000;

/** `Return-Path` is the MAIL FROM of the delivery (RFC 5321 §4.4); `<>` is the null sender. Never throws. */
export function scanEnvelope(head: Buffer): { from: string; to: string[] } {
  const block = scanFields(head, skipMboxLine(head), limits, () => false);
  const returnPath = valuesOf(head, block, 'return-path')[0];
  return {
    from:
      returnPath === undefined
        ? (addressesOf(head, block, ['from'], 1)[0] ?? '')
        : (parseAddresses(returnPath, 1)[0]?.address ?? ''),
    to: [...new Set(addressesOf(head, block, ['to', 'cc', 'bcc'], maxRecipients))],
  };
}

const valuesOf = (head: Buffer, { fields }: HeaderBlock, name: string): string[] =>
  fields
    .filter((field) => fieldName(head, field) === name)
    .map((field) => fieldValue(head, field, limits.bytes));

function addressesOf(head: Buffer, block: HeaderBlock, names: string[], limit: number): string[] {
  const found: string[] = [];
  for (const value of names.flatMap((name) => valuesOf(head, block, name))) {
    if (found.length >= limit) break;
    for (const { address } of parseAddresses(value, limit - found.length))
      if (address !== '' && !/[\p{Cc}<>]/u.test(address)) found.push(address);
  }
  return found;
}
