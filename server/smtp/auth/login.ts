// LOGIN (draft-murchison-sasl-login): two prompts, user name and password.
import { askClient, describeClient, readFirstResponse, refuseResponse } from './answer.ts';
import type { Mechanism } from './exchange.ts';
import { judgeLogin } from './judge.ts';
import { parseUserName } from './user-name.ts';

const prompt = (text: string) => ({ text, what: 'challenge', decoded: { prompt: text } });

export const login: Mechanism = async (exchange, accounts) => {
  // Some clients, Python's smtplib among them, send the user name with the command.
  const first = await readFirstResponse(exchange, 'user name', prompt('Username:'));
  if (first.verdict) return first.verdict;
  const name = parseUserName(first.bytes);
  if (name.problem !== null) return refuseResponse(exchange, 'user name', name.problem);
  const { user } = name;
  describeClient(exchange, 'user name', { user });

  const second = await askClient(exchange, prompt('Password:'), 'password');
  if (second.verdict) return { ...second.verdict, user };
  describeClient(exchange, 'password', {});
  return judgeLogin(accounts, { user, authorizationId: null, secret: second.bytes, noun: 'password' });
};
