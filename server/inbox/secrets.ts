// Tokens and passwords that are made up, and the form in which a token is kept.
import { createHash, randomBytes } from 'node:crypto';

/** By it a token is known for one of ours before it is looked up. */
export const tokenPrefix = 'msk_';

export const newToken = (): string => tokenPrefix + randomBytes(32).toString('base64url');
export const newPassword = (): string => randomBytes(18).toString('base64url');
export const newInboxName = (): string => `i-${randomBytes(8).toString('hex')}`;

/** A token has 256 random bits, so a plain hash is enough; there is nothing to guess. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
