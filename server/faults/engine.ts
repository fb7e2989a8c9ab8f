// Which rule applies at a moment of a session.
import type { FaultRule } from '../../shared/fault.ts';
import type { FaultStage } from '../../shared/fault-stages.ts';
import type { Reply } from '../../shared/transaction.ts';

export interface FaultFacts {
  sessionId: string;
  ip: string;
  listener: string;
  client: string | null;
  user: string | null;
  from: string | null;
  to: string[];
  size: number | null;
}

export interface FaultDecision {
  id: string;
  name: string | null;
  stage: FaultStage;
  text: string;
  delayMs: number;
  reply: Reply | null;
  then: FaultRule['then'];
  afterBytes: number | null;
  without: string[];
}

export interface FaultEngine {
  set(rules: (FaultRule & { id: string })[]): void;
  decide(stage: FaultStage, facts: FaultFacts): FaultDecision | null;
  applied(id: string): { applied: number; atUs: number | null };
}

export function createFaultEngine(_options: {
  bounceAddresses: boolean;
  onApplied(id: string, sessionId: string, applied: number, atUs: number): void;
}): FaultEngine {
  return {
    set() {},
    decide: () => null,
    applied: () => ({ applied: 0, atUs: null }),
  };
}
