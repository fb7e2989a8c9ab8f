// mailscope sendmail: stands in for sendmail, and speaks SMTP to a running Mailscope. Exit codes are those of
// sysexits.h, which callers such as PHP and cron go by.
import { connect } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { MailscopeError } from '../../shared/errors.ts';
import { UsageError } from '../config/usage-error.ts';
import { crlfLines } from './crlf.ts';
import { codeOf } from '../error-code.ts';
import { escapeControls } from '../log.ts';
import { openSmtp, type SmtpRefusal } from '../sample/smtp-client.ts';
import { readAddressList } from './address-list.ts';
import { explainError } from './explain-error.ts';
import { readSendmailArguments, type SendmailOptions } from './sendmail-arguments.ts';
import { findLoneDot, prepareMessage } from './sendmail-message.ts';

export const sysexits = {
  ok: 0,
  usage: 64,
  dataError: 65,
  noUser: 67,
  noHost: 68,
  unavailable: 69,
  software: 70,
  temporary: 75,
  protocol: 76,
  noPermission: 77,
  config: 78,
} as const;

const maxInput = 512 * 1024 * 1024;

interface Target {
  host: string;
  port: number;
  login?: { user: string; password: string };
}

class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

function targetOf(options: SendmailOptions, env: NodeJS.ProcessEnv): Target {
  const given = options.port ?? (env.MAILSCOPE_SMTP_PORT || '1025');
  const port = /^\d{1,5}$/.test(given) ? Number(given) : 0;
  if (port < 1 || port > 65_535) {
    const text = 'It is the SMTP port of a running Mailscope, from 1 to 65535.';
    if (options.port !== null)
      throw new UsageError(`--port "${given}" cannot be used.`, text, 'Write --port 1025.');
    throw new ConfigError(`MAILSCOPE_SMTP_PORT "${given}" cannot be used. ${text}`);
  }
  const host = options.host ?? (env.MAILSCOPE_HOST || '127.0.0.1');
  const user = options.user ?? env.MAILSCOPE_USER?.split(',')[0];
  const colon = user?.indexOf(':') ?? -1;
  return {
    // An address to listen on is none to connect to.
    host: { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host,
    port,
    ...(user && colon > 0 ? { login: { user: user.slice(0, colon), password: user.slice(colon + 1) } } : {}),
  };
}

/** To the end of standard input, or to a lone dot where that ends the message. */
async function readInput(ignoresDots: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The last bytes, in which the lone dot may have begun.
  let tail = Buffer.alloc(0);
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxInput)
      throw new MailscopeError('too_large', `The message is over ${maxInput} bytes.`, { hint: 'Send less.' });
    chunks.push(chunk);
    if (ignoresDots) continue;
    const seen = size - chunk.length - tail.length;
    const end = findLoneDot(Buffer.concat([tail, chunk]), tail.length > 3 ? 1 : 0, false);
    if (end >= 0) return Buffer.concat(chunks).subarray(0, seen + end);
    tail = Buffer.concat([tail, chunk]).subarray(-4);
  }
  const all = Buffer.concat(chunks);
  const end = ignoresDots ? -1 : findLoneDot(all, Math.max(0, all.length - 3), true);
  return end < 0 ? all : all.subarray(0, end);
}

const domainName = (): string => hostname().replace(/[^A-Za-z0-9.-]/g, '') || 'localhost';

function callerName(): string {
  try {
    return userInfo().username.replace(/[^\w.+-]/g, '') || 'nobody';
  } catch {
    // In a container the user may have no name.
    return 'nobody';
  }
}

