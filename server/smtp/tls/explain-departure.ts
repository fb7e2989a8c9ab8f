// A client that went away, or fell silent, in the middle of a handshake. How far it came is all that it tells.
import { findCertificateDoubt } from './certificate-reason.ts';
import type { Situation } from './ending.ts';

type Progress = 'nothing' | 'part-of-hello' | 'hello' | 'certificate' | 'server-hello' | 'answered';

function progressOf({ wire }: Situation): Progress {
  if (wire.clientAnswered) return 'answered';
  if (wire.certificateSent) return 'certificate';
  if (wire.serverHello || wire.helloRetry) return 'server-hello';
  if (wire.clientHello) return 'hello';
  return wire.firstBytes.length ? 'part-of-hello' : 'nothing';
}

const doubtOf = ({ certificates, wire, nowMs }: Situation): string =>
  findCertificateDoubt(certificates[0], wire.clientHello?.sni ?? null, nowMs).text;

const halfHello = ({ wire }: Situation): string =>
  `in the middle of its ClientHello (${wire.firstBytes.length < 64 ? wire.firstBytes.length : 'more than 64'} bytes had come)`;

export function explainDeparture(situation: Situation): string {
  const after = situation.mode === 'starttls' ? ' after STARTTLS was answered with 220' : '';
  switch (progressOf(situation)) {
    case 'nothing':
      return situation.mode === 'starttls'
        ? `The client closed the connection${after}, before it sent a byte of TLS: check its TLS settings and its log.`
        : 'The client closed the connection before it sent a byte: a port check, or a client that waited for a plain-text greeting on a port that expects TLS from the first byte (turn implicit TLS on in it).';
    case 'part-of-hello':
      return `The client closed the connection ${halfHello(situation)}: it was stopped, or something between cut the connection.`;
    case 'hello':
      return `The client closed the connection${after} right after its ClientHello, before our answer: it was stopped, or ran into a time limit of its own.`;
    case 'server-hello':
      return 'The client closed the connection without a TLS alert after our ServerHello: what we chose may not suit it, look at its log.';
    case 'certificate':
      return `The client closed the connection without a TLS alert after it got our certificate; clients on Node.js and on Python's asyncio do this when they do not trust the certificate: ${doubtOf(situation)}.`;
    case 'answered':
      return 'The client closed the connection without a TLS alert just before the handshake was complete: it was stopped, or a client certificate or key of its own failed; look at its log.';
  }
}

export function explainReset(situation: Situation, code: string): string {
  const reset = code === 'ECONNRESET' || code === 'EPIPE';
  const broke = reset ? `The client reset the TCP connection (${code})` : `The connection broke (${code})`;
  const usual =
    'its process ended, it ran into a time limit, or a firewall or proxy between cut the connection';
  switch (progressOf(situation)) {
    case 'nothing':
      return `${broke} before it sent a byte: a port check, or ${usual}.`;
    case 'part-of-hello':
      return `${broke} ${halfHello(situation)}: ${usual}.`;
    case 'hello':
      return `${broke} right after its ClientHello: ${usual}.`;
    case 'server-hello':
    case 'answered':
      return `${broke} in the middle of the handshake: ${usual}.`;
    case 'certificate':
      return `${broke} after it got our certificate: ${usual}; if it did not accept the certificate, ${doubtOf(situation)}.`;
  }
}

export function explainStall(situation: Situation, ms: number): string {
  const waited = `within ${ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`}`;
  switch (progressOf(situation)) {
    case 'nothing':
      return situation.mode === 'starttls'
        ? `We gave up: the client sent nothing ${waited} after STARTTLS was answered with 220; it has to begin the TLS handshake then.`
        : `We gave up: the client sent nothing ${waited}; it most likely waits for a plain-text greeting, so turn implicit TLS on in it (secure: true, SMTPS), or point it at the plain or STARTTLS port.`;
    case 'part-of-hello':
      return `We gave up: the client stopped ${halfHello(situation)} and did not complete it ${waited}; a proxy or a small MTU may hold back the rest.`;
    case 'hello':
    case 'server-hello':
      return `We gave up: the client did not go on ${waited} after its ClientHello; look for a hang in the client or a proxy that swallows our answer.`;
    case 'certificate':
      return `We gave up: the client did not answer our certificate ${waited}; it may be asking a person whether to accept it, or hang: ${doubtOf(situation)}.`;
    case 'answered':
      return `We gave up: the client did not complete the handshake ${waited}; look for a hang in the client or in a proxy between.`;
  }
}
