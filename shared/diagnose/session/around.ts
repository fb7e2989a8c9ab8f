// What the record of a session does not hold, and its recorder knows.
import type { Refusal } from '../../transaction.ts';

export interface Around {
  /** The first EHLO, STARTTLS or XCLIENT that was refused, and not accepted later. */
  turnedAway?: Refusal | undefined;
}
