// The "From " line of an mbox file that may stand before a header: no field.
import { isMboxLine, mboxLineLook } from '../../shared/mbox-line.ts';

/** Where the header begins. */
export const skipMboxLine = (raw: Buffer): number =>
  isMboxLine(raw.toString('latin1', 0, mboxLineLook)) ? raw.indexOf(10) + 1 || raw.length : 0;

/** The same in a text. */
export const skipMboxText = (text: string): number =>
  isMboxLine(text) ? text.indexOf('\n') + 1 || text.length : 0;
