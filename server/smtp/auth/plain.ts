// PLAIN (RFC 4616): authorization id, NUL, user, NUL, password.
import { describeClient, readFirstResponse, refuseResponse } from './answer.ts';
import type { Mechanism } from './exchange.ts';
import { judgeLogin } from './judge.ts';
import { parseUserName } from './user-name.ts';

export const plain: Mechanism = async (exchange, accounts) => {
  const what = exchange.initial ? 'initial response' : 'response';
  const answer = await readFirstResponse(exchange, what);
  if (answer.verdict) return answer.verdict;
  const refuse = (problem: string) => refuseResponse(exchange, what, problem);

  const { bytes } = answer;
  const first = bytes.indexOf(0);
  const second = first < 0 ? -1 : bytes.indexOf(0, first + 1);
  if (second < 0) {
    const found = first < 0 ? 'no NUL' : 'one NUL';
    return refuse(`Malformed PLAIN: ${found} where two separate authorization id, user and password`);
  }
  const password = bytes.subarray(second + 1);
  if (password.includes(0)) return refuse('Malformed PLAIN: more than two NUL');

  const id = parseUserName(bytes.subarray(0, first));
  const name = parseUserName(bytes.subarray(first + 1, second));
  if (name.problem !== null) return refuse(name.problem);
  if (id.problem !== null) return refuse(id.problem.replace('user name', 'authorization id'));

  const { user } = name;
  describeClient(exchange, what, { 'authorization id': id.user, user });
  const verdict = judgeLogin(accounts, {
    user,
    authorizationId: id.user || null,
    secret: password,
    noun: 'password',
  });
  if (user !== '' || id.user === '') return verdict;
  return {
    ...verdict,
    reason: 'The user name stands in the place of the authorization id, its own is empty.',
  };
};
