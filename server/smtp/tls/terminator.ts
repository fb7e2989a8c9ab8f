// Does TLS for one connection, with documented API only: a tls.Server that never listens is shown the transport.
// Each handshake has such a server to itself, because tls.Server does not say whose handshake failed.
import { constants } from 'node:crypto';
import type { Duplex } from 'node:stream';
import * as tls from 'node:tls';
import type { Certificate, TlsHandshake } from '../../../shared/tls.ts';
import { steadyUs } from '../../clock.ts';
import { certificateFacts, parsePemChain } from './certificate-facts.ts';
import type { Ending, FailedEnding } from './ending.ts';
import { failureFacts, secureFacts } from './facts.ts';
import { shakeHands } from './handshake.ts';
import type { TlsWire } from './wire.ts';

export interface TlsSetup {
  key: string | Buffer;
  /** PEM chain, leaf first. */
  cert: string | Buffer;
  /** Who may have issued client certificates. */
  ca?: (string | Buffer)[];
  requestClientCert: boolean;
  requireClientCert?: boolean;
  minVersion?: tls.SecureVersion;
  maxVersion?: tls.SecureVersion;
  ciphers?: string;
  /** 48 bytes, the same for all setups between which sessions may be resumed. */
  ticketKeys: Buffer;
  sessionIdContext: string;
  /** For the whole handshake, however often bytes come. */
  handshakeMs: number;
}

export type TlsFacts = Omit<TlsHandshake, 'line' | 'atUs'>;

export interface TlsRequest {
  mode: 'implicit' | 'starttls';
  /** When the session was opened, as `steadyUs()` gives it. */
  openedUs: number;
  /** Fed by the caller with every byte of the transport from here on, in `steadyUs()` time. */
  wire: TlsWire;
  /** A ClientHello that came in one piece with the STARTTLS line; the wire is shown it here. */
  early?: Buffer;
  /** Called before the ClientHello is answered; what it gives takes the place of the handshake. */
  beforeAnswer?: () => Promise<FailedEnding | null>;
}

/**
 * Always resolves, at the latest after `handshakeMs`. With a socket of null the handshake failed and the transport
 * is destroyed. Pass the same setup object for connections of the same kind: what it costs to make is kept with it.
 */
export async function startTls(
  transport: Duplex,
  setup: TlsSetup,
  request: TlsRequest,
): Promise<{ socket: tls.TLSSocket | null; facts: TlsFacts }> {
  const startedUs = steadyUs();
  const { wire } = request;
  const prepared = prepare(setup);
  const ending = await run(transport, setup, prepared, request);
  wire.finish();
  const common = {
    ...request,
    startedUs,
    certificates: prepared.certificates,
    minVersion: setup.minVersion ?? tls.DEFAULT_MIN_VERSION,
    maxVersion: setup.maxVersion ?? tls.DEFAULT_MAX_VERSION,
  };
  if (ending.kind === 'secure') return { socket: ending.socket, facts: secureFacts(common, ending.socket) };
  transport.destroy();
  return { socket: null, facts: failureFacts(common, ending) };
}

async function run(
  transport: Duplex,
  setup: TlsSetup,
  prepared: Prepared,
  { early, wire, beforeAnswer }: TlsRequest,
): Promise<Ending> {
  if (early?.length) {
    wire.feed('client', early, steadyUs());
    transport.pause();
    if (!transport.destroyed && !transport.readableEnded) transport.unshift(early);
  }
  const instead = await beforeAnswer?.();
  if (instead) return instead;
  let server: tls.Server;
  try {
    server = prepared.idle.pop() ?? createServer(setup);
  } catch (error) {
    return { kind: 'unusable-setup', error: error as NodeJS.ErrnoException };
  }
  const ending = await shakeHands(server, transport, setup.handshakeMs);
  // After a failure it may still report on that handshake, so it must not see another one.
  if (ending.kind === 'secure' && prepared.idle.length < maxIdle) prepared.idle.push(server);
  return ending;
}

interface Prepared {
  certificates: Certificate[];
  /** Servers between two handshakes: making one takes most of the time that we add to a handshake. */
  idle: tls.Server[];
}

const maxIdle = 32;
const preparedSetups = new WeakMap<TlsSetup, Prepared>();

function prepare(setup: TlsSetup): Prepared {
  let prepared = preparedSetups.get(setup);
  if (!prepared) {
    prepared = { certificates: parsePemChain(setup.cert).map(certificateFacts), idle: [] };
    preparedSetups.set(setup, prepared);
  }
  return prepared;
}

function createServer(setup: TlsSetup): tls.Server {
  return tls.createServer({
    key: setup.key,
    cert: setup.cert,
    ca: setup.ca,
    requestCert: setup.requestClientCert || setup.requireClientCert,
    rejectUnauthorized: setup.requireClientCert ?? false,
    minVersion: setup.minVersion,
    maxVersion: setup.maxVersion,
    ciphers: ciphersFor(setup),
    ticketKeys: setup.ticketKeys,
    sessionIdContext: setup.sessionIdContext,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    // Node's own limit starts anew with every byte; ours, which does not, is shorter.
    handshakeTimeout: setup.handshakeMs + 60_000,
    ALPNCallback: ({ protocols }) => (protocols.includes('smtp') ? 'smtp' : undefined),
  });
}

/** OpenSSL 3 knows no signature that TLS 1.0 and 1.1 may use above security level 0. */
function ciphersFor({ ciphers, minVersion }: TlsSetup): string | undefined {
  const isOld = minVersion === 'TLSv1' || minVersion === 'TLSv1.1';
  if (!isOld || ciphers?.includes('@SECLEVEL')) return ciphers;
  return `${ciphers ?? tls.DEFAULT_CIPHERS}:@SECLEVEL=0`;
}
