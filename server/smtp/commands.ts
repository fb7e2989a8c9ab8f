// The dialogue: one command at a time, recorded, judged by the gate where it must be, otherwise by the engine.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Reply } from '../../shared/transaction.ts';
import { steadyUs } from '../clock.ts';
import { isBase64Line, maskAuthLine, maskUnknown } from './auth/mask.ts';
import { authenticate } from './authenticate.ts';
import { receiveBdat } from './bdat.ts';
import { clientLeft, unansweredHandshake } from './client-left.ts';
import { knownVerbs, refuse, toEngine, withoutEnding, type Command } from './command.ts';
import type { Connection } from './connection.ts';
import { receiveData } from './data.ts';
import { hello, mailFrom, rcptTo, refusedMail } from './envelope.ts';
import { inspectCommand, notePipelining, recordCause } from './facts.ts';
import { explainLeavingAtOffer } from './left-at-offer.ts';
import { tellTurnedAway } from './moment.ts';
import { readLine, readWholeLine } from './read-line.ts';
import type { ReadLine } from './reader.ts';
import { formatLines, parseReply, replies, reply } from './replies.ts';
import { startSecure } from './secure.ts';
import { answerFault, endByFault, findFault } from './simulated.ts';
import { awaitBytes, isHttpRequest, mayBeStray, refuseHttp, strayFirstBytes } from './stray.ts';
import { explainEarlyLeave } from './tls/explain.ts';
import { xclient } from './xclient.ts';

/** AUTH is refused where its attempt is recorded. */
const beforeTls = new Set(['EHLO', 'HELO', 'LHLO', 'STARTTLS', 'AUTH', 'NOOP', 'RSET', 'QUIT', 'HELP']);
const duringBdat = new Set(['BDAT', 'RSET', 'NOOP', 'QUIT', 'HELP']);
const withoutArguments = new Set(['DATA', 'RSET', 'QUIT']);
const notImplemented = new Set(['EXPN', 'ETRN', 'TURN', 'ATRN', 'SEND', 'SOML', 'SAML', 'BURL']);

/** How long the commands of one client that are here already are served before others have their turn. */
const turnUs = 20_000;

/** Serves commands until the session ends. */
export async function serveCommands(connection: Connection): Promise<void> {
  let sinceUs = steadyUs();
  for (;;) {
    if (steadyUs() - sinceUs > turnUs) {
      await nextTurn();
      sinceUs = steadyUs();
    }
    if (connection.draining && !connection.over) {
      await connection.endWith(replies.shuttingDown, 'shutdown', 'Mailscope was shutting down.');
    }
    // Without await where there is nothing to wait for: each turn costs, and a message has many.
    if (connection.lagsBehind) await connection.keepPace();
    if (connection.over) return;
    if (connection.reader.buffered === 0) await awaitBytes(connection);
    if (mayBeStray(connection) && (await strayFirstBytes(connection))) return;
    const max = connection.options.limits.maxAuthLine;
    const line = readWholeLine(connection, max) ?? (await readLine(connection, 'command', max));
    if (!line) return clientLeft(connection);
    // An empty one was overlong and is answered.
    if (line.bytes.length > 0) {
      const command = recordCommand(connection, line);
      // At the end of the stream a line without its ending was cut off; it is recorded and not carried out.
      if (!line.complete) return clientLeft(connection, { cut: true });
      await serve(connection, command);
    }
    if (connection.over) return;
    if (isOverLimits(connection)) await enforceLimits(connection);
  }
}

const isOverLimits = ({ port, errors, options }: Connection): boolean =>
  port?.gone === true || errors > options.limits.maxErrors;

async function enforceLimits(connection: Connection): Promise<void> {
  const { maxErrors } = connection.options.limits;
  if (connection.port?.gone) {
    await connection.endWith(replies.engineGone, 'error', 'The protocol engine ended unexpectedly.');
  } else if (connection.errors > maxErrors) {
    const text = `The client made more than ${maxErrors} errors in a row.`;
    connection.recorder.anomaly('too-many-errors', connection.lastCommandLine, text);
    await connection.endWith(replies.tooManyErrors, 'limit', text);
  }
}

