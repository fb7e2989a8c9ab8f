// XCLIENT, as Postfix documents it: the session is that of another client from now on, and starts over with a greeting.
// https://www.postfix.org/XCLIENT_README.html
import { isUtf8 } from 'node:buffer';
import type { Reply } from '../../shared/transaction.ts';
import { decodeXtext } from '../../shared/xtext.ts';
import { parseUserName } from './auth/user-name.ts';
import { refuse, type Command } from './command.ts';
import type { Connection } from './connection.ts';
import { markUsed, recordCause } from './facts.ts';
import { formatLines, parseReply, replies, reply } from './replies.ts';

type Parsed =
  | { given: Record<string, string>; forward: string; problem: null }
  /** The command must be refused with this text. */
  | { problem: string };

const unavailable = new Set(['[UNAVAILABLE]', '[TEMPUNAVAIL]']);
const isUnavailable = (value: string): boolean => unavailable.has(value.toUpperCase());
const available = (value: string | undefined): string | undefined =>
  value === undefined || value === '' || isUnavailable(value) ? undefined : value;

/** xtext (RFC 3461 4), of which the bytes are UTF-8. */
const decode = (value: string): Buffer => Buffer.from(decodeXtext(value), 'latin1');

/** Why the value cannot be that of the attribute; the engine judges the others. */
function findProblem(name: string, bytes: Buffer): string | null {
  if (!isUtf8(bytes)) return 'is not UTF-8';
  const value = bytes.toString();
  if (name === 'PORT' && !isUnavailable(value) && !(/^\d{1,5}$/.test(value) && Number(value) <= 65_535))
    return 'is no port';
  return name === 'LOGIN' && parseUserName(bytes).problem !== null ? 'is no user name' : null;
}

function parse(content: Buffer): Parsed {
  const given = new Map<string, string>();
  const forward = ['XCLIENT'];
  for (const pair of content.toString('latin1').trim().split(/\s+/).slice(1)) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, equals)).toUpperCase();
    const bytes = decode(pair.slice(equals + 1));
    const shown = /^[A-Z]{1,20}$/.test(name) ? name : 'an attribute';
    if (given.has(name)) return { problem: `${shown} is given twice` };
    const problem = findProblem(name, bytes);
    if (problem !== null) return { problem: `The value of ${shown} ${problem}` };
    const value = bytes.toString();
    given.set(name, value);
    // The engine would keep the login before for one that is unavailable, and takes no UTF-8; it need not know who it is.
    forward.push(name === 'LOGIN' ? `LOGIN=${available(value) === undefined ? '' : 'known'}` : pair);
  }
  return { given: Object.fromEntries(given), forward: forward.join(' '), problem: null };
}

export async function xclient(connection: Connection, command: Command): Promise<void> {
  const { recorder, transactions } = connection;
  const refuseHere = (refusal: Reply): Promise<void> => {
    recordCause(connection, command, refusal);
    return refuse(connection, refusal);
  };
  if (!connection.options.listener.xclient) return refuseHere(replies.xclientNotOffered);
  if (connection.withheld.has('XCLIENT')) return refuseHere(replies.xclientWithheld);
  const parsed = parse(command.content);
  if (parsed.problem !== null) return refuseHere(reply(501, '5.5.4', `XCLIENT: ${parsed.problem}`));
  const answered = await connection.port!.ask(`${parsed.forward}\r\n`);
  if (!answered) return;
  if (answered.code !== 220) return refuseHere(parseReply(answered.lines));
  await connection.write(formatLines(answered.lines));
  markUsed(connection, 'XCLIENT');
  if (recorder.marks.turnedAway?.command === 'XCLIENT') recorder.marks.turnedAway = undefined;
  const { given } = parsed;
  const { session } = recorder;
  if (session.xclient.length < 100) session.xclient.push(given);
  const address = available(given.ADDR)?.replace(/^IPV6:/i, '');
  if (address) {
    session.peer = { address, port: Number(available(given.PORT) ?? 0) };
    // The client that it stands for has not said EHLO yet.
    connection.greeted = false;
  }
  const login = available(given.LOGIN);
  if (login !== undefined) session.user = login;
  if (login !== undefined || address || given.LOGIN !== undefined) connection.user = login ?? null;
  transactions.reset('XCLIENT');
  recorder.changed();
}
