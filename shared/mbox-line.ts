// What tells the "From " line of an mbox file, an envelope of the file, from the first field of a header.

/** As many bytes as must be looked at. */
export const mboxLineLook = 1000;

/** White space is allowed before the colon of a field (RFC 5322 4.5): `From :` begins one. */
export const isMboxLine = (beginning: string): boolean => /^From (?![ \t]{0,900}:)/.test(beginning);