function recordCommand(connection: Connection, line: ReadLine): Command {
  const { recorder, transactions } = connection;
  const { content, bareLf } = withoutEnding(line);
  const verb = /^([A-Za-z]+)(?:[ \t=]|$)/.exec(content.toString('latin1', 0, 32))?.[1]?.toUpperCase() ?? '';
  const shown = showLine(connection, line.bytes, verb);
  if (verb === 'MAIL' && !transactions.current) {
    recorder.phase = `transaction ${transactions.next}`;
    recorder.transaction = transactions.next;
  } else if (verb === 'AUTH') recorder.phase = 'auth';
  else if (verb === 'QUIT') recorder.phase = 'quit';
  const number = recorder.clientLine('command', line, shown.bytes, shown.masked);
  recorder.session.commands++;
  const previousLine = connection.lastCommandLine;
  connection.lastCommandLine = number;
  const control = inspectCommand(connection, { content, bareLf }, number);
  // Before the greeting it is early, which is another anomaly.
  if (recorder.session.commands > 1 && recorder.cameBeforeReply(line.chunk))
    notePipelining(connection, verb, number);
  connection.lastVerb = verb;
  return { verb, content, bareLf, line: number, previousLine, control };
}

/** The bytes of a command line as they may be kept. */
function showLine(connection: Connection, bytes: Buffer, verb: string): { bytes: Buffer; masked: boolean } {
  if (connection.options.recordCredentials) return { bytes, masked: false };
  if (verb === 'AUTH') return maskAuthLine(bytes);
  if (knownVerbs.has(verb)) {
    connection.secretsMayFollow = false;
    return { bytes, masked: false };
  }
  const isResponse = connection.recorder.session.auth.length > 0 && isBase64Line(bytes);
  const { inAuth, ...shown } = maskUnknown(bytes, connection.secretsMayFollow || isResponse);
  connection.secretsMayFollow = inAuth;
  return shown;
}

/** The reply to a command that is refused before it is looked at more closely. */
function refuseByPolicy(
  { options, recorder, chunked, refusedAtGreeting, withheld }: Connection,
  { verb, content, bareLf, control }: Command,
): Reply | undefined {
  const { listener, limits } = options;
  if (content.length > limits.maxCommand && verb !== 'AUTH') {
    const text = `Line too long: ${content.length} bytes, at most ${limits.maxCommand} are taken`;
    return reply(500, '5.5.2', text);
  }
  if (bareLf && listener.bareNewlines === 'refuse') return replies.bareLfCommand;
  // The parsers of MAIL and RCPT say more.
  if (control && verb !== 'MAIL' && verb !== 'RCPT')
    return reply(501, '5.5.2', `Control character ${control.name} at position ${control.position}`);
  if (refusedAtGreeting && verb !== 'QUIT') return replies.refusedAtGreeting;
  if (!knownVerbs.has(verb)) return undefined;
  // RFC 5321 4.1.1. Blanks at the end of the line are no argument.
  if (withoutArguments.has(verb) && /\S/.test(content.toString('latin1', verb.length)))
    return reply(501, '5.5.4', `Syntax: ${verb} takes no arguments`);
  if (verb === 'BDAT' && withheld.has('CHUNKING')) return replies.bdatNotOffered;
  if (chunked && !duringBdat.has(verb)) return replies.bdatUnderWay;
  if (listener.tls === 'required' && !recorder.secure && !beforeTls.has(verb)) return replies.startTlsFirst;
  return undefined;
}

