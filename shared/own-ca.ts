// What tells a certificate of the local CA that Mailscope makes itself from one that it was given.

/** Begins the common name of the CA. */
export const ownCaName = 'Mailscope local CA';

export const isOfOwnCa = ({ issuer }: { issuer: string }): boolean => issuer.includes(`CN=${ownCaName} `);
