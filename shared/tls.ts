// A TLS handshake as it was seen: what the client offered, what was agreed, why it failed (RFC 8446).
import * as z from 'zod';
import { lineNumber, offsetUs, side } from './transcript.ts';

export const clientHello = z
  .object({
    sni: z.string().nullable(),
    versions: z.array(z.string()).describe('As offered, e.g. TLSv1.3.'),
    ciphers: z.array(z.string()).describe('IANA names in the order of the client.'),
    groups: z.array(z.string()),
    keyShares: z.array(z.string()),
    signatureAlgorithms: z.array(z.string()),
    alpn: z.array(z.string()),
    extensions: z.array(z.string()),
    resumption: z.boolean().describe('A session ticket or a pre-shared key was offered.'),
    ja3: z.string(),
    ja3Text: z.string(),
    ja4: z.string(),
    bytes: z.int(),
    records: z.int(),
  })
  .meta({ id: 'ClientHello' });
export type ClientHello = z.infer<typeof clientHello>;

export const certificate = z
  .object({
    subject: z.string(),
    issuer: z.string(),
    names: z.array(z.string()).describe('Subject alternative names.'),
    validFrom: z.string(),
    validTo: z.string(),
    fingerprint256: z.string(),
    serialNumber: z.string(),
    key: z.string().describe('e.g. EC P-256 or RSA 2048.'),
  })
  .meta({ id: 'Certificate' });
export type Certificate = z.infer<typeof certificate>;

export const tlsHandshake = z
  .object({
    mode: z
      .enum(['implicit', 'starttls', 'unexpected'])
      .describe('unexpected: a ClientHello on a port without TLS.'),
    line: lineNumber,
    atUs: offsetUs,
    durationUs: z.int().nonnegative(),
    ok: z.boolean(),
    clientHello: clientHello.nullable(),
    helloRetry: z.boolean(),
    version: z.string().nullable(),
    cipher: z.string().nullable(),
    group: z.string().nullable(),
    alpn: z.string().nullable(),
    sni: z.string().nullable(),
    resumed: z.boolean(),
    certificates: z.array(certificate).describe('What we sent, leaf first.'),
    clientCertificate: certificate
      .extend({ trusted: z.boolean(), problem: z.string().nullable() })
      .nullable(),
    alerts: z.array(
      z.object({
        from: side,
        level: z.enum(['warning', 'fatal']),
        code: z.int(),
        name: z.string(),
        atUs: offsetUs,
      }),
    ),
    steps: z.array(z.object({ from: side, atUs: offsetUs, name: z.string(), bytes: z.int() })),
    failure: z
      .object({
        code: z.string().nullable().describe('The code of the TLS library, e.g. ERR_SSL_NO_SHARED_CIPHER.'),
        alert: z.string().nullable(),
        by: side.nullable(),
        text: z.string().describe('Why it failed, as a sentence for a person.'),
      })
      .nullable(),
  })
  .meta({ id: 'TlsHandshake' });
export type TlsHandshake = z.infer<typeof tlsHandshake>;
