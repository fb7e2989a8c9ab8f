// What XOAUTH2 and OAUTHBEARER have in common: key=value pairs with ^A between them, and how they fail.
import { askClient, describeClient } from './answer.ts';
import { isBearerToken, tokenFacts } from './bearer-token.ts';
import type { Accounts, AuthExchange, AuthVerdict } from './exchange.ts';
import { judgeLogin } from './judge.ts';
import { formatCredential, secretFacts } from './secret.ts';
import { malformed } from './verdict.ts';

export interface BearerLogin {
  user: string;
  authorizationId: string | null;
  /** The value of `auth`: the scheme, a blank and the token. */
  authorization: string;
  /** Further facts for the step. */
  decoded: Record<string, string>;
}

/** RFC 7628 §3.1: pairs, each ended by ^A, and a last ^A; undefined when it is not so or a key comes twice. */
export function parsePairs(text: string): Map<string, string> | undefined {
  if (!text.endsWith('\x01\x01')) return undefined;
  const pairs = new Map<string, string>();
  for (const pair of text.slice(0, -2).split('\x01')) {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, equals).toLowerCase();
    if (equals < 1 || pairs.has(key)) return undefined;
    pairs.set(key, pair.slice(equals + 1));
  }
  return pairs;
}

export async function finishBearer(
  exchange: AuthExchange,
  accounts: Accounts,
  login: BearerLogin,
  step: { what: string; failure: object },
): Promise<AuthVerdict> {
  const { user, authorizationId } = login;
  const refuse = (problem: string) => {
    describeClient(exchange, step.what, { user, ...login.decoded }, problem);
    return malformed(problem, { user, authorizationId });
  };
  const scheme = /^bearer +/i.exec(login.authorization);
  if (!scheme) return refuse('The value of auth does not begin with "Bearer "');
  const token = login.authorization.slice(scheme[0].length);
  if (token === '') return refuse('The token is empty');
  if (!isBearerToken(token)) {
    const verdict = refuse('The token has characters that RFC 6750 does not allow');
    const bytes = Buffer.from(token, 'latin1');
    return { ...verdict, secret: secretFacts(bytes), credential: formatCredential(bytes) };
  }

  const facts = tokenFacts(token);
  describeClient(exchange, step.what, { user, ...login.decoded, ...facts });
  const verdict = judgeLogin(accounts, { user, authorizationId, secret: Buffer.from(token), noun: 'token' });
  const expiry = facts.expired === 'yes' ? ` It says of itself that it expired at ${facts.exp}.` : '';
  const judged = { ...verdict, reason: verdict.reason + expiry };
  if (judged.ok) return judged;

  // The client has to acknowledge the error before it gets the 535 (RFC 7628 §3.2.3).
  const text = JSON.stringify(step.failure);
  const challenge = { text, what: 'error', decoded: { error: text } };
  const answer = await askClient(exchange, challenge, 'acknowledgement');
  if (answer.verdict) {
    return { ...judged, reply: answer.verdict.reply, reason: `${judged.reason} ${answer.verdict.reason}` };
  }
  describeClient(exchange, 'acknowledgement', {});
  return judged;
}
