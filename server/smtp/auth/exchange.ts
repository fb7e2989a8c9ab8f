// The words between the gate, which owns the connection, and the SASL mechanisms (RFC 4422, RFC 4954).
import type { SecretFacts } from '../../../shared/session.ts';
import type { Side } from '../../../shared/transcript.ts';

export interface AuthStepFacts {
  from: Side;
  what: string;
  decoded: Record<string, string>;
  problem: string | null;
}

export interface AuthExchange {
  /** Initial response exactly as sent after the mechanism name, or null. '=' means an empty one (RFC 4954 §4). */
  initial: string | null;
  /**
   * Sends `334 <text>` at once (already base64 or ''), resolves to the client's line without line ending (latin1),
   * or null when the client went away.
   */
  challenge(base64: string): Promise<string | null>;
  /** Describes the step just sent or received; the gate adds line number and time. Never with a secret in it. */
  describe(step: AuthStepFacts): void;
}

export interface Accounts {
  /** Any login is accepted, but for users whose password is known. */
  any: boolean;
  /** Password of a user, undefined when unknown. */
  password(user: string): string | undefined;
}

export interface AuthReply {
  code: number;
  enhanced: string;
  text: string;
}

export interface AuthVerdict {
  ok: boolean;
  /** Never null when ok. */
  user: string | null;
  authorizationId: string | null;
  reply: AuthReply;
  /** Why, as a sentence for a person. */
  reason: string;
  /** Null where the mechanism does not show the secret (CRAM-MD5, SCRAM). */
  secret: SecretFacts | null;
  /** The secret itself, for --record-credentials only; with `base64:` before it where it is not UTF-8. */
  credential: string | null;
}

export type Mechanism = (
  exchange: AuthExchange,
  accounts: Accounts,
  random: (n: number) => Buffer,
) => Promise<AuthVerdict>;
