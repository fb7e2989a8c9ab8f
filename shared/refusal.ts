// What a session was refused: the command that was not accepted, with its reply.
import { isRefusal, isRefused } from './explain/session-failures.ts';
import type { Session, SessionSummary } from './session.ts';
import type { Reply, Transaction } from './transaction.ts';

/** In a session: with the line of the command. */
export interface Refusal {
  command: string;
  reply: Reply;
  line: number;
}

/** Of the last mail of a session the first command that was not accepted. */
export function findRefusal(transactions: readonly Transaction[]): Refusal | undefined {
  const last = transactions.at(-1);
  if (!last) return undefined;
  const { from, recipients, data, reply, firstLine } = last;
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

export function briefRefusal(transactions: readonly Transaction[]): BriefRefusal | undefined {
  const found = findRefusal(transactions);
  return found && { command: found.command, code: found.reply.code, enhanced: found.reply.enhanced };
}

/** What the summary says of a session, by its outcome; `last` is what was refused last, also outside of a transaction. */
export function summarizeRefusal(
  { outcome, auth, transactions }: Session,
  last: BriefRefusal | undefined,
): BriefRefusal | undefined {
  if (outcome === 'auth-failed') {
    const code = auth.findLast((attempt) => attempt.code !== null)?.code;
    return code == null ? undefined : { command: 'AUTH', code, enhanced: null };
  }
  return outcome === 'refused' ? (briefRefusal(transactions) ?? last) : undefined;
}
