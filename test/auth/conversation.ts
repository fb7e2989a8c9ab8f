// Plays the client of an AUTH exchange and keeps what the mechanism sent and described.
import type { Accounts, AuthVerdict, AuthStepFacts } from '../../server/smtp/auth/exchange.ts';
import { mechanisms } from '../../server/smtp/auth/mechanisms.ts';

/** A line, or what makes one of the decoded challenge; null leaves. */
export type ClientLine = string | null | ((challenge: string) => string);

export interface Conversation {
  verdict: AuthVerdict;
  /** Challenges, decoded. */
  challenges: string[];
  steps: AuthStepFacts[];
  /** Lines that the client did not get to send. */
  unsent: number;
}

export const base64 = (text: string | Buffer): string => Buffer.from(text as string).toString('base64');

export const anyLogin: Accounts = { any: true, password: () => undefined };
export const onlyJoe: Accounts = {
  any: false,
  password: (user) =>
    new Map([
      ['joe', 'pencil'],
      ['jürgen', 'schlüssel'],
      ['user', 'pencil'],
    ]).get(user),
};

/** Bytes that are the same in each run. */
const counting = (n: number): Buffer => Buffer.from(Array.from({ length: n }, (_, i) => i));

export async function converse(
  mechanism: string,
  initial: string | null,
  lines: ClientLine[] = [],
  accounts: Accounts = onlyJoe,
): Promise<Conversation> {
  const challenges: string[] = [];
  const steps: AuthStepFacts[] = [];
  const left = [...lines];
  const run = mechanisms[mechanism];
  if (!run) throw new Error(`no mechanism ${mechanism}`);
  const verdict = await run(
    {
      initial,
      challenge(text) {
        const decoded = Buffer.from(text, 'base64').toString();
        challenges.push(decoded);
        if (left.length === 0) throw new Error(`unexpected challenge ${JSON.stringify(decoded)}`);
        const line = left.shift() ?? null;
        return Promise.resolve(typeof line === 'function' ? line(decoded) : line);
      },
      describe: (step) => void steps.push(step),
    },
    accounts,
    counting,
  );
  return { verdict, challenges, steps, unsent: left.length };
}
