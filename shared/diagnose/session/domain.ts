// The domain of an address.
import type { Found } from '../../finding.ts';
import type { EnvelopeAddress } from '../../transaction.ts';
import { atLine, makeFound } from './found.ts';
import { decodePunycode } from './punycode.ts';

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
/** An address has an @, and a literal needs no dot. */
export const isUnqualified = (address: string): boolean =>
  address.includes('@') && !/[.[]/.test(domainOf(address).replace(/\.$/, ''));

/**
 * UTF-8 that was taken for Latin-1: the first byte of a letter, in either case, and one that goes on with it; the
 * fractions among these are taken apart on the way to punycode.
 */
const mojibake = /[\u00c2-\u00f4](?:[\u0080-\u00bf]|[13]\u2044[24])/;

export function findMojibake({ address, line }: EnvelopeAddress): Found | undefined {
  if (!/xn--/i.test(address)) return undefined;
  for (const label of domainOf(address).split('.', 20)) {
    const letters = /^xn--/i.test(label) ? decodePunycode(label.slice(4)) : undefined;
    if (letters !== undefined && mojibake.test(letters))
      return makeFound('mail.mojibake-domain', {
        confidence: 0.9,
        evidence: [atLine(line)],
        vars: { address, letters },
      });
  }
  return undefined;
}
