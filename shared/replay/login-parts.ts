// What a client sent in AUTH is not kept. From the steps of the exchange it is known what stood there, so that it can
// be made again from a password.
import type { AuthAttempt, Session } from '../session.ts';

export type LoginPart =
  | { make: 'plain'; authorizationId: string; user: string }
  | { make: 'text'; text: string }
  | { make: 'password' }
  | { make: 'cram-md5'; user: string }
  | { make: 'xoauth2'; user: string }
  | { make: 'oauthbearer'; user: string }
  | { make: 'scram-first'; user: string }
  | { make: 'scram-final' }
  /** As it is to be sent, from the environment: nothing is known of it. */
  | { make: 'response'; line: number }
  | { make: 'nothing' };

/** Steps in which there is no secret. */
const harmless = new Set(['cancelled', 'user name', 'acknowledgement']);

function partOf(attempt: AuthAttempt, what: string, line: number): LoginPart {
  const user = attempt.user ?? '';
  switch (attempt.mechanism.toUpperCase()) {
    case 'PLAIN':
      return { make: 'plain', authorizationId: attempt.authorizationId ?? '', user };
    case 'LOGIN':
      return what === 'password' ? { make: 'password' } : { make: 'text', text: user };
    case 'CRAM-MD5':
      return { make: 'cram-md5', user };
    case 'XOAUTH2':
      return what === 'acknowledgement' ? { make: 'nothing' } : { make: 'xoauth2', user };
    case 'OAUTHBEARER':
      // RFC 7628 §3.2.3: a sole %x01 answers the error.
      return what === 'acknowledgement' ? { make: 'text', text: '\x01' } : { make: 'oauthbearer', user };
    case 'SCRAM-SHA-256':
      if (what === 'client-first-message') return { make: 'scram-first', user };
      return what === 'client-final-message' ? { make: 'scram-final' } : { make: 'nothing' };
    default:
      return { make: 'response', line };
  }
}

/** By line number: what stands there in place of asterisks, or of a recorded password. */
export function loginParts(session: Session): Map<number, LoginPart> {
  const parts = new Map<number, LoginPart>();
  for (const attempt of session.auth)
    for (const { from, line, what } of attempt.steps) {
      if (from !== 'client' || what === 'cancelled') continue;
      const isSecret = !harmless.has(what);
      // With an initial response the first step is on the line of AUTH itself; without one, the name is harmless.
      if (isSecret || line === attempt.line || attempt.mechanism.toUpperCase() !== 'LOGIN')
        parts.set(line, partOf(attempt, what, line));
    }
  return parts;
}
