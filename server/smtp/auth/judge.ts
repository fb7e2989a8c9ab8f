// Whether a secret that the client showed is the right one.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Accounts, AuthVerdict } from './exchange.ts';
import { formatCredential, secretFacts } from './secret.ts';
import { accepted, rejected } from './verdict.ts';

/** Constant time in content and in length. */
export function isSameSecret(a: Buffer, b: Buffer): boolean {
  const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
  return timingSafeEqual(digest(a), digest(b));
}

export interface Login {
  user: string;
  authorizationId: string | null;
  secret: Buffer;
  /** What the secret is called: password or token. */
  noun: string;
}

export function judgeLogin(accounts: Accounts, login: Login): AuthVerdict {
  const { user, authorizationId, noun } = login;
  const secret = secretFacts(login.secret);
  const known = { user, authorizationId, secret, credential: formatCredential(login.secret) };
  if (user === '') return rejected('The user name is empty.', known);
  const password = accounts.password(user);
  if (accounts.any && password === undefined) {
    const remark = secret.charset === 'empty' ? ` The ${noun} is empty.` : '';
    return accepted(`Any login is accepted here.${remark}`, known);
  }
  // Compared for unknown users too, so that both take the same time.
  const matches = isSameSecret(login.secret, Buffer.from(password ?? ''));
  if (password === undefined) return rejected(`There is no user ${JSON.stringify(user)}.`, known);
  if (!matches) return rejected(explainMismatch(noun, login.secret, password), known);
  if (authorizationId && authorizationId !== user) {
    return rejected(`The ${noun} is right, but ${user} may not act as ${authorizationId}.`, known);
  }
  return accepted(`The ${noun} is right.`, known);
}

function explainMismatch(noun: string, given: Buffer, expected: string): string {
  if (given.length === 0) return `The ${noun} is empty.`;
  const is = (bytes: Buffer): boolean => isSameSecret(bytes, Buffer.from(expected));
  if (is(Buffer.from(given.toString().trim()))) return `The ${noun} has white space around it.`;
  if (is(Buffer.from(given.toString('latin1'), 'base64'))) return `The ${noun} was encoded as base64 twice.`;
  if (is(Buffer.from(given.toString('latin1')))) return `The ${noun} was sent as Latin-1, not as UTF-8.`;
  return `The ${noun} is wrong.`;
}
