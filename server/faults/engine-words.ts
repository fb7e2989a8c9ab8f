// What the engine is asked and what it answers.
import type { FaultEnding } from '../../shared/fault.ts';
import type { FaultStage } from '../../shared/fault-stages.ts';
import type { Reply } from '../../shared/transaction.ts';

/** What is known of the session at the moment; null: not yet. */
export interface FaultFacts {
  sessionId: string;
  /** Its number in the session. */
  transaction: number | null;
  ip: string;
  listener: string;
  client: string | null;
  user: string | null;
  /** Empty: the null sender. */
  from: string | null;
  /** At RCPT the address of the command, behind it the accepted ones. */
  to: string[];
  /** Bytes of the message, or as its SIZE says. */
  size: number | null;
}

export interface FaultDecision {
  id: string;
  name: string | null;
  stage: FaultStage;
  /** What is done, as a sentence. */
  text: string;
  delayMs: number;
  /** A text of several lines has \n between them. */
  reply: Reply | null;
  then: FaultEnding;
  afterBytes: number | null;
  without: string[];
}
