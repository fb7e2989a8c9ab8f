// How the mails of a session are looked at.
import type { Found } from '../../finding.ts';
import type { Session } from '../../session.ts';
import type { Transaction } from '../../transaction.ts';
import type { Placed } from './symptoms.ts';

/** What is around a mail. */
export interface Mails {
  session: Session;
  /** Whether a mail behind number `n` was stored for this address. */
  isLaterStored(address: string, n: number): boolean;
}

/** Looks for one kind of problem in a mail that has ended; its recipients may be but the first ones. */
export type MailDetector = (transaction: Transaction, mails: Mails) => Iterable<Found>;

/** What came of it. */
export interface MailsFound {
  /** Each mail once: as it leaves memory, and those that are left in the end. */
  look(transactions: readonly Transaction[], session: Session): void;
  /** What the client did by itself, whatever we answered. */
  readonly conduct: readonly Placed[];
  /** How it went: with a simulated failure in the session, that may be the cause. */
  readonly course: readonly Placed[];
}
