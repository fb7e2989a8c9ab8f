// The recipients of a mail as the client wrote them.
import type { Found } from '../../finding.ts';
import type { EnvelopeAddress, Transaction } from '../../transaction.ts';
import { findMojibake, isUnqualified } from './domain.ts';
import { atLine, makeFound } from './found.ts';

/** RFC 5321 4.5.3.1.8: so many must be taken. */
const sureRecipients = 100;

const isTaken = ({ reply }: EnvelopeAddress): boolean => reply?.code === 250;

export function* findMany({ recipients, recipientCount, firstLine }: Transaction): Generator<Found> {
  if (recipientCount > sureRecipients)
    yield makeFound('rcpt.many', {
      confidence: 0.9,
      evidence: [atLine(recipients[sureRecipients]?.line ?? firstLine)],
      vars: { count: recipientCount },
    });
}

export function* findMojibakeRecipients({ recipients }: Transaction): Generator<Found> {
  for (const one of recipients) {
    const found = isTaken(one) ? findMojibake(one) : undefined;
    if (found) yield found;
  }
}

export function* findUnqualified({ recipients }: Transaction): Generator<Found> {
  for (const one of recipients) {
    if (!isTaken(one)) continue;
    const { address, line } = one;
    if (isUnqualified(address))
      yield makeFound('rcpt.unqualified', { confidence: 0.9, evidence: [atLine(line)], vars: { address } });
  }
}

export function* findDuplicates({ recipients }: Transaction): Generator<Found> {
  if (recipients.length < 2) return;
  const seen = new Map<string, number>();
  for (const one of recipients) {
    if (!isTaken(one)) continue;
    const { address, line } = one;
    const at = address.lastIndexOf('@');
    const key = address.slice(0, at) + address.slice(at).toLowerCase();
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, line);
    else
      yield makeFound('rcpt.duplicate', {
        confidence: 0.95,
        evidence: [atLine(earlier), atLine(line)],
        vars: { address },
      });
  }
}
