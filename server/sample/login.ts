// The client's side of AUTH (RFC 4954) by the mechanisms that need nothing but a name and a password.
import { createHmac } from 'node:crypto';
import type { SmtpReply } from './replies.ts';

export interface Login {
  user: string;
  password: string;
}

type Say = (command: string, ...codes: number[]) => Promise<SmtpReply>;

const encode = (text: string): string => Buffer.from(text).toString('base64');

async function plain(say: Say, { user, password }: Login): Promise<void> {
  await say(`AUTH PLAIN ${encode(`\0${user}\0${password}`)}`, 235);
}

async function login(say: Say, { user, password }: Login): Promise<void> {
  await say('AUTH LOGIN', 334);
  await say(encode(user), 334);
  await say(encode(password), 235);
}

// RFC 2195: the digest is keyed with the password and taken over the decoded challenge.
async function cramMd5(say: Say, { user, password }: Login): Promise<void> {
  const { lines } = await say('AUTH CRAM-MD5', 334);
  const challenge = Buffer.from(lines[0] ?? '', 'base64');
  await say(encode(`${user} ${createHmac('md5', password).update(challenge).digest('hex')}`), 235);
}

const mechanisms: Record<string, (say: Say, login: Login) => Promise<void>> = {
  PLAIN: plain,
  LOGIN: login,
  'CRAM-MD5': cramMd5,
};

/** Takes the first mechanism of the list that it can speak; false where there is none. */
export async function logIn(say: Say, offered: string[], given: Login): Promise<boolean> {
  const known = offered.find((name) => Object.hasOwn(mechanisms, name));
  if (known === undefined) return false;
  await mechanisms[known]!(say, given);
  return true;
}
