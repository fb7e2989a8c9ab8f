// The SASL mechanisms by name, and which of the client's lines carry a secret.
import { isUtf8 } from 'node:buffer';
import { parseBase64 } from './base64.ts';
import { cramMd5 } from './cram-md5.ts';
import type { Mechanism } from './exchange.ts';
import { login } from './login.ts';
import { oauthbearer } from './oauthbearer.ts';
import { plain } from './plain.ts';
import { scramSha256 } from './scram-sha-256.ts';
import { xoauth2 } from './xoauth2.ts';

export type { Accounts, AuthExchange, AuthVerdict, Mechanism } from './exchange.ts';

/** Without a prototype, so that `AUTH CONSTRUCTOR` finds nothing. */
export const mechanisms: Record<string, Mechanism> = Object.assign(Object.create(null), {
  PLAIN: plain,
  LOGIN: login,
  'CRAM-MD5': cramMd5,
  XOAUTH2: xoauth2,
  OAUTHBEARER: oauthbearer,
  'SCRAM-SHA-256': scramSha256,
});

/** What the first response is where it holds no secret. */
const publicFirst: Record<string, ((bytes: Buffer) => boolean) | undefined> = Object.assign(
  Object.create(null) as object,
  {
    LOGIN: (bytes: Buffer) => isUtf8(bytes) && bytes.every((byte) => byte >= 0x20),
    'SCRAM-SHA-256': (bytes: Buffer) => /^[nyp][,=]/.test(bytes.toString('latin1')),
  },
);

/**
 * Whether the client's response must be masked. `stepIndex` counts its responses from 0, the initial one included.
 * Given the response, one that has no place there, such as a PLAIN message sent to LOGIN or a password that is not
 * encoded, counts as secret too.
 */
export const secretStep = (mechanism: string, stepIndex: number, response?: string): boolean => {
  if (stepIndex !== 0) return true;
  const isPublic = publicFirst[mechanism.toUpperCase()];
  if (!isPublic) return true;
  if (response === undefined) return false;
  const { bytes } = parseBase64(response);
  return bytes === null || !isPublic(bytes);
};
