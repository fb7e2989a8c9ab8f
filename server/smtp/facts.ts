// Facts that commands leave in the record: EHLO offered and used, anomalies of a line.
import type { AuthAttempt } from '../../shared/session.ts';
import type { Reply } from '../../shared/transaction.ts';
import type { Command } from './command.ts';
import type { Connection } from './connection.ts';
import { findControlCharacter } from './path-command.ts';

const maxEhlo = 100;
const maxAttempts = 200;

/** Keeps an EHLO and what was offered in answer to it. */
export function recordEhlo(
  connection: Connection,
  line: number,
  verb: 'EHLO' | 'HELO' | 'LHLO',
  name: string,
  keywords: string[],
): void {
  const { session, secure } = connection.recorder;
  session.clientName = name;
  if (session.ehlo.length >= maxEhlo) return;
  session.ehlo.push({
    line,
    verb,
    name,
    secure,
    offered: keywords.map((entry) => {
      const blank = entry.indexOf(' ');
      return blank < 0
        ? { keyword: entry, params: '', used: false }
        : { keyword: entry.slice(0, blank), params: entry.slice(blank + 1), used: false };
    }),
  });
}

/** Keeps that EHLO, STARTTLS or XCLIENT was refused: for want of it what comes behind it is, or the client gives up; the first is the cause. */
export function recordCause(connection: Connection, { verb, line }: Command, reply: Reply): void {
  const { recorder, greeted, options } = connection;
  const { causes } = recorder.marks;
  const refused = { command: verb, reply, line };
  const isHello = /^(?:EHLO|HELO|LHLO)$/.test(verb) && !greeted;
  if (isHello) causes[503] ??= refused;
  if (verb === 'STARTTLS' && options.listener.tls === 'required' && !recorder.secure) causes[530] ??= refused;
  if (isHello || verb === 'STARTTLS' || verb === 'XCLIENT') recorder.marks.turnedAway ??= refused;
}

/** Keeps an AUTH, whatever comes of it. */
export function recordAttempt({ recorder: { session } }: Connection, attempt: AuthAttempt): void {
  if (session.auth.length < maxAttempts) session.auth.push(attempt);
  else session.truncated = true;
}

/** Marks an extension as used in the newest EHLO that offered it. */
export function markUsed(connection: Connection, keyword: string): void {
  const { ehlo } = connection.recorder.session;
  const offer = ehlo.at(-1)?.offered.find((entry) => entry.keyword === keyword);
  if (offer) offer.used = true;
}

/** Any EHLO counts: the one behind a login offers AUTH no more. */
export const wasOffered = ({ recorder }: Connection, keyword: string): boolean =>
  recorder.session.ehlo.some(({ offered }) => offered.some((entry) => entry.keyword === keyword));

/** RFC 2920 3.1 for most; RFC 3207 and RFC 4954 have the client wait as well. */
const endsGroup = new Set([
  'EHLO',
  'HELO',
  'LHLO',
  'DATA',
  'VRFY',
  'EXPN',
  'TURN',
  'QUIT',
  'NOOP',
  'STARTTLS',
  'AUTH',
  'XCLIENT',
]);

/** A command came before the reply to the one before it: with PIPELINING that is right for some (RFC 2920 3.1). */
export function notePipelining(connection: Connection, verb: string, line: number): void {
  const { recorder, lastVerb } = connection;
  const offered = recorder.session.ehlo.at(-1)?.offered.some(({ keyword }) => keyword === 'PIPELINING');
  if (endsGroup.has(lastVerb)) noteImpatience(connection, verb || 'A command', lastVerb, line);
  else if (offered) markUsed(connection, 'PIPELINING');
  else
    recorder.anomaly(
      'illegal-pipelining',
      line,
      `${verb || 'A command'} was sent before the reply to the command before it, without PIPELINING having been offered.`,
    );
}

/** What came before the reply to a command that the client has to wait for. */
export function noteImpatience({ recorder }: Connection, what: string, verb: string, line: number): void {
  recorder.anomaly(
    'illegal-pipelining',
    line,
    `${what} was sent before the reply to ${verb}, which must be the last of a group of commands (RFC 2920 3.1).`,
  );
}

/** Notes what is odd about a command line; the position of a control character that forbids it. */
export function inspectCommand(
  { recorder }: Connection,
  { content, bareLf }: Pick<Command, 'content' | 'bareLf'>,
  number: number,
): Command['control'] {
  if (bareLf)
    recorder.anomaly('bare-lf', number, 'A command line ended in a bare LF; RFC 5321 2.3.8 wants CRLF.');
  const control = findControlCharacter(content);
  if (control) {
    const kind = content.includes(0) ? 'nul' : content.includes(13) ? 'bare-cr' : 'control-character';
    recorder.anomaly(
      kind,
      number,
      `A command held the control character ${control.name} at position ${control.position}.`,
    );
  }
  return control;
}
