// What a client offered, read from its ClientHello. Bounded and linear; hostile bytes give null, never an error.
import type { ClientHello } from '../../../shared/tls.ts';
import { formatJa3, formatJa3Text, formatJa4 } from './fingerprint.ts';
import { parseHelloFields } from './hello-fields.ts';
import { cipherName, extensionName, groupName, signatureName, versionName } from './names.ts';

/** Real ones have 200 to 2,000 bytes. */
export const maxHelloBytes = 16_384;
/** A hostile one could list 8,000 ciphers: the record keeps the first of them, the fingerprints see all. */
const maxListed = 256;

/** Takes the whole handshake message; `layer` is what carried it. Null when it is not well-formed. */
export function parseClientHello(
  message: Buffer,
  layer: { bytes: number; records: number },
): ClientHello | null {
  const fields = parseHelloFields(message);
  if (!fields) return null;
  const versions = fields.versions.length ? fields.versions : [fields.legacyVersion];
  const names = (values: number[], nameOf: (value: number) => string): string[] =>
    values.slice(0, maxListed).map(nameOf);
  const ja3Text = formatJa3Text(fields);
  return {
    sni: fields.serverName && printable(fields.serverName),
    versions: names(versions, versionName),
    ciphers: names(fields.ciphers, cipherName),
    groups: names(fields.groups, groupName),
    keyShares: names(fields.keyShares, groupName),
    signatureAlgorithms: names(fields.signatureAlgorithms, signatureName),
    alpn: fields.alpn.slice(0, maxListed).map(printable),
    extensions: names(fields.extensions, extensionName),
    resumption: fields.resumption,
    ja3: formatJa3(ja3Text),
    ja3Text,
    ja4: formatJa4(fields),
    bytes: layer.bytes,
    records: layer.records,
  };
}

/** Names are ASCII by their RFCs; whatever else comes is shown as escapes, and no longer than a host name. */
const printable = (bytes: Buffer): string =>
  bytes
    .subarray(0, 255)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
