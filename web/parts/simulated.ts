// Whether what a session was refused with was simulated: then it is told once, by the fault that did it.
import type { AppliedFault } from '../../shared/fault.ts';
import type { FaultStage } from '../../shared/fault-stages.ts';
import { findRefusal } from '../../shared/refusal.ts';
import type { AuthAttempt, Session } from '../../shared/session.ts';
import type { Refusal } from '../../shared/transaction.ts';

/** `line`: null where the record keeps none. */
export type ToldRefusal = Omit<Refusal, 'line'> & { line: number | null };

/** The login of a session that failed with it. */
export const refusedLoginOf = ({ outcome, auth }: Session): AuthAttempt | undefined =>
  outcome === 'auth-failed' ? auth.findLast((attempt) => !attempt.ok) : undefined;

/** What a session is said to be refused with. */
export function refusalOf(session: Session): ToldRefusal | undefined {
  const login = refusedLoginOf(session);
  if (login) return login.cause;
  if (session.outcome !== 'refused') return undefined;
  const found = findRefusal(session.transactions);
  if (found || !session.refusal) return found;
  // Outside of a mail, as RCPT without MAIL.
  const { command, code, enhanced } = session.refusal;
  return { command, reply: { code, enhanced, text: '' }, line: null };
}

/** Of a command whose line the record does not keep; DATA in the place of its 354 is among them. */
const stages: Record<string, FaultStage> = {
  CONNECT: 'connect',
  EHLO: 'ehlo',
  HELO: 'ehlo',
  LHLO: 'ehlo',
  STARTTLS: 'starttls',
  DATA: 'data',
  BDAT: 'data',
};
const isOfMessage = ({ stage }: AppliedFault): boolean => stage === 'data' || stage === 'message';

type Faults = readonly AppliedFault[];
type Told = Pick<ToldRefusal, 'command' | 'line'>;

/** The fault stands right behind the line of the command, before the reply; between DATA and its reply is a message. */
const faultOfRefusal = (faults: Faults, { command, line }: Told): AppliedFault | undefined =>
  faults.find((fault) => {
    if (line === null) return fault.stage === stages[command];
    if (command === 'DATA' || command === 'BDAT') return isOfMessage(fault) && fault.line > line;
    return fault.line === line + 1;
  });

const faultOfLogin = (faults: Faults, { line }: Pick<AuthAttempt, 'line'>): AppliedFault | undefined =>
  faults.find((fault) => fault.stage === 'auth' && fault.line > line);

export const isRefusalSimulated = (faults: Faults, refusal: Told): boolean =>
  faultOfRefusal(faults, refusal) !== undefined;

export const isLoginSimulated = (faults: Faults, login: Pick<AuthAttempt, 'line'>): boolean =>
  faultOfLogin(faults, login) !== undefined;

/** What made the session fail, where it is known that a fault did. Others that it met may only have been slow. */
export function faultBehind(session: Session): AppliedFault | undefined {
  const faults = session.faultList ?? [];
  if (session.ended?.how === 'fault') return faults.at(-1);
  const login = refusedLoginOf(session);
  const refusal = refusalOf(session);
  return (login && faultOfLogin(faults, login)) ?? (refusal && faultOfRefusal(faults, refusal));
}
