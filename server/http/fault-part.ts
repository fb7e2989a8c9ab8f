// What the HTTP side needs of the rules by which failures are simulated.
import type { Fault, FaultChanges, FaultInput } from '../../shared/fault.ts';

/** All throw MailscopeError. */
export interface FaultPart {
  list(): Fault[];
  read(id: string): Fault;
  create(input: FaultInput): Promise<Fault>;
  change(id: string, changes: FaultChanges): Promise<Fault>;
  remove(id: string): Promise<void>;
  removeAll(which: { ids: string[] } | { all: true }): Promise<number>;
}
