// Puts together what is recorded about a handshake: from the wire, from the TLS socket and from our own setup.
import type { TLSSocket } from 'node:tls';
import type { Certificate, ClientHello, TlsHandshake } from '../../../shared/tls.ts';
import { steadyUs } from '../../clock.ts';
import { certificateFacts, explainVerifyError } from './certificate-facts.ts';
import { findReceivedCode, type FailedEnding } from './ending.ts';
import { explainFailure, explainUnexpectedHello } from './explain.ts';
import { alertName } from './names.ts';
import type { TlsWire } from './wire.ts';

type Facts = Omit<TlsHandshake, 'line' | 'atUs'>;

interface Course {
  mode: 'implicit' | 'starttls';
  openedUs: number;
  startedUs: number;
  wire: TlsWire;
  certificates: Certificate[];
  minVersion: string;
  maxVersion: string;
}

export function secureFacts(course: Course, socket: TLSSocket): Facts {
  const facts = wireFacts(course);
  return {
    ...facts,
    ok: true,
    version: socket.getProtocol() ?? facts.version,
    cipher: socket.getCipher()?.standardName ?? facts.cipher,
    alpn: socket.alpnProtocol || null,
    resumed: socket.isSessionReused(),
    clientCertificate: clientCertificate(socket),
  };
}

export function failureFacts(course: Course, ending: FailedEnding): Facts {
  const facts = wireFacts(course);
  const failure = explainFailure({ ...course, ending, nowMs: Date.now() });
  const code = findReceivedCode(ending);
  // An encrypted alert: the wire did not see what it was.
  if (code !== null && !facts.alerts.some((alert) => alert.from === 'client' && alert.code === code))
    facts.alerts.push({
      from: 'client',
      level: 'fatal',
      code,
      name: alertName(code),
      atUs: sinceOpen(course, steadyUs()),
    });
  return { ...facts, failure };
}

/** A ClientHello on a port where TLS does not come first; `atUs` counts from the opening of the session. */
export function unexpectedFacts(hello: ClientHello | null, atUs: number): Facts {
  return {
    ...nothing,
    mode: 'unexpected',
    clientHello: hello,
    sni: hello?.sni ?? null,
    steps: hello ? [{ from: 'client', atUs, name: 'ClientHello', bytes: hello.bytes }] : [],
    failure: { code: null, alert: null, by: 'server', text: explainUnexpectedHello(hello) },
  };
}

const nothing: Omit<Facts, 'mode'> = {
  durationUs: 0,
  ok: false,
  clientHello: null,
  helloRetry: false,
  version: null,
  cipher: null,
  group: null,
  alpn: null,
  sni: null,
  resumed: false,
  certificates: [],
  clientCertificate: null,
  alerts: [],
  steps: [],
  failure: null,
};

function wireFacts(course: Course): Facts {
  const { wire } = course;
  return {
    ...nothing,
    mode: course.mode,
    durationUs: steadyUs() - course.startedUs,
    clientHello: wire.clientHello,
    helloRetry: wire.helloRetry,
    version: wire.serverHello?.version ?? null,
    cipher: wire.serverHello?.cipher ?? null,
    group: wire.group,
    sni: wire.clientHello?.sni ?? null,
    certificates: wire.certificateSent ? course.certificates : [],
    alerts: wire.alerts.map((alert) => ({ ...alert, atUs: sinceOpen(course, alert.atUs) })),
    steps: wire.steps.map((step) => ({ ...step, atUs: sinceOpen(course, step.atUs) })),
  };
}

const sinceOpen = ({ openedUs }: Course, atUs: number): number => Math.max(0, atUs - openedUs);

/** `authorized` is true on a resumed session without any certificate, so that is asked first. */
function clientCertificate(socket: TLSSocket): Facts['clientCertificate'] {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return null;
  const problem: unknown = socket.authorizationError;
  const trusted = socket.authorized;
  return {
    ...certificateFacts(certificate),
    trusted,
    problem: trusted ? null : explainVerifyError(String(problem)),
  };
}
