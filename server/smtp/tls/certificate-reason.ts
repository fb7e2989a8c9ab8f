// Why a client may have refused our certificate: often it does not say, so the certificate is looked at again the
// way the client does it, by name, by date, by issuer.
import { listSomeNames, matchesName } from '../../../shared/certificate-names.ts';
import { isOfOwnCa } from '../../../shared/own-ca.ts';
import type { Certificate } from '../../../shared/tls.ts';
import { shortAddress } from './certificate-facts.ts';

export type CertificateReason = 'none' | 'expired' | 'not-yet-valid' | 'name' | 'no-name' | 'issuer';

export interface CertificateDoubt {
  reason: CertificateReason;
  /** Part of a sentence, with the advice. */
  text: string;
}

/** `serverName` is the one that the client asked for. */
export function findCertificateDoubt(
  certificate: Certificate | undefined,
  serverName: string | null,
  nowMs: number,
): CertificateDoubt {
  if (!certificate) return { reason: 'none', text: 'no certificate was sent' };
  const renew = 'restart Mailscope to have its own one renewed, or give it one that is valid';
  if (Date.parse(certificate.validTo) <= nowMs)
    return { reason: 'expired', text: `the certificate expired on ${day(certificate.validTo)}: ${renew}` };
  if (Date.parse(certificate.validFrom) > nowMs)
    return {
      reason: 'not-yet-valid',
      text: `the certificate is valid only from ${day(certificate.validFrom)}: set the clock right, or ${renew}`,
    };
  const names = listNames(certificate);
  if (serverName === null)
    return {
      reason: 'no-name',
      text: `the client sent no server name: check that the host it connects to is one of ${names}, and that it ${trust(certificate)}`,
    };
  if (!matchesName(certificate.names, shortAddress(serverName.replace(/^\[|\]$/g, ''))))
    return {
      reason: 'name',
      text: `the certificate names ${names}, the client asked for ${serverName}: connect by one of these names, or start Mailscope with --cert-name ${serverName}`,
    };
  return { reason: 'issuer', text: `name and dates fit, so check that it ${trust(certificate)}` };
}

export const trust = (certificate: Certificate): string =>
  `trusts the issuer "${commonName(certificate.issuer)}"${isOfOwnCa(certificate) ? " (Mailscope's own CA is served at /api/ca.pem)" : ''}, or turn verification off for tests`;

const commonName = (subject: string): string => /(?:^|, )CN=([^,]+)/.exec(subject)?.[1] ?? subject;
export const day = (iso: string): string => iso.slice(0, 10);

function listNames({ names, subject }: Certificate): string {
  if (names.length === 0)
    return `nothing but the common name "${commonName(subject)}", which most clients ignore`;
  return listSomeNames(names);
}
