// What the record of a session takes from the first bytes of a client.
import { TlsWire } from '../../server/smtp/tls/wire.ts';

export function watchClient(bytes: Buffer): TlsWire {
  const wire = new TlsWire();
  wire.feed('client', bytes, 0);
  return wire;
}
