// What failed in a session, in sentences: for agents, and for tests that wait for a message that cannot come.
import type { Session } from './session.ts';
import { formatReply } from './smtp-text.ts';
import type { EnvelopeAddress, Reply } from './transaction.ts';

export interface SessionFailure {
  line: number | null;
  text: string;
}

export const isRefusal = (reply: Reply | null): reply is Reply => reply !== null && reply.code >= 400;
export const isRefused = ({ reply }: EnvelopeAddress): boolean => isRefusal(reply);

/** Once, whatever was refused for want of it. */
function* causesOf({
  auth,
  transactions,
}: Pick<Session, 'auth' | 'transactions'>): Generator<SessionFailure> {
  const causes = [...auth, ...transactions].flatMap(({ cause }) => cause ?? []);
  for (const { line, command, reply } of new Map(causes.map((one) => [one.line, one] as const)).values())
    yield { line, text: `${command} was refused: ${formatReply(reply)}` };
}

/** TLS before what others were refused for want of, before AUTH, before transactions, before what was simulated. */
export function* failuresOf({
  handshakes,
  auth,
  transactions,
  faultList = [],
}: Pick<Session, 'handshakes' | 'auth' | 'transactions' | 'faultList'>): Generator<SessionFailure> {
  for (const { failure, line, mode } of handshakes)
    if (failure) yield { line, text: `TLS (${mode}) failed: ${failure.text}` };
  yield* causesOf({ auth, transactions });
  for (const { ok, line, mechanism, reason } of auth)
    if (!ok) yield { line, text: `AUTH ${mechanism} failed: ${reason}` };
  for (const { n, from, recipients, reply, lastLine } of transactions) {
    for (const { address, line, reply: refusal } of [from, ...recipients])
      if (isRefusal(refusal))
        yield { line, text: `Transaction ${n}: <${address}> was refused: ${formatReply(refusal)}` };
    // Of a refused MAIL that is its own reply.
    if (isRefusal(reply) && !isRefused(from))
      yield { line: lastLine, text: `Transaction ${n}: the message was refused: ${formatReply(reply)}` };
  }
  for (const { line, name, text } of faultList)
    yield { line, text: `Simulated failure${name === null ? '' : ` "${name}"`}: ${text}` };
}
