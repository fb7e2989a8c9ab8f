// A small SMTP client (RFC 5321, 3207, 2033), for sending to a sandbox.
import { connect as connectSocket } from 'node:net';
import { once } from 'node:events';
import { hostname } from 'node:os';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { MailscopeError } from '../../shared/errors.ts';
import { logIn, type Login } from './login.ts';
import { readReplies, type SmtpReply } from './replies.ts';

/** How long to wait for an answer. */
const patienceMs = 60_000;
const seeSession = 'Look at the session in Mailscope: its transcript shows every line.';

/** A message as it goes over the wire: lines end in CRLF, and a leading dot is doubled (RFC 5321 §4.5.2). */
export function formatData(message: Buffer): Buffer {
  // latin1 keeps every byte as one character.
  const text = message.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n');
  const ended = text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`;
  return Buffer.from(`${ended.replace(/^\./gm, '..')}.\r\n`, 'latin1');
}

export interface SmtpOptions {
  host: string;
  port: number;
  /** Default: smtp. */
  protocol?: 'smtp' | 'lmtp';
  /** Default: none. */
  tls?: 'none' | 'starttls' | 'implicit';
  /** What signed the server's certificate; without it the certificate is not looked at. */
  ca?: string;
  login?: Login;
  /** Begin with a PROXY protocol header that names nobody. */
  proxy?: boolean;
}

export interface SmtpEnvelope {
  from: string;
  to: string[];
  /** ESMTP parameters such as `RET=FULL`, for MAIL and for each RCPT. */
  mailParameters?: string[];
  rcptParameters?: string[];
}

/** `details` of the error for a refusal. */
export interface SmtpRefusal {
  code: number;
  /** The verb of the command that was refused; `.` for the message. */
  verb: string;
}

export interface SmtpConnection {
  /** What the server offered in its answer to EHLO, in upper case. */
  extensions: string[];
  /** One transaction; gives the reply to the message. */
  send(envelope: SmtpEnvelope, message: Buffer): Promise<SmtpReply>;
  close(): Promise<void>;
}

async function startTls(socket: Duplex, ca: string | undefined): Promise<Duplex> {
  const trust = ca === undefined ? { rejectUnauthorized: false } : { ca };
  const secured = connectTls({ socket, servername: 'localhost', ...trust });
  await once(secured, 'secureConnect').catch((cause: unknown) => {
    throw new MailscopeError('unavailable', 'TLS could not be set up.', { hint: seeSession, cause });
  });
  return secured;
}

const addressLiteral = (address = '127.0.0.1'): string =>
  address.includes(':') ? `[IPv6:${address}]` : `[${address}]`;

/** Connects, greets, and does what the options ask for. Throws MailscopeError with what the server said. */
export async function openSmtp(options: SmtpOptions): Promise<SmtpConnection> {
  const { host, port, protocol = 'smtp', tls = 'none', ca, login, proxy } = options;
  const socket = connectSocket({ host, port });
  socket.setTimeout(patienceMs, () => socket.destroy(new Error(`no answer for ${patienceMs / 1000} s`)));
  await once(socket, 'connect').catch((cause: unknown) => {
    const hint = 'Is Mailscope running? Start it with "mailscope", or give its --host and --port.';
    throw new MailscopeError('unavailable', `Nothing can be sent to ${host}:${port}.`, { hint, cause });
  });
  let stream: Duplex = socket;
  let replies: AsyncGenerator<SmtpReply>;

  async function expect(said: string, ...codes: number[]): Promise<SmtpReply> {
    const { value } = (await replies.next()) as { value: SmtpReply | undefined };
    if (!value)
      throw new MailscopeError('unavailable', `The server closed the connection after ${said}.`, {
        hint: seeSession,
      });
    if (codes.includes(value.code)) return value;
    const answer = value.lines.map((line) => `${value.code} ${line}`).join(' / ');
    const verb = said === 'the message' ? '.' : /^[A-Z]+/.exec(said)?.[0];
    const details: SmtpRefusal = { code: value.code, verb: verb ?? '' };
    throw new MailscopeError('not_allowed', `The server refused ${said}: ${answer}`, {
      hint: seeSession,
      details,
    });
  }
  async function say(command: string, ...codes: number[]): Promise<SmtpReply> {
    if (/[\r\n]/.test(command))
      throw new MailscopeError('invalid_request', 'An address has a line break in it.');
    stream.write(`${command}\r\n`);
    return expect(command, ...codes);
  }
  async function secure(): Promise<void> {
    stream = await startTls(socket, ca);
    replies = readReplies(stream);
  }
  async function greet(): Promise<string[]> {
    const own = hostname().replace(/[^A-Za-z0-9.-]/g, '');
    // RFC 5321 4.1.4: who has no full name gives an address.
    const name = own.includes('.') ? own : addressLiteral(socket.localAddress);
    const { lines } = await say(`${protocol === 'lmtp' ? 'LHLO' : 'EHLO'} ${name}`, 250);
    return lines.slice(1).map((line) => line.toUpperCase());
  }

  try {
    if (proxy) socket.write('PROXY UNKNOWN\r\n');
    if (tls === 'implicit') await secure();
    else replies = readReplies(stream);
    await expect('the connection', 220);
    let extensions = await greet();
    if (tls === 'starttls') {
      await say('STARTTLS', 220);
      await secure();
      extensions = await greet();
    }
    if (login) {
      const offered =
        extensions
          .find((line) => line.startsWith('AUTH '))
          ?.split(' ')
          .slice(1) ?? [];
      const hidden = (command: string, ...codes: number[]): Promise<SmtpReply> => {
        stream.write(`${command}\r\n`);
        return expect('the login', ...codes);
      };
      if (!(await logIn(hidden, offered, login)))
        throw new MailscopeError(
          'unavailable',
          'The server offers no way of logging in that is known here.',
          {
            hint: `It offers: ${offered.join(', ') || 'none'}.`,
          },
        );
    }
    return {
      extensions,
      async send({ from, to, mailParameters = [], rcptParameters = [] }, message) {
        const isEightBit = message.some((byte) => byte >= 0x80);
        const body = isEightBit && extensions.includes('8BITMIME') ? ['BODY=8BITMIME'] : [];
        await say([`MAIL FROM:<${from}>`, ...body, ...mailParameters].join(' '), 250);
        for (const address of to) await say([`RCPT TO:<${address}>`, ...rcptParameters].join(' '), 250, 251);
        await say('DATA', 354);
        if (!stream.write(formatData(message)))
          await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
        let reply = await expect('the message', 250);
        // RFC 2033 §4.2: LMTP answers for each recipient.
        for (let n = 1; protocol === 'lmtp' && n < to.length; n++) reply = await expect('the message', 250);
        return reply;
      },
      async close() {
        await say('QUIT', 221).catch(() => {});
        socket.destroy();
      },
    };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
