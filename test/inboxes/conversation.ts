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

/** In one connection, with the login of the first; the ids that their 250s name. Throws with the reply of a refused one. */
export async function sendMails(sandbox: TestSandbox, mails: [Sent, ...Sent[]]): Promise<string[]> {
  await using wire = await sandbox.wire();
  await wire.hello();
  if (mails[0].login) {
    const answer = await wire.say(`AUTH PLAIN ${plain(mails[0].login)}`);
    if (!answer.startsWith('235')) throw new Error(answer);
  }
  const ids: string[] = [];
  for (const { headers = '', subject = 'hello', from, to } of mails) {
    const body = `${headers}Subject: ${subject}\r\n\r\nbody of ${subject}\r\n`;
    const answer = await wire.mail(body, from, to);
    const id = /queued as (m_\w+)/.exec(answer)?.[1];
    if (id === undefined) throw new Error(answer);
    ids.push(id);
  }
  await wire.quit();
  return ids;
}

export async function sendMail(sandbox: TestSandbox, mail: Sent = {}): Promise<string> {
  const [id] = await sendMails(sandbox, [mail]);
  return id!;
}

/** The reply to AUTH PLAIN. */
export async function tryLogin(
  sandbox: TestSandbox,
  login: { user: string; password: string },
): Promise<string> {
  await using wire = await sandbox.wire();
  await wire.hello();
  const answer = await wire.say(`AUTH PLAIN ${plain(login)}`);
  await wire.quit();
  return answer;
}
