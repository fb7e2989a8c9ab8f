// What the record of a session does not hold, and its recorder knows.
import type { Refusal } from '../../transaction.ts';
import type { MailsFound } from './mail-detector.ts';

export interface Around {
  /** The first EHLO, STARTTLS or XCLIENT that was refused, and not accepted later. */
  turnedAway?: Refusal | undefined;
  /** Where the last DATA or BDAT was refused before any content. */
  refusedData?: number | undefined;
  /** Of the mails that have left memory already. */
  mails?: MailsFound | undefined;
}
