// The PROXY protocol, versions 1 and 2 (haproxy.org/download/3.0/doc/proxy-protocol.txt): who the client behind a
// proxy is. Read from the first bytes of a connection, as often as more of them come.
import { isIPv4, isIPv6, SocketAddress } from 'node:net';

export interface ProxyEndpoint {
  address: string;
  port: number;
}

export type ProxyHeader =
  | { kind: 'need-more' }
  /** The bytes do not begin like a header. */
  | { kind: 'none' }
  | { kind: 'invalid'; reason: string }
  | {
      kind: 'header';
      version: 1 | 2;
      /** Bytes of the header; what follows is SMTP or TLS. */
      length: number;
      /** Null for UNKNOWN, LOCAL, UNSPEC and UNIX sockets: the socket's own peer is what is known. */
      source: ProxyEndpoint | null;
      destination: ProxyEndpoint | null;
    };

const v1Start = Buffer.from('PROXY ');
const v2Start = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
/** With the CRLF, section 2.1. */
const v1MaxLength = 107;
/** Ours: addresses take 16 + 216 bytes, the rest is for TLVs such as a client certificate's name. */
const v2MaxLength = 4096;

const needMore: ProxyHeader = { kind: 'need-more' };
const invalid = (reason: string): ProxyHeader => ({ kind: 'invalid', reason });

export function parseProxyHeader(bytes: Buffer): ProxyHeader {
  for (const [start, parse] of [
    [v1Start, parseV1],
    [v2Start, parseV2],
  ] as const) {
    const length = Math.min(bytes.length, start.length);
    if (!bytes.subarray(0, length).equals(start.subarray(0, length))) continue;
    return bytes.length < start.length ? needMore : parse(bytes);
  }
  return { kind: 'none' };
}

function parseV1(bytes: Buffer): ProxyHeader {
  const head = bytes.subarray(0, v1MaxLength);
  const end = head.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  if (end < 0) {
    return bytes.length < v1MaxLength ? needMore : invalid(`Version 1 is longer than ${v1MaxLength} bytes`);
  }
  if (head[end] === 0x0a) return invalid('Version 1 ends in a bare LF, not in CRLF');
  if (end + 1 === v1MaxLength) return invalid(`Version 1 is longer than ${v1MaxLength} bytes`);
  if (end + 1 === head.length) return needMore;
  if (head[end + 1] !== 0x0a) return invalid('Version 1 ends in a bare CR, not in CRLF');

  const [, protocol = '', ...fields] = head.toString('latin1', 0, end).split(' ');
  const found = { kind: 'header', version: 1, length: end + 2 } as const;
  // What follows UNKNOWN must be ignored.
  if (protocol === 'UNKNOWN') return { ...found, source: null, destination: null };
  const isAddress = protocol === 'TCP4' ? isIPv4 : protocol === 'TCP6' ? isIPv6 : undefined;
  if (!isAddress) return invalid('Version 1 knows TCP4, TCP6 and UNKNOWN only');
  if (fields.length !== 4)
    return invalid('Version 1 has not two addresses and two ports, a blank between each');
  const [from = '', to = '', fromPort = '', toPort = ''] = fields;
  for (const address of [from, to]) {
    // A zone (fe80::1%eth0) has a meaning on the proxy's host only.
    if (!isAddress(address) || address.includes('%'))
      return invalid(`Version 1 has an address that is not ${protocol}`);
  }
  for (const port of [fromPort, toPort]) {
    if (!/^(?:0|[1-9][0-9]{0,4})$/.test(port) || Number(port) > 65535) {
      return invalid('Version 1 has a port that is not a number from 0 to 65535');
    }
  }
  const source = { address: canonical(from), port: Number(fromPort) };
  return { ...found, source, destination: { address: canonical(to), port: Number(toPort) } };
}

/** Bytes of the address block by family and protocol, section 2.2; 0 is UNSPEC. */
const blockLength: Record<number, number> = { 0x00: 0, 0x11: 12, 0x21: 36, 0x31: 216 };

function parseV2(bytes: Buffer): ProxyHeader {
  const versionAndCommand = bytes[12];
  if (versionAndCommand === undefined) return needMore;
  const command = versionAndCommand & 0x0f;
  if (versionAndCommand >> 4 !== 2) return invalid(`Version ${versionAndCommand >> 4} is not known`);
  if (command > 1) return invalid(`Version 2 has the unknown command ${command}`);
  const family = bytes[13];
  if (family === undefined) return needMore;
  const isLocal = command === 0;
  const needed = isLocal ? 0 : blockLength[family];
  if (needed === undefined) {
    const hex = family.toString(16).padStart(2, '0');
    return invalid(`Version 2 has the family and protocol 0x${hex}, which no TCP connection has`);
  }
  if (bytes.length < 16) return needMore;
  const rest = bytes.readUInt16BE(14);
  const length = 16 + rest;
  if (length > v2MaxLength)
    return invalid(`Version 2 is ${length} bytes long, at most ${v2MaxLength} are taken`);
  if (rest < needed) return invalid(`Version 2 has ${rest} bytes of addresses, its family needs ${needed}`);
  if (bytes.length < length) return needMore;

  const found = { kind: 'header', version: 2, length } as const;
  // LOCAL is the proxy's own health check; the path of a UNIX socket is no address of a client.
  if (isLocal || (family !== 0x11 && family !== 0x21)) return { ...found, source: null, destination: null };
  const size = family === 0x11 ? 4 : 16;
  const ports = 16 + 2 * size;
  const addressAt = (at: number): string => canonical(formatAddress(bytes.subarray(at, at + size)));
  return {
    ...found,
    source: { address: addressAt(16), port: bytes.readUInt16BE(ports) },
    destination: { address: addressAt(16 + size), port: bytes.readUInt16BE(ports + 2) },
  };
}

const formatAddress = (bytes: Buffer): string =>
  bytes.length === 4 ? bytes.join('.') : (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');

/** One spelling for each address (RFC 5952), and IPv4 for the IPv4-mapped ones, as the peer of a socket has it. */
function canonical(address: string): string {
  if (!address.includes(':')) return address;
  const spelled = new SocketAddress({ address, family: 'ipv6' }).address;
  return spelled.replace(/^::ffff:(?=[0-9]+\.)/i, '');
}
