// A small SMTP client (RFC 5321), for sending to a sandbox from the command line.
import { connect as connectSocket, type Socket } from 'node:net';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { MailscopeError } from '../../shared/errors.ts';

export interface SmtpReply {
  code: number;
  lines: string[];
}

/** How long to wait for an answer. */
const patienceMs = 60_000;
const maxReplyBytes = 64 * 1024;
const seeSession = 'Look at the session in Mailscope: its transcript shows every line.';

/** A message as it goes over the wire: lines end in CRLF, and a leading dot is doubled (RFC 5321 §4.5.2). */
export function formatData(message: Buffer): Buffer {
  // latin1 keeps every byte as one character.
  const text = message.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n');
  const ended = text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`;
  return Buffer.from(`${ended.replace(/^\./gm, '..')}.\r\n`, 'latin1');
}

async function* readReplies(socket: Socket): AsyncGenerator<SmtpReply> {
  let rest = '';
  let lines: string[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    rest += chunk.toString('utf8');
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end).replace(/\r$/, '');
      rest = rest.slice(end + 1);
      const match = /^(\d{3})([ -]?)(.*)$/.exec(line);
      if (!match)
        throw new MailscopeError('unavailable', 'The server does not speak SMTP.', {
          hint: `It said: ${line.slice(0, 200)}`,
        });
      lines.push(match[3]!);
      if (match[2] === '-') continue;
      yield { code: Number(match[1]), lines };
      lines = [];
    }
    if (rest.length + lines.join('').length > maxReplyBytes)
      throw new MailscopeError('unavailable', 'The server sends a reply without end.', {
        hint: 'Check --host and --port.',
      });
  }
}

export interface SmtpConnection {
  /** What the server offered in its answer to EHLO, in upper case. */
  extensions: string[];
  /** One transaction; gives the reply to the message. */
  send(envelope: { from: string; to: string[] }, message: Buffer): Promise<SmtpReply>;
  close(): Promise<void>;
}

/** Connects and greets. Throws MailscopeError with what the server said when it refuses something. */
export async function openSmtp({ host, port }: { host: string; port: number }): Promise<SmtpConnection> {
  const socket = connectSocket({ host, port });
  socket.setTimeout(patienceMs, () => socket.destroy(new Error(`no answer for ${patienceMs / 1000} s`)));
  await once(socket, 'connect').catch((cause: unknown) => {
    const hint = 'Is Mailscope running? Start it with "mailscope", or give its --host and --port.';
    throw new MailscopeError('unavailable', `Nothing can be sent to ${host}:${port}.`, { hint, cause });
  });
  const replies = readReplies(socket);

  async function expect(said: string, ...codes: number[]): Promise<SmtpReply> {
    const { value } = (await replies.next()) as { value: SmtpReply | undefined };
    if (!value)
      throw new MailscopeError('unavailable', `The server closed the connection after ${said}.`, {
        hint: seeSession,
      });
    if (codes.includes(value.code)) return value;
    const answer = value.lines.map((line) => `${value.code} ${line}`).join(' / ');
    throw new MailscopeError('not_allowed', `The server refused ${said}: ${answer}`, { hint: seeSession });
  }
  async function say(command: string, ...codes: number[]): Promise<SmtpReply> {
    if (/[\r\n]/.test(command))
      throw new MailscopeError('invalid_request', 'An address has a line break in it.');
    socket.write(`${command}\r\n`);
    return expect(command, ...codes);
  }

  await expect('the connection', 220);
  const { lines } = await say(`EHLO ${hostname().replace(/[^A-Za-z0-9.-]/g, '') || 'localhost'}`, 250);
  const extensions = lines.slice(1).map((line) => line.toUpperCase());

  return {
    extensions,
    async send({ from, to }, message) {
      const isEightBit = message.some((byte) => byte >= 0x80);
      await say(
        `MAIL FROM:<${from}>${isEightBit && extensions.includes('8BITMIME') ? ' BODY=8BITMIME' : ''}`,
        250,
      );
      for (const address of to) await say(`RCPT TO:<${address}>`, 250, 251);
      await say('DATA', 354);
      if (!socket.write(formatData(message)))
        await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
      return expect('the message', 250);
    },
    async close() {
      await say('QUIT', 221).catch(() => {});
      socket.destroy();
    },
  };
}
