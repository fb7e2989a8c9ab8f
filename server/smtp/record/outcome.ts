// How a finished session is called, by the order that shared/session.ts gives.
import { wasToldOfError, type BriefRefusal } from '../../../shared/refusal.ts';
import type { Outcome, Session } from '../../../shared/session.ts';
import type { Refusal } from '../../../shared/transaction.ts';

/** What happened to any transaction of the session, also those no longer in memory. */
export interface TransactionMarks {
  /** The last of them. */
  refused: BriefRefusal | undefined;
  aborted: boolean;
  /** Refused commands for want of which others are refused, by the code of these: 503 without EHLO, 530 without STARTTLS. */
  causes: Partial<Record<number, Refusal>>;
  /** The first EHLO, STARTTLS or XCLIENT that was refused, and not accepted later. */
  turnedAway: Refusal | undefined;
  /** The last line when DATA or BDAT was refused before any content, the last time. */
  refusedData: number | undefined;
}

/** The refused EHLO, STARTTLS or XCLIENT with which the client gave up: it tried no login and no mail any more. */
export function whatTurnedAway(
  { auth, transactions }: Pick<Session, 'auth' | 'transactions'>,
  { turnedAway }: Pick<TransactionMarks, 'turnedAway'>,
): Refusal | undefined {
  if (turnedAway === undefined) return undefined;
  const wentOn =
    auth.some(({ line }) => line > turnedAway.line) ||
    transactions.some(({ firstLine }) => firstLine > turnedAway.line);
  return wentOn ? undefined : turnedAway;
}

export function decideOutcome(session: Session, marks: TransactionMarks): Outcome {
  const { ended, auth, handshakes } = session;
  if (session.messages > 0) return 'captured';
  if (handshakes.some((handshake) => !handshake.ok || handshake.failure)) return 'tls-failed';
  const failed = auth.some((attempt) => attempt.code !== null || wasToldOfError(attempt));
  if (failed && !auth.some((attempt) => attempt.ok)) return 'auth-failed';
  if (marks.refused || whatTurnedAway(session, marks)) return 'refused';
  if (ended?.how === 'limit' || ended?.how === 'fault') return 'refused';
  if (ended?.how === 'timeout') return 'timed-out';
  if (marks.aborted || auth.some((attempt) => attempt.code === null)) return 'aborted';
  return 'no-command';
}
