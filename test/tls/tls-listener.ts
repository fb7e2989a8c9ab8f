// A TLS listener with nothing behind it: each connection is one handshake, whose result the test takes.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import * as net from 'node:net';
import type { TLSSocket } from 'node:tls';
import { createAuthority, createLeaf, type KeyPair } from '../../server/certificate/authority.ts';
import { steadyUs } from '../../server/clock.ts';
import { TapSocket } from '../../server/smtp/tap-socket.ts';
import { startTls, type TlsFacts, type TlsSetup } from '../../server/smtp/tls/terminator.ts';
import { TlsWire } from '../../server/smtp/tls/wire.ts';

export interface Handshake {
  socket: TLSSocket | null;
  facts: TlsFacts;
  transport: TapSocket;
}

export interface TlsListener extends AsyncDisposable {
  port: number;
  /** The next handshake that ended. */
  next(): Promise<Handshake>;
  /** The next transport, before its handshake has ended. */
  transports: TapSocket[];
}

export async function listenTls(
  setup: TlsSetup,
  options: {
    mode?: 'implicit' | 'starttls';
    early?: Buffer;
    onTransport?: (transport: TapSocket) => void;
  } = {},
): Promise<TlsListener> {
  const ended: Handshake[] = [];
  const waiting: ((handshake: Handshake) => void)[] = [];
  const transports: TapSocket[] = [];
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, async (socket) => {
    const openedUs = steadyUs();
    const wire = new TlsWire();
    const transport = new TapSocket(socket, (from, bytes) => wire.feed(from, bytes, steadyUs()));
    transports.push(transport);
    options.onTransport?.(transport);
    const mode = options.mode ?? 'implicit';
    const result = await startTls(transport, setup, { mode, openedUs, wire, early: options.early });
    const handshake = { ...result, transport };
    const taker = waiting.shift();
    if (taker) taker(handshake);
    else ended.push(handshake);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    transports,
    next() {
      const handshake = ended.shift();
      if (handshake) return Promise.resolve(handshake);
      return new Promise((resolve, reject) => {
        const deadline = setTimeout(() => reject(new Error('no handshake ended within 30 s')), 30_000);
        waiting.push((found) => {
          clearTimeout(deadline);
          resolve(found);
        });
      });
    },
    async [Symbol.asyncDispose]() {
      for (const transport of transports) transport.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface TestCertificate extends KeyPair {
  ca: string;
}

/** A leaf with its CA, made at the given time. */
export async function testCertificate(
  names = ['localhost', '127.0.0.1'],
  now = new Date(),
): Promise<TestCertificate> {
  const authority = await createAuthority(now);
  const leaf = await createLeaf(authority, names, now);
  return { key: leaf.key, cert: leaf.cert + authority.cert, ca: authority.cert };
}

export const testSetup = ({ key, cert }: KeyPair, changes: Partial<TlsSetup> = {}): TlsSetup => ({
  key,
  cert,
  requestClientCert: false,
  ticketKeys: randomBytes(48),
  sessionIdContext: 'test',
  handshakeMs: 5_000,
  ...changes,
});
