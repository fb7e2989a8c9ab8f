// Where a replay goes to, and which part of a session a command that sends one message can repeat.
import type { AuthAttempt, Session } from '../session.ts';
import type { TlsHandshake } from '../tls.ts';
import type { Transaction } from '../transaction.ts';
import type { TranscriptLine } from '../transcript.ts';
import { bytesOfLine, joinBytes } from './line-bytes.ts';

export interface ReplayOptions {
  /** Default: the address and port that the client connected to. */
  host?: string;
  port?: number;
  /** Address of the raw bytes of a message, e.g. `http://127.0.0.1:8025/api/messages/m_1/raw`. */
  messageUrl?: (messageId: string) => string;
  /** That address asks for a login: a token, or the password, is taken from the variable MAILSCOPE_TOKEN. */
  asksForLogin?: boolean;
  /** Which transaction, from 1. Default: the first. */
  transaction?: number;
}

export function targetOf(session: Session, { host, port }: ReplayOptions): { host: string; port: number } {
  return { host: host ?? session.local.address.replace(/^::ffff:/i, ''), port: port ?? session.local.port };
}

export interface Plan {
  host: string;
  port: number;
  ehlo: Session['ehlo'][number] | undefined;
  tls: TlsHandshake | undefined;
  auth: AuthAttempt | undefined;
  transaction: Transaction | undefined;
  /** The message: to be fetched, or its bytes in base64, or neither. */
  message: { url: string } | { base64: string } | null;
  notes: string[];
}

/** Messages that nothing was stored of are put into the command itself, up to here. */
const maxInline = 64 * 1024;

function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** The bytes of the message without the dots of the wire. */
function unstuff(bytes: Uint8Array): Uint8Array {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  const body = text.replace(/(^|\r\n)\.\r\n$/, '$1').replace(/(^|\r\n)\.(?!\r\n)/g, '$1');
  return Uint8Array.from(body, (char) => char.charCodeAt(0));
}

function messageOf(
  transaction: Transaction | undefined,
  lines: TranscriptLine[],
  { messageUrl }: ReplayOptions,
): Plan['message'] {
  if (!transaction?.data) return null;
  const data = lines.filter(({ kind, transaction: n }) => kind === 'data' && n === transaction.n);
  if (data.some(({ lost }) => lost)) return null;
  if (transaction.messageId !== null && messageUrl) return { url: messageUrl(transaction.messageId) };
  const pieces = data.flatMap((line) => bytesOfLine(line) ?? []);
  if (pieces.length < data.length || pieces.length === 0) return null;
  const whole = joinBytes(...pieces);
  if (whole.length > maxInline) return null;
  return { base64: encodeBase64(transaction.data.command === 'DATA' ? unstuff(whole) : whole) };
}

export function planOf(session: Session, lines: TranscriptLine[], options: ReplayOptions): Plan {
  const { transactions } = session;
  const n = options.transaction ?? 1;
  const transaction = transactions.find((one) => one.n === n);
  const notes: string[] = [];
  if (transactions.length > 1)
    notes.push(`The session has ${transactions.length} transactions; this repeats number ${n}.`);
  if (transaction && transaction.recipientCount > transaction.recipients.length)
    notes.push(
      `Only ${transaction.recipients.length} of ${transaction.recipientCount} recipients are known.`,
    );
  if (session.auth.length > 1) notes.push(`There were ${session.auth.length} logins; this repeats one.`);
  if (session.proxy) notes.push('The PROXY protocol header is not repeated.');
  if (session.xclient.length > 0) notes.push('XCLIENT is not repeated.');
  const message = messageOf(transaction, lines, options);
  if (transaction?.data && !message)
    notes.push('The bytes of the message are not there any more; it ends before them.');
  return {
    ...targetOf(session, options),
    ehlo: session.ehlo.at(-1),
    tls: session.handshakes.find(({ ok }) => ok) ?? session.handshakes.at(-1),
    auth: session.auth.find(({ ok }) => ok) ?? session.auth.at(-1),
    transaction,
    message,
    notes,
  };
}

/** Those of MAIL and RCPT that are not repeated. */
export const tellParameters = (names: readonly string[]): string =>
  `the parameter${names.length === 1 ? '' : 's'} ${names.join(', ')} of MAIL and RCPT`;

/** What can be sent within one line of SMTP. */
export const hasControl = (text: string): boolean => /[\x00-\x1f\x7f]/.test(text);
