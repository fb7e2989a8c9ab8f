// How addresses are compared; a file of its own, since the page needs no more when it opens.

/**
 * For comparing. RFC 5321 2.4 lets a host tell upper and lower case of a local part apart; in practice none does.
 */
export const foldAddress = (address: string): string => address.trim().normalize('NFC').toLowerCase();
