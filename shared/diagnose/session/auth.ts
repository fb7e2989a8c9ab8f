// Logins: whether they were taken, whether the way of them is right. What is wrong with a password or user is told by
// credentials.ts.
import type { Found } from '../../finding.ts';
import { isCancelled, wasToldOfError } from '../../refusal.ts';
import type { AuthAttempt, EhloExchange, Session } from '../../session.ts';
import { findCredentialProblem } from './credentials.ts';
import { atLine, makeFound } from './found.ts';
import { hopOf, nearnessOf } from './peer.ts';

/** They send the secret itself. */
const showing = new Set(['PLAIN', 'LOGIN', 'XOAUTH2', 'OAUTHBEARER']);

export function* findCleartextLogin(session: Session): Generator<Found> {
  const { auth } = session;
  const login = auth.find(
    ({ secure, secret, mechanism }) => !secure && secret !== null && showing.has(mechanism),
  );
  if (!login) return;
  const hop = hopOf(session);
  const nearness = nearnessOf(hop.address);
  if (nearness === 'machine') return;
  yield makeFound('auth.cleartext', {
    // Within a network of containers it is customary.
    severity: nearness === 'network' ? 'notice' : 'warning',
    confidence: 0.95,
    evidence: [atLine(login.line)],
    vars: { peer: hop.address, mechanism: login.mechanism },
  });
}

const silence = 'said nothing more, until the connection was closed with 421';

const linesOf = ({ line, steps }: AuthAttempt) => [atLine(line, steps.at(-1)?.line)];

/** Null: the server ended it, and nothing is to be said. */
function findAbandoned({ ended }: Session, attempt: AuthAttempt): Found | null | undefined {
  const { code, mechanism } = attempt;
  const isOff = isCancelled(attempt);
  if (!isOff && (code !== null || wasToldOfError(attempt))) return undefined;
  const isTimeout = ended?.how === 'timeout';
  if (!isOff && ended?.by === 'server' && !isTimeout) return null;
  return makeFound('auth.abandoned', {
    confidence: isOff ? 0.9 : 0.7,
    evidence: linesOf(attempt),
    vars: {
      mechanism,
      what: isOff ? 'called it off with "*"' : isTimeout ? silence : 'left before it was over',
    },
  });
}

const offeredIn = (ehlo: readonly EhloExchange[], line: number): string[] =>
  ehlo
    .findLast((exchange) => exchange.line < line)
    ?.offered.find(({ keyword }) => keyword === 'AUTH')
    ?.params.split(' ') ?? [];

/** It was refused before its credentials were looked at; null: for a reason that is told elsewhere. */
function findWrongWay(session: Session, attempt: AuthAttempt): Found | null | undefined {
  const { code, mechanism, reason, line } = attempt;
  const { local, listener, ehlo } = session;
  if (code === 530 || code === 538 || attempt.cause) return null;
  const evidence = linesOf(attempt);
  const facts = { confidence: 0.97, evidence };
  const known = { code: code ?? 0, mechanism };
  if (code === 502)
    return makeFound('auth.not-offered', { ...facts, vars: { ...known, port: local.port, listener } });
  if (code === 504) {
    const offered = offeredIn(ehlo, line);
    return makeFound('auth.mechanism-not-offered', {
      ...facts,
      vars: { ...known, offered: offered.join(', ') || 'none' },
    });
  }
  if (code === 503)
    return /\b[EL]HLO\b/.test(reason)
      ? null
      : makeFound('auth.out-of-order', { ...facts, vars: { ...known, why: reason.replace(/\.$/, '') } });
  if (code !== 501 && code !== 500) return undefined;
  const problem = attempt.steps.findLast((step) => step.problem !== null);
  // A line break behind it is no other form of the user, but of what was put in.
  if (/control character U\+000[AD]/.test(problem?.problem ?? ''))
    return makeFound('auth.whitespace', { ...facts, vars: { what: 'user name', user: '' } });
  if (problem?.problem?.startsWith('Invalid base64'))
    return makeFound('auth.bad-encoding', {
      ...facts,
      vars: { ...known, step: problem.what, problem: problem.problem },
    });
  return makeFound('auth.malformed', { ...facts, vars: { ...known, problem: problem?.problem ?? reason } });
}

function findLoginProblem(session: Session, attempt: AuthAttempt): Found | undefined {
  const problem = attempt.ok ? undefined : findAbandoned(session, attempt);
  if (problem !== undefined) return problem ?? undefined;
  const wrong = attempt.ok ? undefined : findWrongWay(session, attempt);
  return wrong === undefined ? findCredentialProblem(attempt) : (wrong ?? undefined);
}

/** A later login was accepted; a key of production has been shown all the same. */
const asOvercome = (found: Found): Found =>
  found.rule === 'auth.provider-account' || found.severity === 'info'
    ? found
    : { ...found, severity: 'notice' };

export function* findLoginProblems(session: Session): Generator<Found> {
  const { auth, transactions } = session;
  // Several mechanisms are tried in turn by some clients.
  const lastGood = auth.findLastIndex(({ ok }) => ok);
  for (const [index, attempt] of auth.entries()) {
    const found = findLoginProblem(session, attempt);
    if (found) yield index < lastGood ? asOvercome(found) : found;
  }
  const mail = transactions.find(
    ({ from: { reply } }) => reply?.code === 530 && !/STARTTLS/.test(reply.text),
  );
  if (mail && auth.length === 0)
    yield makeFound('auth.required', {
      confidence: 0.97,
      evidence: [atLine(mail.from.line)],
      vars: { code: 530 },
    });
}
