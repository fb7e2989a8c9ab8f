// XOAUTH2 (Google's and Microsoft's, before RFC 7628): user=NAME^Aauth=Bearer TOKEN^A^A.
import { readFirstResponse, refuseResponse } from './answer.ts';
import { finishBearer, parsePairs } from './bearer-login.ts';
import type { Mechanism } from './exchange.ts';
import { parseUserName } from './user-name.ts';

const failure = { status: '401', schemes: 'bearer', scope: 'https://mail.google.com/' };

export const xoauth2: Mechanism = async (exchange, accounts) => {
  const what = exchange.initial ? 'initial response' : 'response';
  const answer = await readFirstResponse(exchange, what);
  if (answer.verdict) return answer.verdict;
  const refuse = (problem: string) => refuseResponse(exchange, what, problem);

  const pairs = parsePairs(answer.bytes.toString('latin1'));
  const user = pairs?.get('user');
  const authorization = pairs?.get('auth');
  if (user === undefined || authorization === undefined) {
    return refuse('Malformed XOAUTH2: not user=NAME^Aauth=Bearer TOKEN^A^A');
  }
  const name = parseUserName(Buffer.from(user, 'latin1'));
  if (name.problem !== null) return refuse(name.problem);
  const login = { user: name.user, authorizationId: null, authorization, decoded: {} };
  return finishBearer(exchange, accounts, login, { what, failure });
};
