// What a person wants to know of a certificate. Clients' certificates are hostile input too: nothing here throws.
import { X509Certificate } from 'node:crypto';
import type { Certificate } from '../../../shared/tls.ts';

const maxNames = 100;

/** Every certificate of a PEM text, in its order; what is not one is left out. */
export function parsePemChain(pem: string | Buffer): X509Certificate[] {
  const blocks = pem.toString().match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

export function certificateFacts(certificate: X509Certificate): Certificate {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: parseSubjectAltName(certificate.subjectAltName),
    validFrom: isoOf(certificate.validFrom),
    validTo: isoOf(certificate.validTo),
    fingerprint256: certificate.fingerprint256,
    serialNumber: certificate.serialNumber,
    key: describeKey(certificate),
  };
}

/** Node writes `DNS:localhost, IP Address:0:0:0:0:0:0:0:1`, and quotes what has commas as JSON. */
export function parseSubjectAltName(text: string | undefined): string[] {
  const names: string[] = [];
  for (const [, kind, quoted, plain = ''] of (text ?? '').matchAll(
    /([A-Za-z ]{1,40}):(?:("(?:[^"\\]|\\.)*")|([^,]*))(?:, |$)/g,
  )) {
    if (names.length === maxNames) break;
    const name = quoted ? quoted.slice(1, -1) : plain;
    names.push(kind === 'IP Address' ? shortAddress(name) : name);
  }
  return names;
}

/** `0:0:0:0:0:0:0:1` is written `::1`, as people do. */
export function shortAddress(address: string): string {
  if (!address.includes(':')) return address;
  try {
    return new URL(`http://[${address}]`).hostname.slice(1, -1);
  } catch {
    return address;
  }
}

const oneLine = (name: string | undefined): string => (name ?? '').split('\n').reverse().join(', ');

function isoOf(date: string): string {
  const parsed = new Date(date);
  return Number.isNaN(parsed.getTime()) ? date : parsed.toISOString();
}

function describeKey(certificate: X509Certificate): string {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
    if (type === 'ec')
      return `EC ${details?.namedCurve?.replace('prime256v1', 'P-256').replace('secp', 'P-').replace('r1', '')}`;
    return type?.startsWith('rsa') ? `RSA ${details?.modulusLength}` : (type ?? 'unknown');
  } catch {
    return 'unknown';
  }
}

const verifyErrors: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its chain ends in a CA that this listener does not know',
  UNABLE_TO_GET_ISSUER_CERT: 'its issuer is not known to this listener',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is not known to this listener',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its issuer is not known to this listener',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  INVALID_PURPOSE: 'it is not made for client authentication',
};

/** What OpenSSL has against a certificate of a client. */
export const explainVerifyError = (code: string): string =>
  verifyErrors[code] ? `${verifyErrors[code]} (${code})` : code;
