// What is wrong with TLS in a session: whether it came where it was due, and what ended a handshake.
import type { Found } from '../../finding.ts';
import type { Session } from '../../session.ts';
import type { TlsHandshake } from '../../tls.ts';
import { anomalyOf, evidenceOf } from './anomalies.ts';
import { findCertificateProblem } from './certificate.ts';
import { absentAfter, atLine, makeFound } from './found.ts';
import { hopOf, nearnessOf } from './peer.ts';

export function* findTlsConduct(session: Session): Generator<Found> {
  if (session.anomalyList.length > 0) {
    const clear = anomalyOf(session, 'plaintext-after-starttls');
    if (clear)
      yield makeFound('tls.plaintext-after-starttls', {
        confidence: 0.99,
        evidence: [evidenceOf(clear)],
        vars: { bytes: clear.count },
      });
    const early = anomalyOf(session, 'early-client-hello');
    if (early) yield makeFound('tls.early-client-hello', { confidence: 0.99, evidence: [evidenceOf(early)] });
  }
  for (const { ok, clientHello, sni, line, mode } of session.handshakes)
    if (ok && clientHello !== null && sni === null && mode !== 'unexpected')
      yield makeFound('tls.no-sni', { confidence: 0.99, evidence: [atLine(line)] });
}

const versionCodes = new Set(['UNSUPPORTED_PROTOCOL', 'WRONG_SSL_VERSION', 'VERSION_TOO_LOW']);
/** By the code of the TLS library without its start. */
const lacking: Readonly<Record<string, string>> = {
  NO_SHARED_CIPHER: 'cipher suite',
  NO_SUITABLE_KEY_SHARE: 'key exchange group',
  NO_SUITABLE_GROUPS: 'key exchange group',
  NO_SHARED_GROUP: 'key exchange group',
  NO_SHARED_GROUPS: 'key exchange group',
  NO_SUITABLE_SIGNATURE_ALGORITHM: 'signature algorithm',
  NO_SHARED_SIGNATURE_ALGORITHMS: 'signature algorithm',
  NO_APPLICATION_PROTOCOL: 'application protocol (ALPN)',
};

/** We ended it. */
function* findRefusedHandshake(handshake: TlsHandshake): Generator<Found> {
  const { failure, clientHello, line, mode } = handshake;
  const code = failure?.code?.replace(/^ERR_SSL_/, '') ?? '';
  const evidence = [atLine(line)];
  if (versionCodes.has(code)) {
    const offered = clientHello?.versions.filter((version) => version !== 'GREASE').join(', ');
    const vars = { versions: offered === undefined || offered === '' ? 'only old versions' : offered };
    yield makeFound('tls.version-too-old', { confidence: 0.95, evidence, vars });
  } else if (Object.hasOwn(lacking, code))
    yield makeFound('tls.nothing-in-common', { confidence: 0.95, evidence, vars: { what: lacking[code]! } });
  else if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT' && clientHello !== null)
    yield makeFound('tls.handshake-stalled', { confidence: 0.8, evidence });
  else if (mode === 'starttls' && clientHello === null && code !== '')
    yield makeFound('tls.no-handshake', {
      confidence: 0.9,
      evidence: [absentAfter(line, 'the ClientHello of TLS')],
      vars: {
        what:
          code === 'ERR_TLS_HANDSHAKE_TIMEOUT' ? 'the client sent nothing' : 'the client sent something else',
      },
    });
}

const ownFaults = new Set(['user_canceled', 'close_notify']);

/** The client ended it with an alert that is about no certificate. */
function* findAlertProblem({ line }: TlsHandshake, alert: string): Generator<Found> {
  const facts = { confidence: 0.9, evidence: [atLine(line)] };
  if (ownFaults.has(alert)) return;
  if (alert === 'protocol_version') yield makeFound('tls.version-refused', facts);
  else if (alert === 'handshake_failure' || alert === 'insufficient_security')
    yield makeFound('tls.nothing-in-common', { ...facts, vars: { what: 'cipher suite or kind of key' } });
  else yield makeFound('tls.client-error', { ...facts, vars: { alert } });
}

function* findHandshakeProblem(session: Session, handshake: TlsHandshake): Generator<Found> {
  const { failure, mode, line, sni } = handshake;
  if (failure === null) return;
  if (mode === 'unexpected') {
    yield makeFound('tls.implicit-on-plain', {
      confidence: 0.99,
      evidence: [atLine(line)],
      vars: { sni: sni === null ? '' : ` for ${sni}`, port: session.local.port, listener: session.listener },
    });
    return;
  }
  if (failure.by === 'server') return yield* findRefusedHandshake(handshake);
  if (failure.by !== 'client') return;
  const rejected = findCertificateProblem(session, handshake);
  if (rejected) yield rejected;
  else if (failure.alert !== null) yield* findAlertProblem(handshake, failure.alert);
}

/** The line behind which something that EHLO did not offer was missed. */
const lastHello = ({ ehlo }: Session): number | null => ehlo.at(-1)?.line ?? null;

function* findRefusedStartTls(session: Session): Generator<Found> {
  const { refusal, handshakes, local, listener } = session;
  if (refusal?.command !== 'STARTTLS') return;
  const isInside = handshakes.some(({ ok }) => ok);
  if (isInside)
    yield makeFound('tls.both-ways', {
      confidence: 0.95,
      evidence: [atLine(handshakes[0]!.line)],
      vars: { code: refusal.code },
    });
  else if (refusal.code === 502)
    yield makeFound('tls.starttls-not-offered', {
      confidence: 0.95,
      evidence: [absentAfter(lastHello(session), 'STARTTLS in the reply to EHLO')],
      vars: { code: refusal.code, port: local.port, listener },
    });
}

/** 530 and 538 of ours say so; 530 is also that of a missing login. */
function* findTlsRequired({ auth, transactions }: Session): Generator<Found> {
  const login = auth.find(({ code, secure }) => !secure && (code === 530 || code === 538));
  const mail = transactions.find(({ from: { reply } }) => reply?.code === 530 && /STARTTLS/.test(reply.text));
  const line = login?.line ?? mail?.from.line;
  if (line === undefined) return;
  const isOvercome =
    auth.some((one) => one.ok && one.line > line) ||
    transactions.some(({ outcome, firstLine }) => outcome === 'stored' && firstLine > line);
  const weight = isOvercome ? { severity: 'notice' as const } : {};
  if (login)
    yield makeFound('tls.required', {
      ...weight,
      confidence: 0.98,
      evidence: [atLine(login.line)],
      vars: { command: 'AUTH', code: login.code! },
    });
  else if (mail)
    yield makeFound('tls.required', {
      ...weight,
      confidence: 0.98,
      evidence: [atLine(mail.from.line)],
      vars: { command: 'MAIL', code: 530 },
    });
}

function* findUnusedStartTls(session: Session): Generator<Found> {
  const { tls, messages, ehlo } = session;
  if (tls !== null || messages === 0) return;
  const offer = ehlo.findLast(({ offered }) => offered.some(({ keyword }) => keyword === 'STARTTLS'));
  if (offer)
    yield makeFound('tls.starttls-unused', {
      severity: nearnessOf(hopOf(session).address) === 'far' ? 'notice' : 'info',
      confidence: 0.95,
      evidence: [absentAfter(offer.line, 'STARTTLS')],
    });
}

export function* findTlsProblems(session: Session): Generator<Found> {
  for (const handshake of session.handshakes) yield* findHandshakeProblem(session, handshake);
  yield* findRefusedStartTls(session);
  yield* findTlsRequired(session);
  yield* findUnusedStartTls(session);
}