// RFC 3461 §4: what is not printable, and + and =, as +XX.
const xtext = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) =>
      byte > 32 && byte < 127 && byte !== 43 && byte !== 61
        ? String.fromCharCode(byte)
        : `+${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');

async function deliver(options: SendmailOptions, target: Target): Promise<void> {
  const domain = domainName();
  const sender =
    options.sender === null
      ? `${callerName()}@${domain}`
      : (readAddressList(options.sender, domain)[0] ?? '');
  const named = options.recipients.flatMap((text) => readAddressList(text, domain));
  const nobody = (why: string): UsageError =>
    new UsageError('There is nobody to send to.', why, 'Name recipients, or give -t and a message with To.');
  if (named.length === 0 && !options.readsHeader) throw nobody('No recipient is given, and -t is not.');
  const input = await readInput(options.ignoresDots);
  const { fullName, readsHeader } = options;
  const message = prepareMessage(input, { sender, fullName, readsHeader, domain, now: new Date() });
  const to = [...new Set([...named, ...(readsHeader ? message.recipients : [])])];
  if (to.length === 0) throw nobody('The header has no address in To, Cc or Bcc.');

  const smtp = await openSmtp(target);
  try {
    const offers = (name: string): boolean => smtp.extensions.some((line) => line.split(' ')[0] === name);
    const { notify, ret, envelopeId } = options;
    const reply = await smtp.send(
      {
        ...{ from: sender, to },
        mailParameters: [
          ...(offers('SMTPUTF8') && /[^\0-\x7f]/.test([sender, ...to].join('')) ? ['SMTPUTF8'] : []),
          ...(offers('DSN') && ret ? [`RET=${ret}`] : []),
          ...(offers('DSN') && envelopeId ? [`ENVID=${xtext(envelopeId)}`] : []),
        ],
        rcptParameters: offers('DSN') && notify ? [`NOTIFY=${notify}`] : [],
      },
      message.bytes,
    );
    if (options.verbose)
      process.stdout.write(`${escapeControls(`${reply.code} ${reply.lines.join(' ')}`)}\n`);
  } finally {
    await smtp.close();
  }
}

/** -bs: what comes on standard input is SMTP already. */
function relaySmtp({ host, port }: Target): Promise<number> {
  return new Promise((done) => {
    const socket = connect({ host, port });
    let isConnected = false;
    socket.on('connect', () => {
      isConnected = true;
      process.stdin.pipe(crlfLines()).pipe(socket).pipe(process.stdout, { end: false });
    });
    socket.on('error', (error) => {
      if (!isConnected)
        process.stdout.write(`421 4.3.2 Mailscope does not answer at ${host}:${port}: ${error.message}\r\n`);
      done(sysexits.temporary);
    });
    socket.on('close', () => done(sysexits.ok));
  });
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return sysexits.usage;
  if (!(error instanceof MailscopeError)) return sysexits.software;
  if (error.code === 'too_large' || error.code === 'invalid_request') return sysexits.dataError;
  const { code, verb } = (error.details ?? {}) as Partial<SmtpRefusal>;
  if (code !== undefined) {
    if (code < 500) return sysexits.temporary;
    if (code === 530 || code === 535 || code === 538) return sysexits.noPermission;
    return verb === 'RCPT' ? sysexits.noUser : sysexits.unavailable;
  }
  if (codeOf(error.cause) === 'ENOTFOUND') return sysexits.noHost;
  return error.cause === undefined ? sysexits.protocol : sysexits.temporary;
}

/** Resolves with the exit code. */
export async function sendmail(argv: readonly string[]): Promise<number> {
  try {
    const options = readSendmailArguments(argv);
    if (options.mode === 'nothing') return sysexits.ok;
    if (options.mode === 'queue') {
      process.stdout.write('Mail queue is empty: Mailscope takes each message at once.\n');
      return sysexits.ok;
    }
    const target = targetOf(options, process.env);
    if (options.mode === 'smtp') return await relaySmtp(target);
    await deliver(options, target);
    return sysexits.ok;
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`mailscope: ${escapeControls(error.message)}\n  Do:  Correct the environment.\n`);
      return sysexits.config;
    }
    process.stderr.write(explainError(error).text);
    return exitCodeOf(error);
  }
}
