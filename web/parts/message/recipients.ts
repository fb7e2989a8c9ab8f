// Who a message is for, in short, and where its envelope and its headers disagree, which is the point of having both.
import { foldAddress } from '../../../shared/explain/fold-address.ts';
import type { Message, MessageSummary } from '../../../shared/message.ts';

type Named = Pick<Message, 'envelope' | 'to' | 'cc' | 'bcc'>;

/** The first of the envelope and how many more; those of the header where there is no envelope. */
export function shortRecipients({ rcptTo, rcptCount, to }: MessageSummary): { named: string; more: number } {
  const [first] = rcptTo;
  if (first === undefined) return { named: to.map(({ address }) => address).join(', '), more: 0 };
  return { named: first, more: Math.max(0, rcptCount - 1) };
}

/** In RCPT but in no header: who gets it as Bcc, as it should be. */
export function envelopeOnly(message: Named): string[] {
  const named = new Set(
    [...message.to, ...message.cc, ...message.bcc].map(({ address }) => foldAddress(address)),
  );
  return message.envelope.to
    .map(({ address }) => address)
    .filter((address) => !named.has(foldAddress(address)));
}

/** In a header but in no RCPT: who is named and gets nothing from this message. */
export function headerOnly(message: Named): string[] {
  const receives = new Set(message.envelope.to.map(({ address }) => foldAddress(address)));
  const named = [...message.to, ...message.cc].map(({ address }) => address);
  return [...new Set(named)].filter((address) => address !== '' && !receives.has(foldAddress(address)));
}
