// Mail for inboxes, sent over the wire.
import type { TestSandbox } from '../support/sandbox.ts';

export interface Sent {
  to?: string[];
  from?: string;
  login?: { user: string; password: string };
  /** Before the empty line, each with its line ending. */
  headers?: string;
  subject?: string;
}

const plain = ({ user, password }: { user: string; password: string }): string =>
  Buffer.from(`\0${user}\0${password}`).toString('base64');

/** One connection, one message; the id that its 250 names. Throws with the reply where it is refused. */
export async function sendMail(sandbox: TestSandbox, mail: Sent = {}): Promise<string> {
  await using wire = await sandbox.wire();
  await wire.hello();
  if (mail.login) {
    const answer = await wire.say(`AUTH PLAIN ${plain(mail.login)}`);
    if (!answer.startsWith('235')) throw new Error(answer);
  }
  const body = `${mail.headers ?? ''}Subject: ${mail.subject ?? 'hello'}\r\n\r\nbody of ${mail.subject ?? 'hello'}\r\n`;
  const answer = await wire.mail(body, mail.from, mail.to);
  const id = /queued as (m_\w+)/.exec(answer)?.[1];
  if (id === undefined) throw new Error(answer);
  await wire.say('QUIT');
  await wire.closed();
  return id;
}

/** The reply to AUTH PLAIN. */
export async function tryLogin(
  sandbox: TestSandbox,
  login: { user: string; password: string },
): Promise<string> {
  await using wire = await sandbox.wire();
  await wire.hello();
  const answer = await wire.say(`AUTH PLAIN ${plain(login)}`);
  await wire.say('QUIT');
  await wire.closed();
  return answer;
}