async function serve(connection: Connection, command: Command): Promise<void> {
  const { listener, limits } = connection.options;
  const { recorder, transactions } = connection;
  const { verb, content } = command;
  const lmtp = listener.protocol === 'lmtp';
  if (content.length > limits.maxCommand && verb !== 'AUTH')
    recorder.anomaly('overlong-command', command.line, `A command line of ${content.length} bytes.`);
  if (isHttpRequest(content)) return refuseHttp(connection, command.line);
  const refusal = refuseByPolicy(connection, command);
  if (refusal) {
    if (verb === 'BDAT') return receiveBdat(connection, command, refusal);
    if (verb === 'AUTH') connection.secretsMayFollow = true;
    await refuse(connection, refusal);
    recorder.refused(verb, refusal);
    recordCause(connection, command, refusal);
    if (verb === 'MAIL' && !transactions.current) refusedMail(connection, command, refusal);
    return recorder.settlePhase();
  }
  switch (verb) {
    case 'EHLO':
    case 'HELO':
    case 'LHLO':
      if ((verb === 'LHLO') !== lmtp) {
        const wrong = reply(500, '5.5.1', lmtp ? 'This is LMTP: say LHLO' : 'This is SMTP: say EHLO');
        recordCause(connection, command, wrong);
        return refuse(connection, wrong);
      }
      return hello(connection, command, verb);
    case 'MAIL':
      return mailFrom(connection, command);
    case 'RCPT':
      return rcptTo(connection, command);
    case 'DATA':
      return receiveData(connection, command);
    case 'BDAT':
      return receiveBdat(connection, command);
    case 'AUTH':
      return authenticate(connection, command);
    case 'STARTTLS':
      return startSecure(connection, command);
    case 'XCLIENT':
      return xclient(connection, command);
    case 'XFORWARD':
      return refuse(connection, replies.xforwardNotOffered);
    default:
      if (toEngine.has(verb)) return forward(connection, command);
      if (notImplemented.has(verb))
        return refuse(connection, { ...replies.notImplemented, text: `${verb} is not implemented` });
      if (verb === 'PROXY')
        connection.recorder.anomaly(
          'proxy-header-unexpected',
          command.line,
          'A PROXY protocol header came, but this listener does not take one (proxy=true).',
        );
      return refuse(connection, replies.unknownCommand);
  }
}

/** Gives a command to the engine and its reply to the client. */
async function forward(connection: Connection, { verb, content, previousLine }: Command): Promise<void> {
  const { transactions } = connection;
  if (verb === 'QUIT' && (await faultAtQuit(connection))) return;
  const answered = await connection.port!.ask(Buffer.concat([content, crlfBytes]));
  if (!answered || connection.over) return;
  const said = parseReply(answered.lines);
  if (verb === 'QUIT') {
    transactions.reset('QUIT');
    // It may as well be the end of a mere check of the port, so that the handshake is not called failed.
    const unanswered = unansweredHandshake(connection, previousLine);
    const turnedAway = tellTurnedAway(connection.recorder);
    const atOffer = turnedAway ? '' : explainLeavingAtOffer(connection, previousLine);
    const when = turnedAway ?? (atOffer && `after ${connection.recorder.session.ehlo.at(-1)!.verb}`);
    const plain = `The client said QUIT${when ? ` ${when},` : ''} and we closed the connection${atOffer}.`;
    connection.end('client', 'quit', unanswered ? explainEarlyLeave(unanswered, 'quit') : plain);
  }
  await connection.write(formatLines(answered.lines));
  if (verb === 'RSET' && said.code === 250) {
    await connection.abandonChunks();
    transactions.reset('RSET');
    connection.recorder.settlePhase();
  }
  if (said.code >= 500) connection.errors++;
}

/** Whether a simulated failure took the place of what QUIT does. */
async function faultAtQuit(connection: Connection): Promise<boolean> {
  const fault = findFault(connection, 'quit');
  const said = fault && (await answerFault(connection, fault));
  if (!said) return false;
  if (fault.then !== 'continue') connection.transactions.reset('QUIT');
  await endByFault(connection, fault);
  connection.recorder.settlePhase();
  return true;
}

const crlfBytes = Buffer.from('\r\n');
