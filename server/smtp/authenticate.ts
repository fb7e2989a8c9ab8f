// AUTH (RFC 4954): our policy, the exchange by one of our mechanisms, each step recorded with its secrets masked.
import { randomBytes } from 'node:crypto';
import type { AuthAttempt } from '../../shared/session.ts';
import type { Reply } from '../../shared/transaction.ts';
import { maskResponse, shownMechanism } from './auth/mask.ts';
import { mechanisms, secretStep, type AuthVerdict } from './auth/mechanisms.ts';
import { refuse, type Command } from './command.ts';
import type { Connection } from './connection.ts';
import { markUsed, noteImpatience, recordAttempt } from './facts.ts';
import { readLine } from './read-line.ts';
import { formatReplyLine, replies, reply } from './replies.ts';
import { answerFault, endByFault, findFault, nameOfFault } from './simulated.ts';

const authLineTooLong = { ...replies.authLineTooLong, enhanced: '5.5.6' };

export async function authenticate(connection: Connection, command: Command): Promise<void> {
  const { recorder } = connection;
  const words = command.content
    .toString('latin1')
    .replace(/^AUTH=/i, 'AUTH ')
    .trim()
    .split(/\s+/);
  const mechanism = (words[1] ?? '').toUpperCase();
  const initial = words[2] ?? null;
  const attempt: AuthAttempt = {
    mechanism: shownMechanism(mechanism, connection.options.recordCredentials),
    line: command.line,
    secure: recorder.secure,
    initialResponse: initial !== null,
    steps: [],
    user: null,
    authorizationId: null,
    secret: null,
    credential: null,
    ok: false,
    code: null,
    reason: 'The client left before AUTH was over.',
  };
  recordAttempt(connection, attempt);
  markUsed(connection, 'AUTH');

  const refusal =
    refuseByPolicy(connection, mechanism) ?? (words.length > 3 ? replies.authArguments : undefined);
  if (refusal) {
    connection.secretsMayFollow = true;
    Object.assign(attempt, { code: refusal.code, reason: `${refusal.text}.` });
    const cause = recorder.marks.causes[refusal.code];
    if (cause) attempt.cause = cause;
    await refuse(connection, refusal);
    return leaveAuth(connection);
  }
  const tooLong = { value: false };
  const found = await exchange(connection, attempt, mechanism, initial, command.line, tooLong);
  const verdict: AuthVerdict = tooLong.value
    ? { ...found, reply: authLineTooLong, reason: `${authLineTooLong.text} (RFC 4954 section 4).` }
    : found;
  Object.assign(attempt, {
    user: verdict.user,
    authorizationId: verdict.authorizationId,
    secret: verdict.secret,
    reason: verdict.reason,
  });
  if (connection.options.recordCredentials) attempt.credential = verdict.credential;
  recorder.session.user = verdict.user ?? recorder.session.user;
  recorder.session.mechanism = mechanism;
  // Whoever left has no reply; the phase stays AUTH, since that is where it ended.
  if (connection.over || (connection.reader.ended && verdict.reply.code === 421)) return;
  await answer(connection, attempt, verdict);
  leaveAuth(connection);
}

function leaveAuth(connection: Connection): void {
  connection.recorder.settlePhase();
  connection.recorder.changed();
}

/** The reply that refuses AUTH before any mechanism begins. */
function refuseByPolicy(connection: Connection, mechanism: string): Reply | undefined {
  const { listener, mechanisms: offered } = connection.options;
  if (listener.tls === 'required' && !connection.recorder.secure) return replies.startTlsFirst;
  if (listener.auth === 'none' || connection.withheld.has('AUTH')) return replies.authNotOffered;
  if (!connection.greeted) return replies.helloFirst;
  if (connection.user !== null) return replies.authAgain;
  if (connection.transactions.current) return replies.authInTransaction;
  if (!connection.recorder.secure && listener.authNeedsTls) return replies.authNeedsTls;
  if (!mechanism) return reply(501, '5.5.4', `Syntax: AUTH mechanism; offered are ${offered.join(', ')}`);
  if (!offered.includes(mechanism) || !mechanisms[mechanism])
    return {
      ...replies.unknownMechanism,
      text: `${replies.unknownMechanism.text}; offered are ${offered.join(', ')}`,
    };
  return undefined;
}

async function exchange(
  connection: Connection,
  attempt: AuthAttempt,
  mechanism: string,
  initial: string | null,
  commandLine: number,
  tooLong: { value: boolean },
): Promise<AuthVerdict> {
  const { recorder, options } = connection;
  let line = commandLine;
  let responses = initial === null ? 0 : 1;
  return mechanisms[mechanism]!(
    {
      initial,
      async challenge(base64) {
        // The step is described while the challenge is on its way.
        line = recorder.log.count;
        await connection.write(`334 ${base64}\r\n`);
        const read = await readLine(connection, 'auth', options.limits.maxAuthLine);
        if (!read) return null;
        if (!read.complete && read.bytes.length === 0) {
          tooLong.value = true;
          return null;
        }
        const content = read.bytes.toString('latin1').replace(/\r?\n$/, '');
        const secret = !options.recordCredentials && secretStep(mechanism, responses++, content);
        const shown = secret ? maskResponse(read.bytes) : { bytes: read.bytes, masked: false };
        line = recorder.clientLine('auth', read, shown.bytes, shown.masked);
        if (recorder.cameBeforeReply(read.chunk)) noteImpatience(connection, 'A response', 'AUTH', line);
        return read.complete ? content : null;
      },
      describe(step) {
        if (attempt.steps.length < 20) attempt.steps.push({ ...step, line, atUs: recorder.now() });
      },
    },
    options.accounts,
    randomBytes,
  );
}

/** Whether a simulated failure took the place of the answer to credentials that came whole. */
async function meetFault(
  connection: Connection,
  attempt: AuthAttempt,
  verdict: AuthVerdict,
): Promise<boolean> {
  const isJudged = verdict.ok || verdict.reply.code === 535;
  const fault = isJudged ? findFault(connection, 'auth', { user: verdict.user }) : undefined;
  const said = fault && (await answerFault(connection, fault));
  if (!said) return false;
  attempt.code = said.reply?.code ?? null;
  attempt.reason = said.reply
    ? `It was refused by ${nameOfFault(fault)}, whatever the credentials were.`
    : `It was left without an answer by ${nameOfFault(fault)}.`;
  connection.secretsMayFollow = true;
  await endByFault(connection, fault);
  const { ended } = connection;
  // It was told so in the middle of the wait.
  if (ended?.how === 'shutdown')
    Object.assign(attempt, { code: replies.shuttingDown.code, reason: ended.text });
  return true;
}

async function answer(connection: Connection, attempt: AuthAttempt, verdict: AuthVerdict): Promise<void> {
  if (await meetFault(connection, attempt, verdict)) return;
  if (verdict.ok && verdict.user !== null) {
    const answered = await connection.options.engine.login(connection.port!, verdict.user);
    if (answered?.code === 235) {
      attempt.ok = true;
      attempt.code = 235;
      connection.user = verdict.user;
      connection.errors = 0;
      await connection.write(formatReplyLine(verdict.reply));
      return;
    }
    attempt.reason = 'The engine did not take the login; this is a fault of Mailscope.';
    verdict = {
      ...verdict,
      reply: { code: 454, enhanced: '4.7.0', text: 'Temporary authentication failure' },
    };
  }
  attempt.code = verdict.reply.code;
  connection.secretsMayFollow = true;
  await refuse(connection, verdict.reply);
}
