// How a handshake ended, as it was seen from our side of the transport.
import type { TLSSocket } from 'node:tls';
import type { Certificate, TlsHandshake } from '../../../shared/tls.ts';
import type { Side } from '../../../shared/transcript.ts';
import { alertName } from './names.ts';
import type { TlsAlert, TlsWire } from './wire.ts';

export type Ending =
  | { kind: 'secure'; socket: TLSSocket }
  /** The TLS library gave up, or was told to. */
  | { kind: 'tls-error'; error: NodeJS.ErrnoException }
  /** Our check of the client's certificate said no. */
  | { kind: 'client-certificate'; problem: string }
  /** An error of the transport, mostly a reset. */
  | { kind: 'transport-error'; error: NodeJS.ErrnoException }
  | { kind: 'client-end' }
  | { kind: 'timeout'; ms: number }
  /** The transport was closed on our side. */
  | { kind: 'closed' }
  /** It was ended on purpose, as the text says. */
  | { kind: 'simulated'; text: string }
  /** The key or the certificate cannot be used. */
  | { kind: 'unusable-setup'; error: NodeJS.ErrnoException };

export type FailedEnding = Exclude<Ending, { kind: 'secure' }>;
export type TlsFailure = NonNullable<TlsHandshake['failure']>;

/** All that an explanation is made from. */
export interface Situation {
  mode: TlsHandshake['mode'];
  ending: FailedEnding;
  wire: TlsWire;
  /** Ours, leaf first. */
  certificates: Certificate[];
  minVersion: string;
  maxVersion: string;
  nowMs: number;
}

/** The alert that ended the handshake. TLS 1.3 encrypts most: then only the library's message has its number. */
export function findAlert({ ending, wire }: Situation): { from: Side; name: string } | null {
  const received = findReceivedCode(ending);
  if (received !== null) return { from: 'client', name: alertName(received) };
  // A client that calls it off does so with a warning (RFC 8446 §6.1: close_notify, user_canceled).
  const seen: TlsAlert | undefined =
    wire.alerts.findLast(({ level }) => level === 'fatal') ??
    wire.alerts.findLast(({ from }) => from === 'client');
  if (seen) return { from: seen.from, name: seen.name };
  const code = ending.kind === 'tls-error' ? ending.error.code : undefined;
  if (code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE')
    return { from: 'server', name: 'certificate_required' };
  if (code === 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC')
    return { from: 'server', name: 'bad_record_mac' };
  return null;
}

export function findReceivedCode(ending: Ending): number | null {
  const message = ending.kind === 'tls-error' ? ending.error.message : '';
  const number = /SSL alert number (\d+)/.exec(message)?.[1];
  return number === undefined ? null : Number(number);
}
