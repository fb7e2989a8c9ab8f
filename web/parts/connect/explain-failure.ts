// Why a session brought no mail, and what to change in the client. The session says the reason; here is the advice.
import { explainReply } from '../../../shared/explain/reply.ts';
import { isRefusal } from '../../../shared/session-failures.ts';
import { isCancelled } from '../../../shared/refusal.ts';
import type { AppliedFault } from '../../../shared/fault.ts';
import type { Session } from '../../../shared/session.ts';
import type { ListenerStatus } from '../../../shared/status.ts';
import type { Reply } from '../../../shared/transaction.ts';
import { faultBehind } from '../simulated.ts';

export interface Failure {
  title: string;
  /** What the session says, in the words of the server. */
  reason: string;
  advice: string;
  /** Whether to show how to trust the CA. */
  isAboutTrust: boolean;
}

type Listeners = readonly ListenerStatus[];
type Tls = ListenerStatus['tls'];

const portOf = (listeners: Listeners, ...wanted: Tls[]): string => {
  const found = listeners.find(({ tls }) => wanted.includes(tls));
  return found ? `port ${found.port} (${found.name})` : 'another listener';
};

/** TLS that was begun or awaited on the wrong port. */
function explainMismatch(session: Session, listeners: Listeners): Failure | null {
  const line = (kind: string): string | null =>
    session.anomalyList.find((anomaly) => anomaly.kind === kind)?.text ?? null;
  const make = (title: string, reason: string, advice: string): Failure => ({
    title,
    reason,
    advice,
    isAboutTrust: false,
  });
  const early = line('tls-on-plain-port');
  if (early !== null)
    return make(
      'It began with TLS on a port that begins in clear',
      early,
      `Use ${portOf(listeners, 'implicit')}, or turn off TLS from the first byte (secure: false, ssl off, STARTTLS instead of SMTPS).`,
    );
  const plain = line('plaintext-on-tls-port');
  if (plain !== null)
    return make(
      'It spoke in clear on a port that begins with TLS',
      plain,
      `Use ${portOf(listeners, 'none', 'offered')}, or turn on TLS from the first byte (secure: true, SMTPS, ssl on).`,
    );
  const http = line('http-on-smtp-port');
  if (http === null) return null;
  return make('It spoke HTTP on a mail port', http, 'The page and the API have a port of their own.');
}

function explainTls(session: Session): Failure | null {
  const failure = session.handshakes.findLast((handshake) => handshake.failure)?.failure;
  if (!failure) return null;
  const isVersion = /protocol_version|handshake_failure|insufficient_security|no_application_protocol/.test(
    failure.alert ?? '',
  );
  return {
    title: 'The TLS handshake failed',
    reason: failure.text,
    advice: isVersion
      ? 'Client and server have no TLS version or cipher in common. Update the TLS library of the client, or let it allow TLS 1.2.'
      : 'Let the client trust the CA of Mailscope, and connect by a name that the certificate has.',
    isAboutTrust: !isVersion,
  };
}

/** By the code that refused AUTH (RFC 4954 section 6, RFC 5321 section 4.2.3). */
const loginAdvice: Partial<Record<number, string>> = {
  501: 'The client sent what is no base64 of the form that the mechanism asks for. The AUTH steps of the session show what it sent.',
  503: 'AUTH came at a place where it may not: twice, or within a transaction.',
  504: 'Let the client use one of the mechanisms that are offered, or start Mailscope with --auth-mechanisms.',
  538: 'This listener takes logins only inside TLS: turn on STARTTLS in the client.',
};

function explainReplyTo(what: string, reply: Reply): Failure {
  const { meaning, advice } = explainReply(reply.code, reply.enhanced, reply.text);
  return {
    title: `${what} was refused with ${reply.code}`,
    reason: [reply.enhanced, reply.text].filter(Boolean).join(' '),
    advice: `${meaning} ${advice}`,
    isAboutTrust: false,
  };
}

const cancelledLogin = (reason: string): Failure => ({
  title: 'The client cancelled the login',
  reason,
  advice:
    'Its own log says why it sent the *: perhaps it has no password, or cannot answer the challenge. The 501 is the right reply to that.',
  isAboutTrust: false,
});

