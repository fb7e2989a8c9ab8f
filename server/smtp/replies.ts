// The replies that the gate gives itself, under the names of RFC 5321 4.2.3, 3463 and 4954.
import { replyLines } from '../../shared/smtp-text.ts';
import type { Reply } from '../../shared/transaction.ts';

export const reply = (code: number, enhanced: string | null, text: string): Reply => ({
  code,
  enhanced,
  text,
});

export const formatReplyLine = ({ code, enhanced, text }: Reply): string =>
  `${code} ${enhanced ? `${enhanced} ` : ''}${text}\r\n`;

/** As formatReplyLine, of a text that may have several lines. */
export const formatReplyLines = (answer: Reply): string => formatLines(replyLines(answer));

/** RFC 5321 4.5.3.1.5. */
const maxLine = 512;

/** The reply with an address of the client in it; beyond ASCII only for who asked for SMTPUTF8 (RFC 6531 3.7.4.2). */
export function naming(answer: Reply, address: string, utf8: boolean): Reply {
  const shown = utf8 ? address : address.replace(/[^\x20-\x7e]/gu, '?');
  const room = maxLine - Buffer.byteLength(formatReplyLine({ ...answer, text: `${answer.text} <>` }));
  if (Buffer.byteLength(shown) <= room) return { ...answer, text: `${answer.text} <${shown}>` };
  // A character that is cut in two is left out.
  const start = new TextDecoder().decode(Buffer.from(shown).subarray(0, Math.max(0, room - 3)), {
    stream: true,
  });
  return { ...answer, text: `${answer.text} <${start}...>` };
}

/** A reply of the engine as it is passed on. */
export const formatLines = (lines: string[]): string => lines.map((line) => `${line}\r\n`).join('');

/** A reply of the engine as a value: code, enhanced code, text. */
export function parseReply(lines: string[]): Reply {
  const last = lines.at(-1) ?? '';
  const found = /^(\d{3})[ -]?(?:([245]\.\d{1,3}\.\d{1,3})(?: |$))?(.*)$/.exec(last);
  return found ? reply(Number(found[1]), found[2] ?? null, found[3] ?? '') : reply(0, null, last);
}

/** Why a message could not be kept, with what to do where more than a look into the log is to be done. */
export function storageReply(error: unknown): Reply {
  const { code, hint } = (error ?? {}) as { code?: unknown; hint?: unknown };
  if (code !== 'storage_full') return replies.internal;
  const todo = typeof hint === 'string' ? `. ${hint.replace(/\.$/, '')}` : '';
  return reply(452, '4.3.1', `Insufficient system storage, the message was not stored${todo}`);
}

/** Before the message comes, so that it need not. */
export const noRoom = (problem: string): Reply =>
  reply(452, '4.3.1', `Insufficient system storage: ${problem}`);

/** `line`: that of the first. */
export function bareNewline({ bareLf, bareCr }: { bareLf: number; bareCr: number }, line: number): Reply {
  const found = [bareLf > 0 ? `${bareLf} bare LF` : '', bareCr > 0 ? `${bareCr} bare CR` : ''];
  const what = found.filter(Boolean).join(' and ');
  const where = bareLf + bareCr > 1 ? `the first in line ${line}` : `in line ${line}`;
  return reply(550, '5.5.2', `Message refused: ${what}, ${where}; lines must end in CRLF (--bare-newlines)`);
}

export const replies = {
  shuttingDown: reply(421, '4.3.2', 'Mailscope is shutting down, try again later'),
  idle: reply(421, '4.4.2', 'Idle for too long, closing the connection'),
  lineTimeout: reply(421, '4.4.2', 'The line was not finished in time, closing the connection'),
  messageTooSlow: reply(421, '4.4.2', 'The message came too slowly, closing the connection'),
  tooManyConnections: reply(421, '4.7.0', 'Too many connections, try again later (limit: --max-connections)'),
  tooManyForFiles: reply(
    421,
    '4.7.0',
    'Too many connections, try again later (limit: open files, ulimit -n)',
  ),
  tooManyErrors: reply(421, '4.7.0', 'Too many errors, closing the connection'),
  internal: reply(451, '4.3.0', 'Internal error, the message was not stored; see the log of Mailscope'),
  lineTooLong: reply(500, '5.5.2', 'Line too long'),
  bareLfCommand: reply(
    550,
    '5.5.2',
    'Command refused: its line ends in a bare LF; lines must end in CRLF (--bare-newlines)',
  ),
  unknownCommand: reply(500, '5.5.2', 'Command not recognized'),
  notImplemented: reply(502, '5.5.1', 'Command not implemented'),
  helloFirst: reply(503, '5.5.1', 'Say EHLO first'),
  startTlsFirst: reply(530, '5.7.0', 'Must issue a STARTTLS command first'),
  authNeedsTls: reply(538, '5.7.11', 'Encryption required for AUTH: issue STARTTLS first'),
  authLineTooLong: reply(500, '5.5.6', 'Authentication exchange line is too long'),
  authArguments: reply(501, '5.5.4', 'Syntax: AUTH mechanism [initial-response]; there is a word too many'),
  authNotOffered: reply(502, '5.5.1', 'AUTH is not offered on this port'),
  authAgain: reply(503, '5.5.1', 'Already authenticated'),
  authInTransaction: reply(503, '5.5.1', 'AUTH is not allowed during a mail transaction'),
  unknownMechanism: reply(504, '5.5.4', 'Unrecognized authentication mechanism'),
  authenticated: reply(235, '2.7.0', 'Authentication successful'),
  startTlsNotOffered: reply(502, '5.5.1', 'STARTTLS is not offered on this port'),
  startTlsAgain: reply(503, '5.5.1', 'TLS is already active'),
  startTlsArguments: reply(501, '5.5.4', 'Syntax: STARTTLS takes no arguments'),
  startTlsReady: reply(220, '2.0.0', 'Ready to start TLS'),
  xclientNotOffered: reply(550, '5.7.0', 'XCLIENT is not offered on this port (--xclient)'),
  xclientWithheld: reply(550, '5.7.0', 'XCLIENT is not offered: the reply to EHLO did not have it'),
  // The code of Postfix, whose log alone it would be for.
  xforwardNotOffered: reply(550, '5.7.0', 'XFORWARD is not offered; XCLIENT can be (--xclient)'),
  // RFC 5321 3.1: a client that was refused by the greeting may only say QUIT.
  refusedAtGreeting: reply(503, '5.5.1', 'The greeting refused the session; only QUIT is taken'),
  needRecipient: reply(503, '5.5.1', 'Need RCPT command first'),
  bdatSyntax: reply(
    501,
    '5.5.4',
    'Syntax: BDAT size [LAST]; closing, since the chunk behind it cannot be framed',
  ),
  bdatNotOffered: reply(502, '5.5.1', 'BDAT is not offered: the reply to EHLO had no CHUNKING'),
  tooManyChunks: reply(421, '4.5.0', 'Too many BDAT chunks, closing the connection'),
  engineGone: reply(421, '4.3.0', 'Internal error, closing the connection; see the log of Mailscope'),
  bdatUnderWay: reply(503, '5.5.1', 'Only BDAT, RSET, NOOP and QUIT are allowed between BDAT chunks'),
  httpOnSmtp: reply(421, '4.7.0', 'This is an SMTP port, but an HTTP request came'),
  proxyExpected: reply(421, '4.3.2', 'A PROXY protocol header was expected on this port'),
  tlsExpected: reply(421, '4.7.0', 'This port expects TLS from the first byte (implicit TLS)'),
} as const satisfies Record<string, Reply>;
