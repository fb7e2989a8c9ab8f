// What a client offered, read from its first bytes. Bounded and linear; hostile bytes give `none`, never an error.
import type { ClientHello } from '../../../shared/tls.ts';
import { formatJa3, formatJa3Text, formatJa4 } from './fingerprint.ts';
import { parseHelloFields } from './hello-fields.ts';
import { cipherName, extensionName, groupName, signatureName, versionName } from './names.ts';
import { MessageReader, RecordReader, type HandshakeMessage } from './record-reader.ts';

/** Real ones have 200 to 2,000 bytes. */
export const maxHelloBytes = 16_384;
/** A hostile one could list 8,000 ciphers: the record keeps the first of them, the fingerprints see all. */
const maxListed = 256;

export type FirstFlight =
  { kind: 'need-more' } | { kind: 'hello'; hello: ClientHello } | { kind: 'none'; problem: string };

/** Takes everything that the client has sent so far; the hello may be spread over many records. */
export function parseFirstFlight(bytes: Buffer): FirstFlight {
  const flights: FirstFlight[] = [];
  const layer = { bytes: 0, records: 0 };
  const messages = new MessageReader(maxHelloBytes);
  const isTls = new RecordReader().feed(bytes, (record) => {
    if (flights.length) return;
    layer.bytes += record.length + 5;
    layer.records++;
    if (record.type === 22) messages.feed(record.body, (message) => flights.push(readFlight(message, layer)));
    else
      flights.push({
        kind: 'none',
        problem: `a record of type ${record.type} stands before the ClientHello`,
      });
  });
  return flights[0] ?? (isTls ? { kind: 'need-more' } : { kind: 'none', problem: 'not a TLS record' });
}

function readFlight(message: HandshakeMessage, layer: { bytes: number; records: number }): FirstFlight {
  if (message.type !== 1)
    return { kind: 'none', problem: `the first handshake message has type ${message.type}, not 1` };
  if (!message.bytes) return { kind: 'none', problem: `a ClientHello of ${message.length} bytes` };
  const hello = parseClientHello(message.bytes, layer);
  return hello ? { kind: 'hello', hello } : { kind: 'none', problem: 'the ClientHello is malformed' };
}

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
