// The fields of a ClientHello message (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2) as the numbers that were sent.
import { ByteReader, uint16s } from './byte-reader.ts';
import { isGrease } from './names.ts';

export interface HelloFields {
  legacyVersion: number;
  ciphers: number[];
  extensions: number[];
  groups: number[];
  pointFormats: number[];
  signatureAlgorithms: number[];
  /** Of the supported_versions extension; empty before TLS 1.3. */
  versions: number[];
  keyShares: number[];
  alpn: Buffer[];
  serverName: Buffer | null;
  resumption: boolean;
}

/** Takes the whole handshake message, its four-byte header included. Null when it is not well-formed. */
export function parseHelloFields(message: Buffer): HelloFields | null {
  const fields: HelloFields = {
    legacyVersion: 0,
    ciphers: [],
    extensions: [],
    groups: [],
    pointFormats: [],
    signatureAlgorithms: [],
    versions: [],
    keyShares: [],
    alpn: [],
    serverName: null,
    resumption: false,
  };
  try {
    const hello = new ByteReader(message);
    hello.take(4);
    fields.legacyVersion = hello.uint16();
    hello.take(32);
    hello.vector8();
    fields.ciphers = uint16s(hello.vector16());
    hello.vector8();
    if (!hello.isDone) readExtensions(fields, hello.vector16());
    return fields;
  } catch {
    return null;
  }
}

function readExtensions(fields: HelloFields, block: Buffer): void {
  const reader = new ByteReader(block);
  while (!reader.isDone) {
    const type = reader.uint16();
    const body = reader.vector16();
    fields.extensions.push(type);
    if (isGrease(type)) continue;
    try {
      readExtension(fields, type, body);
    } catch {
      // A malformed extension is listed, its values are not.
    }
  }
}

function readExtension(fields: HelloFields, type: number, body: Buffer): void {
  const reader = new ByteReader(body);
  switch (type) {
    case 0:
      fields.serverName ??= readServerName(reader.vector16());
      break;
    case 10:
      fields.groups = uint16s(reader.vector16());
      break;
    case 11:
      fields.pointFormats = [...reader.vector8()];
      break;
    case 13:
      fields.signatureAlgorithms = uint16s(reader.vector16());
      break;
    case 16:
      fields.alpn = readProtocols(reader.vector16());
      break;
    case 35:
      fields.resumption ||= body.length > 0;
      break;
    case 41:
      fields.resumption = true;
      break;
    case 43:
      fields.versions = uint16s(reader.vector8());
      break;
    case 51:
      fields.keyShares = readKeyShares(reader.vector16());
      break;
  }
}

function readServerName(list: Buffer): Buffer | null {
  const reader = new ByteReader(list);
  while (!reader.isDone) {
    const type = reader.uint8();
    const name = reader.vector16();
    if (type === 0) return name;
  }
  return null;
}

function readProtocols(list: Buffer): Buffer[] {
  const reader = new ByteReader(list);
  const protocols: Buffer[] = [];
  while (!reader.isDone) protocols.push(reader.vector8());
  return protocols;
}

function readKeyShares(list: Buffer): number[] {
  const reader = new ByteReader(list);
  const shares: number[] = [];
  while (!reader.isDone) {
    shares.push(reader.uint16());
    reader.vector16();
  }
  return shares;
}
