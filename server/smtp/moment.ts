// Where a session was when it ended, in the words of whoever reads why.
import { knownVerbs } from './command.ts';
import type { Connection } from './connection.ts';

/** Goes behind a verb: "The client left in the middle of mail 2, after RCPT." */
export function momentOf({ recorder, transactions, lastVerb }: Connection): string {
  const { session, phase } = recorder;
  if (phase === 'handshake') return 'during the TLS handshake';
  if (phase === 'auth') return 'during the login';
  // What is no command may be a secret.
  const last = knownVerbs.has(lastVerb) ? lastVerb : 'its last command';
  const { current } = transactions;
  if (current && lastVerb === '') return `while the content of mail ${current.n} was coming`;
  if (current) return `in the middle of mail ${current.n}, after ${last}`;
  if (session.commands === 0) return 'before its first command';
  return session.messages > 0 && lastVerb === '' ? 'after a message' : `after ${last}`;
}
