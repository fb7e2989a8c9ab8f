// The "From " line of an mbox file that may stand before a header: an envelope of the file, not a field.

/** White space is allowed before the colon of a field (RFC 5322 §4.5): `From :` begins one. */
const isMboxLine = (beginning: string): boolean => /^From (?![ \t]{0,900}:)/.test(beginning);

/** Where the header begins. */
export const skipMboxLine = (raw: Buffer): number =>
  isMboxLine(raw.toString('latin1', 0, 1000)) ? raw.indexOf(10) + 1 || raw.length : 0;

/** The same in a text. */
export const skipMboxText = (text: string): number =>
  isMboxLine(text) ? text.indexOf('\n') + 1 || text.length : 0;
