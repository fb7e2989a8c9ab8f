// OAUTHBEARER (RFC 7628): n,a=NAME,^Ahost=NAME^Aport=N^Aauth=Bearer TOKEN^A^A.
import { readFirstResponse, refuseResponse } from './answer.ts';
import { finishBearer, parsePairs } from './bearer-login.ts';
import { tokenSubject } from './bearer-token.ts';
import type { Mechanism } from './exchange.ts';
import { parseSaslName, parseUserName } from './user-name.ts';

const failure = { status: 'invalid_token', schemes: 'bearer' };

/** RFC 5801 §4: flag, optional authorization id, both ended by a comma; ^A and the pairs follow. */
const gs2Header = /^([ny]),(?:a=([^,\x01]+))?,\x01/;

export const oauthbearer: Mechanism = async (exchange, accounts) => {
  const what = exchange.initial ? 'initial response' : 'response';
  const answer = await readFirstResponse(exchange, what);
  if (answer.verdict) return answer.verdict;
  const refuse = (problem: string) => refuseResponse(exchange, what, problem);

  const text = answer.bytes.toString('latin1');
  const header = gs2Header.exec(text);
  const pairs = header && parsePairs(text.slice(header[0].length));
  const authorization = pairs?.get('auth');
  if (!header || !pairs || authorization === undefined) {
    return refuse('Malformed OAUTHBEARER: not n,a=NAME,^Aauth=Bearer TOKEN^A^A');
  }
  const authzid = header[2] === undefined ? '' : parseSaslName(header[2]);
  if (authzid === undefined) return refuse('Malformed OAUTHBEARER: "=" in the name is not written =3D');
  const id = parseUserName(Buffer.from(authzid, 'latin1'));
  if (id.problem !== null) return refuse(id.problem);

  const decoded: Record<string, string> = {};
  for (const key of ['host', 'port']) {
    const value = pairs.get(key);
    if (value !== undefined && /^[\x21-\x7e]{1,255}$/.test(value)) decoded[key] = value;
  }
  const user = id.user || subjectOf(authorization);
  const login = { user, authorizationId: id.user || null, authorization, decoded };
  return finishBearer(exchange, accounts, login, { what, failure });
};

/** RFC 7628 §3.1: without a name the token itself says who it is; an opaque one says nothing. */
function subjectOf(authorization: string): string {
  const subject = tokenSubject(authorization.replace(/^bearer +/i, '')) ?? '';
  return parseUserName(Buffer.from(subject)).user || 'unknown';
}
