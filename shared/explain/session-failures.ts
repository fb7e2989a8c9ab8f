// What failed in a session, in sentences: for agents, and for tests that wait for a message that cannot come.
import type { Session } from '../session.ts';
import type { EnvelopeAddress, Reply } from '../transaction.ts';

export interface SessionFailure {
  line: number | null;
  text: string;
}

export const isRefusal = (reply: Reply | null): reply is Reply => reply !== null && reply.code >= 400;
export const isRefused = ({ reply }: EnvelopeAddress): boolean => isRefusal(reply);
export const replyText = ({ code, enhanced, text }: Reply): string =>
  [code, enhanced, text].filter(Boolean).join(' ');

/** TLS before AUTH before transactions. */
export function* failuresOf({
  handshakes,
  auth,
  transactions,
}: Pick<Session, 'handshakes' | 'auth' | 'transactions'>): Generator<SessionFailure> {
  for (const { failure, line, mode } of handshakes)
    if (failure) yield { line, text: `TLS (${mode}) failed: ${failure.text}` };
  for (const { ok, line, mechanism, reason } of auth)
    if (!ok) yield { line, text: `AUTH ${mechanism} failed: ${reason}` };
  for (const { n, from, recipients, reply, lastLine } of transactions) {
    for (const { address, line, reply: refusal } of [from, ...recipients])
      if (isRefusal(refusal))
        yield { line, text: `Transaction ${n}: <${address}> was refused: ${replyText(refusal)}` };
    if (isRefusal(reply))
      yield { line: lastLine, text: `Transaction ${n}: the message was refused: ${replyText(reply)}` };
  }
}