function explainLogin(session: Session): Failure | null {
  const attempt = session.auth.findLast(({ ok }) => !ok);
  if (!attempt) return null;
  if (attempt.cause) return explainReplyTo(attempt.cause.command, attempt.cause.reply);
  if (isCancelled(attempt)) return cancelledLogin(attempt.reason);
  const byCode = loginAdvice[attempt.code ?? 0];
  return {
    title: 'The login was refused',
    reason: attempt.reason,
    advice: attempt.secret?.trailingWhitespace
      ? 'The password ends in white space: look for a line feed in the file or the variable that it comes from.'
      : (byCode ?? 'Any login is accepted, unless Mailscope was started with --user: then use one of those.'),
    isAboutTrust: false,
  };
}

function lastRefusal(session: Session): Reply | null {
  const replies = session.transactions.flatMap(({ from, recipients, reply }) => [
    from.reply,
    ...recipients.map((recipient) => recipient.reply),
    reply,
  ]);
  return replies.findLast(isRefusal) ?? null;
}

/** Outside of a mail. */
function explainTurnedAway({ refusal, ended, listener }: Session, listeners: Listeners): Failure | null {
  if (!refusal) return null;
  const { command, code, enhanced } = refusal;
  const failure = { ...explainReplyTo(command, { code, enhanced, text: '' }), reason: ended?.text ?? '' };
  const hasNoTls = listeners.find(({ name }) => name === listener)?.tls === 'none';
  if (command !== 'STARTTLS' || !hasNoTls) return failure;
  const advice = `This port has no STARTTLS: use ${portOf(listeners, 'offered', 'required')}, or turn TLS off in the client.`;
  return { ...failure, advice };
}

function explainRefusal(session: Session, listeners: Listeners): Failure | null {
  const cause = session.transactions.at(-1)?.cause;
  if (cause) return explainReplyTo(cause.command, cause.reply);
  const reply = lastRefusal(session);
  return reply ? explainReplyTo('The mail', reply) : explainTurnedAway(session, listeners);
}

const others: Partial<Record<Session['outcome'], { title: string; advice: string }>> = {
  'timed-out': {
    title: 'The client went silent',
    advice: 'It waits for something, or its code stopped. The last lines of the transcript show where.',
  },
  aborted: {
    title: 'The client went away in the middle',
    advice: 'It gave up or crashed. The last lines of the transcript show where; its own log says why.',
  },
  interrupted: { title: 'Mailscope stopped while the session ran', advice: 'Send it again.' },
};

function explainNothing(session: Session, listeners: Listeners): { title: string; advice: string } {
  const hasNoTls = listeners.find(({ name }) => name === session.listener)?.tls === 'none';
  if (session.ehlo.length === 0)
    return {
      title: 'Something connected and left',
      advice: 'Health checks and port scanners do that. If it was your client, its own log says why it left.',
    };
  return {
    title: 'The client said hello and left without sending',
    advice: hasNoTls
      ? `Its own log says what it missed. If it was STARTTLS, use ${portOf(listeners, 'offered', 'required')}, or turn TLS off in the client.`
      : 'Its own log says what it missed; EHLO in the transcript lists what is offered.',
  };
}

function explainFault(fault: AppliedFault | undefined): Failure | null {
  if (!fault) return null;
  return {
    title: 'It failed on purpose',
    reason: fault.text,
    advice:
      fault.id === 'bounce-address'
        ? 'The address asks for it: send to another one.'
        : `The fault ${fault.name === null ? '' : `“${fault.name}” `}simulates it: turn it off under Faults to let mail through.`,
    isAboutTrust: false,
  };
}

export function explainFailure(session: Session, listeners: Listeners): Failure {
  const meant = explainFault(faultBehind(session));
  if (meant) return meant;
  const known = explainMismatch(session, listeners) ?? explainTls(session);
  if (known && session.outcome !== 'auth-failed' && session.outcome !== 'refused') return known;
  const refused =
    session.outcome === 'auth-failed' ? explainLogin(session) : explainRefusal(session, listeners);
  if (refused) return refused;
  // Behind the causes that are known: it hung, or did not offer what the client wanted.
  const met = explainFault(session.faultList?.at(-1));
  if (met) return met;
  const other = others[session.outcome] ?? explainNothing(session, listeners);
  return { ...other, reason: session.ended?.text ?? '', isAboutTrust: false };
}
