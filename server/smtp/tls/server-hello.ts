// The server's choices, as far as they are readable on the wire: ServerHello and ServerKeyExchange.
import { ByteReader } from './byte-reader.ts';
import { cipherName, groupName, tls13, versionName } from './names.ts';

/** RFC 8446 §4.1.3: a ServerHello with this random is a HelloRetryRequest. */
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

export interface ServerHello {
  isRetry: boolean;
  isTls13: boolean;
  version: string;
  cipher: string;
  group: string | null;
  pskSelected: boolean;
}

/** Takes the whole handshake message. Null when it is not well-formed. */
export function parseServerHello(message: Buffer): ServerHello | null {
  try {
    const reader = new ByteReader(message);
    reader.take(4);
    let version = reader.uint16();
    const isRetry = reader.take(32).toString('hex') === retryRandom;
    reader.vector8();
    const cipher = cipherName(reader.uint16());
    reader.uint8();
    const hello: ServerHello = {
      isRetry,
      isTls13: false,
      version: '',
      cipher,
      group: null,
      pskSelected: false,
    };
    const extensions = new ByteReader(reader.isDone ? Buffer.alloc(0) : reader.vector16());
    while (!extensions.isDone) {
      const type = extensions.uint16();
      const body = new ByteReader(extensions.vector16());
      if (type === 43) version = body.uint16();
      else if (type === 51) hello.group = groupName(body.uint16());
      else if (type === 41) hello.pskSelected = true;
    }
    return { ...hello, version: versionName(version), isTls13: version === tls13 };
  } catch {
    return null;
  }
}

/** The group of a TLS 1.2 ServerKeyExchange (RFC 8422 §5.4, RFC 5246 §7.4.3). Takes the whole message. */
export function parseKeyExchangeGroup(message: Buffer, cipher: string): string | null {
  try {
    const reader = new ByteReader(message);
    reader.take(4);
    if (cipher.includes('_DHE_') || cipher.includes('_DH_')) return `DHE ${reader.uint16() * 8} bits`;
    return reader.uint8() === 3 ? groupName(reader.uint16()) : null;
  } catch {
    return null;
  }
}
