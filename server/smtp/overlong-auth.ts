// An AUTH command with a response that is longer than any line may be: a login that failed, of which nothing was read.
import { shownMechanism } from './auth/mask.ts';
import type { Connection } from './connection.ts';
import { markUsed, recordAttempt } from './facts.ts';
import { replies } from './replies.ts';

/** By the start of an overlong line. */
export function findOverlongAuth(
  start: Buffer,
  recordsCredentials: boolean,
): { mechanism: string } | undefined {
  const found = /^auth[ \t=]+(?:(\S{1,40})[ \t])?/i.exec(start.toString('latin1', 0, 80));
  return found ? { mechanism: shownMechanism(found[1] ?? '', recordsCredentials) } : undefined;
}

/** RFC 4954 6: as an overlong response is answered. */
export async function refuseOverlongAuth(
  connection: Connection,
  line: number,
  mechanism: string,
): Promise<void> {
  const { recorder } = connection;
  const { session, secure } = recorder;
  const refusal = replies.authLineTooLong;
  recordAttempt(connection, {
    ...{ mechanism, line, secure, initialResponse: true, steps: [], user: null, authorizationId: null },
    ...{ secret: null, credential: null, ok: false, code: refusal.code },
    reason: `${refusal.text} (RFC 4954 section 4).`,
  });
  if (mechanism !== '') session.mechanism = mechanism;
  markUsed(connection, 'AUTH');
  connection.errors++;
  await connection.answer(refusal);
  recorder.settlePhase();
  recorder.changed();
}
