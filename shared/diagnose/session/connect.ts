// Connections on which no SMTP was spoken, or that held on for too long.
import type { Found } from '../../finding.ts';
import type { Session } from '../../session.ts';
import { anomalyOf, evidenceOf } from './anomalies.ts';
import { isStalled } from './data.ts';
import { absentAfter, atLine, makeFound } from './found.ts';

export function* findEarlyTalk(session: Session): Generator<Found> {
  const early = anomalyOf(session, 'early-talker');
  if (early) yield makeFound('connect.early-talker', { confidence: 0.99, evidence: [evidenceOf(early)] });
}

function* findErrors(session: Session): Generator<Found> {
  const errors = anomalyOf(session, 'too-many-errors');
  if (errors) yield makeFound('connect.too-many-errors', { confidence: 0.9, evidence: [evidenceOf(errors)] });
}

/** Longer than this no check of a port waits. */
const patientUs = 1_000_000;

/** On a port that begins with TLS nothing came: it is a check, or waits for a greeting. */
const waitedInVain = ({ handshakes, bytesIn, durationUs }: Session): boolean =>
  bytesIn === 0 &&
  (durationUs ?? 0) >= patientUs &&
  handshakes.length > 0 &&
  handshakes.every(({ mode, clientHello }) => mode === 'implicit' && clientHello === null);

function* findForeignProtocol(session: Session): Generator<Found> {
  const { local, handshakes } = session;
  const http = anomalyOf(session, 'http-on-smtp-port');
  const proxy = anomalyOf(session, 'proxy-header-unexpected');
  if (http)
    yield makeFound('connect.http', {
      confidence: 0.99,
      evidence: [evidenceOf(http)],
      vars: { port: local.port },
    });
  if (proxy) yield makeFound('connect.proxy-header', { confidence: 0.99, evidence: [evidenceOf(proxy)] });
  const foreign = anomalyOf(session, 'plaintext-on-tls-port');
  if (!foreign) return;
  const text = handshakes[0]?.failure?.text ?? '';
  const facts = { confidence: 0.95, evidence: [evidenceOf(foreign)] };
  // The sentence of the handshake says what the bytes were.
  if (/HTTP request/.test(text)) yield makeFound('connect.http', { ...facts, vars: { port: local.port } });
  else if (/PROXY protocol/.test(text)) yield makeFound('connect.proxy-header', facts);
  else
    yield makeFound('tls.plain-on-implicit', { ...facts, vars: plainVars(session, 'spoke in clear text') });
}

const plainVars = ({ local, listener }: Session, what: string): Found['vars'] => ({
  port: local.port,
  listener,
  what,
});

/** How the session says that it was one connection too many. */
const tooMany = /^There were too many connections/;

export function* findConnectProblems(session: Session): Generator<Found> {
  const { ended, commands, bytesIn, handshakes, lines, peer } = session;
  // The last line says how it ended, the one before it is our 421 if there was one.
  const goodbye = Math.max(0, lines - 2);
  if (session.anomalyList.length > 0) {
    yield* findErrors(session);
    yield* findForeignProtocol(session);
  }
  if (ended?.how === 'limit' && tooMany.test(ended.text))
    yield makeFound('connect.too-many', { confidence: 0.99, evidence: [atLine(goodbye)] });
  if (
    ended?.how === 'timeout' &&
    ended.by === 'server' &&
    !isStalled(session) &&
    handshakes.every(({ ok }) => ok)
  ) {
    if (ended.phase === 'handshake')
      yield makeFound('tls.plain-on-implicit', {
        severity: 'warning',
        confidence: 0.7,
        evidence: [absentAfter(null, 'the ClientHello of TLS'), atLine(goodbye)],
        vars: plainVars(session, 'sent nothing, and was told so by a 421'),
      });
    else
      yield makeFound('connect.idle', {
        confidence: 0.9,
        evidence: [absentAfter(Math.max(0, goodbye - 1), 'a further command')],
      });
  }
  if (commands > 0 || bytesIn > 0 || ended?.by !== 'client') return;
  if (waitedInVain(session))
    yield makeFound('tls.plain-on-implicit', {
      severity: 'notice',
      confidence: 0.5,
      evidence: [absentAfter(null, 'the ClientHello of TLS')],
      vars: plainVars(session, 'sent nothing and left after a while, as a mere check of the port does too'),
    });
  else
    yield makeFound('connect.port-probe', {
      confidence: 0.8,
      evidence: [absentAfter(lines > 1 ? 0 : null, 'a command')],
      vars: { peer: peer.address, when: 'without sending a byte' },
    });
}
