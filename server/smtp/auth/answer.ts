// Reads one response of the client: cancelled, gone, not base64, or bytes for the mechanism to understand.
import { parseBase64 } from './base64.ts';
import type { AuthExchange, AuthVerdict } from './exchange.ts';
import { cancelled, clientLeft, malformed } from './verdict.ts';

export type Answer = { bytes: Buffer; verdict: null } | { bytes: null; verdict: AuthVerdict };

export interface Challenge {
  text: string;
  what: string;
  decoded: Record<string, string>;
}

const emptyChallenge: Challenge = { text: '', what: 'challenge', decoded: {} };

const stopped = (verdict: AuthVerdict): Answer => ({ bytes: null, verdict });

function decodeLine(exchange: AuthExchange, line: string | null, step: string): Answer {
  if (line === null) return stopped(clientLeft(step));
  if (line === '*') {
    exchange.describe({ from: 'client', what: 'cancelled', decoded: {}, problem: null });
    return stopped(cancelled(step));
  }
  const { bytes, problem } = parseBase64(line);
  if (bytes) return { bytes, verdict: null };
  exchange.describe({ from: 'client', what: step, decoded: {}, problem: `Invalid base64: ${problem}.` });
  return stopped(malformed(`Invalid base64 in the ${step}: ${problem}`));
}

/** Sends a challenge and reads the answer. */
export async function askClient(exchange: AuthExchange, challenge: Challenge, step: string): Promise<Answer> {
  const answer = exchange.challenge(Buffer.from(challenge.text).toString('base64'));
  // Before the answer comes, so that the step gets the line of the challenge.
  exchange.describe({ from: 'server', what: challenge.what, decoded: challenge.decoded, problem: null });
  return decodeLine(exchange, await answer, step);
}

/** The client's first response: with the AUTH command, or after a challenge. */
export async function readFirstResponse(
  exchange: AuthExchange,
  step: string,
  challenge: Challenge = emptyChallenge,
): Promise<Answer> {
  if (!exchange.initial) return askClient(exchange, challenge, step);
  // RFC 4954 §4: "=" stands for an empty initial response.
  return decodeLine(exchange, exchange.initial === '=' ? '' : exchange.initial, step);
}

/** Describes a response that does not follow the grammar of its mechanism; the verdict on it. */
export function refuseResponse(
  exchange: AuthExchange,
  what: string,
  problem: string,
  known: { user?: string; authorizationId?: string | null } = {},
): AuthVerdict {
  describeClient(exchange, what, {}, problem);
  return malformed(problem, known);
}

/** Describes a response that was understood or, with a problem, was not. */
export function describeClient(
  exchange: AuthExchange,
  what: string,
  decoded: Record<string, string>,
  problem: string | null = null,
): void {
  exchange.describe({ from: 'client', what, decoded, problem: problem && `${problem}.` });
}
