// Where simulated failures come from, as the gate asks for them.
import type { FaultFacts, SimulatedFault } from '../../shared/fault-moment.ts';
import type { FaultStage } from '../../shared/fault-stages.ts';

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
