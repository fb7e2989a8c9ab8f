// Logins: whether they were taken, whether the way of them is right. What is wrong with a password or user is told by
// credentials.ts.
import type { Found } from '../../finding.ts';
import { isCancelled, wasToldOfError } from '../../refusal.ts';
import type { AuthAttempt, EhloExchange, Session } from '../../session.ts';
import { findCredentialProblem } from './credentials.ts';
import { atLine, makeFound } from './found.ts';
import { nearnessOf } from './peer.ts';

/** They send the secret itself. */
const showing = new Set(['PLAIN', 'LOGIN', 'XOAUTH2', 'OAUTHBEARER']);

export function* findCleartextLogin({ auth, peer }: Session): Generator<Found> {
  const login = auth.find(
    ({ secure, secret, mechanism }) => !secure && secret !== null && showing.has(mechanism),
  );
  if (!login) return;
  const nearness = nearnessOf(peer.address);
  if (nearness === 'machine') return;
  yield makeFound('auth.cleartext', {
    // Within a network of containers it is customary.
    severity: nearness === 'network' ? 'notice' : 'warning',
    confidence: 0.95,
    evidence: [atLine(login.line)],
    vars: { peer: peer.address, mechanism: login.mechanism },
  });
}

const linesOf = ({ line, steps }: AuthAttempt) => [atLine(line, steps.at(-1)?.line)];

function findAbandoned(attempt: AuthAttempt): Found | undefined {
  const { code, mechanism } = attempt;
  const isOff = isCancelled(attempt);
  if (!isOff && (code !== null || wasToldOfError(attempt))) return undefined;
  return makeFound('auth.abandoned', {
    confidence: isOff ? 0.9 : 0.7,
    evidence: linesOf(attempt),
    vars: { mechanism, what: isOff ? 'called it off with "*"' : 'left before it was over' },
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
    return /EHLO/.test(reason)
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

export function* findLoginProblems(session: Session): Generator<Found> {
  const { auth, transactions } = session;
  // Several mechanisms are tried in turn by some clients.
  const isInTheEnd = auth.some(({ ok }) => ok);
  for (const attempt of auth) {
    const found = attempt.ok ? undefined : (findAbandoned(attempt) ?? findWrongWay(session, attempt));
    if (found) yield found;
    if (found === undefined) {
      const wrong = findCredentialProblem(attempt, isInTheEnd);
      if (wrong) yield wrong;
    }
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
