// A moment of a session at which a failure may be simulated, and what is done there: what the gate asks and is answered.
import type { FaultEnding } from './fault.ts';
import type { FaultStage } from './fault-stages.ts';
import type { Reply } from './transaction.ts';

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

export interface SimulatedFault {
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
