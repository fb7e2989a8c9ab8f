// What a session was refused: the command that was not accepted, with its reply.
import { isRefusal, isRefused } from './session-failures.ts';
import type { AuthAttempt, Session, SessionSummary } from './session.ts';
import type { Refusal, Transaction } from './transaction.ts';

/** Of the last mail of a session the first command that was not accepted; also one before MAIL that was its cause. */
export function findRefusal(transactions: readonly Transaction[]): Refusal | undefined {
  const last = transactions.at(-1);
  if (!last) return undefined;
  const { cause, from, recipients, data, reply, firstLine } = last;
  if (cause) return cause;
  const address = [from, ...recipients].find(isRefused);
  if (address?.reply)
    return {
      command: address === from ? 'MAIL FROM' : 'RCPT TO',
      reply: address.reply,
      line: address.line,
    };
  return isRefusal(reply)
    ? { command: data?.command ?? 'DATA', reply, line: data?.line ?? firstLine }
    : undefined;
}

/** As the summary of a session has it. */
export type BriefRefusal = NonNullable<SessionSummary['refusal']>;

export const brief = ({ command, reply: { code, enhanced } }: Omit<Refusal, 'line'>): BriefRefusal => ({
  command,
  code,
  enhanced,
});

export function briefRefusal(transactions: readonly Transaction[]): BriefRefusal | undefined {
  const found = findRefusal(transactions);
  return found && brief(found);
}

/** The client itself called the login off; behind the error of a refused token that is how it answers (RFC 7628 3.2.3). */
export const isCancelled = ({ ok, steps }: AuthAttempt): boolean =>
  !ok && steps.at(-1)?.what === 'cancelled' && steps.at(-2)?.what !== 'error';

/** Its token was refused by a challenge; many clients leave then, without the 535 that would follow (RFC 7628 3.2.3). */
export const wasToldOfError = ({ ok, steps }: AuthAttempt): boolean =>
  !ok && steps.some(({ what }) => what === 'error');

function loginRefusal(auth: readonly AuthAttempt[]): BriefRefusal | undefined {
  const attempt = auth.findLast(({ code }) => code !== null);
  if (attempt?.code == null) return undefined;
  if (attempt.cause) return brief(attempt.cause);
  const refusal = { command: 'AUTH', code: attempt.code, enhanced: null };
  return isCancelled(attempt) ? { ...refusal, cancelled: true } : refusal;
}

/** What the summary says of a session, by its outcome; `last` is what was refused last, also outside of a transaction. */
export function summarizeRefusal(
  { outcome, auth, transactions }: Session,
  last: BriefRefusal | undefined,
): BriefRefusal | undefined {
  if (outcome === 'auth-failed') return loginRefusal(auth);
  return outcome === 'refused' ? (briefRefusal(transactions) ?? last) : undefined;
}
