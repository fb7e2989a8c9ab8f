// Where simulated failures come from, as the gate asks for them.
import type { FaultEnding } from '../../shared/fault.ts';
import type { FaultStage } from '../../shared/fault-stages.ts';
import type { Reply } from '../../shared/transaction.ts';

/** What is known at the moment; null: not yet. */
export interface FaultFacts {
  sessionId: string;
  transaction: number | null;
  ip: string;
  listener: string;
  client: string | null;
  user: string | null;
  from: string | null;
  /** At RCPT the address of the command, behind it those that were accepted. */
  to: string[];
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

export interface FaultSource {
  /** Cheap, so that facts are gathered only where somebody wants them. */
  awaits(stage: FaultStage): boolean;
  /** The failure that the moment meets; each call counts as one. With `afterBytes` it is not applied before `due`. */
  decide(stage: FaultStage, facts: FaultFacts): SimulatedFault | null;
  /** So many bytes have come. */
  due(fault: SimulatedFault): void;
  /** So many bytes do not come: it may meet another message. Nothing where it was due. */
  giveBack(fault: SimulatedFault): void;
}
