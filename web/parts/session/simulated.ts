// Whether what a session was refused with was simulated: then it is told once, by the fault that did it.
import type { AppliedFault } from '../../../shared/fault.ts';
import type { FaultStage } from '../../../shared/fault-stages.ts';
import type { AuthAttempt } from '../../../shared/session.ts';

/** Commands outside of a mail, of which the record keeps no line. */
const stages: Record<string, FaultStage> = { CONNECT: 'connect', EHLO: 'ehlo', STARTTLS: 'starttls' };

/** Where the line of the command is known, the fault stands right behind it, before the reply. */
export const isRefusalSimulated = (
  faults: readonly AppliedFault[],
  { command, line }: { command: string; line: number | null },
): boolean =>
  faults.some((fault) => (line === null ? fault.stage === stages[command] : fault.line === line + 1));

export const isLoginSimulated = (
  faults: readonly AppliedFault[],
  { line }: Pick<AuthAttempt, 'line'>,
): boolean => faults.some((fault) => fault.stage === 'auth' && fault.line > line);
