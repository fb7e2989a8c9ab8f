// CRAM-MD5 (RFC 2195): the password never crosses the wire, so nothing can be told about it.
import { createHmac } from 'node:crypto';
import { askClient, describeClient, refuseResponse } from './answer.ts';
import type { Accounts, AuthVerdict, Mechanism } from './exchange.ts';
import { isSameSecret } from './judge.ts';
import { parseUserName } from './user-name.ts';
import { accepted, rejected, unexpectedInitial } from './verdict.ts';

export const cramMd5Digest = (password: string, challenge: string): string =>
  createHmac('md5', password).update(challenge).digest('hex');

export const cramMd5: Mechanism = async (exchange, accounts, random) => {
  if (exchange.initial) {
    const verdict = unexpectedInitial('CRAM-MD5');
    describeClient(exchange, 'initial response', {}, verdict.reply.text);
    return verdict;
  }
  const text = `<${random(16).toString('hex')}@mailscope.invalid>`;
  const answer = await askClient(
    exchange,
    { text, what: 'challenge', decoded: { challenge: text } },
    'response',
  );
  if (answer.verdict) return answer.verdict;
  const refuse = (problem: string) => refuseResponse(exchange, 'response', problem);

  // The user name may have blanks, the digest has none.
  const { bytes } = answer;
  const blank = bytes.lastIndexOf(0x20);
  if (blank < 0) return refuse('Malformed CRAM-MD5: no blank between user and digest');
  const digest = bytes.subarray(blank + 1).toString('latin1');
  if (!/^[0-9a-f]{32}$/i.test(digest))
    return refuse('Malformed CRAM-MD5: the digest is not 32 hexadecimal digits');
  const name = parseUserName(bytes.subarray(0, blank));
  if (name.problem !== null) return refuse(name.problem);

  describeClient(exchange, 'response', { user: name.user });
  return judgeDigest(accounts, name.user, text, digest);
};

function judgeDigest(accounts: Accounts, user: string, challenge: string, digest: string): AuthVerdict {
  const known = { user, credential: digest };
  if (user === '') return rejected('The user name is empty.', known);
  const password = accounts.password(user);
  if (accounts.any && password === undefined)
    return accepted('Any login is accepted here; the digest was not checked.', known);
  const expected = Buffer.from(cramMd5Digest(password ?? '', challenge));
  const matches = isSameSecret(Buffer.from(digest.toLowerCase()), expected);
  if (password === undefined) return rejected(`There is no user ${JSON.stringify(user)}.`, known);
  if (!matches) return rejected('The digest was made with another password.', known);
  return accepted('The digest is right.', known);
}
