// A session as one command of curl.
import type { Session } from '../session.ts';
import type { TranscriptLine } from '../transcript.ts';
import { commandOf, formatCommand, type Command } from './shell-command.ts';
import { shellQuote } from './shell-quote.ts';
import { hasControl, planOf, tellParameters, type Plan, type ReplayOptions } from './target.ts';
import { toWellFormed } from './well-formed.ts';

const passwords = new Set([
  'PLAIN',
  'LOGIN',
  'CRAM-MD5',
  'DIGEST-MD5',
  'NTLM',
  'SCRAM-SHA-1',
  'SCRAM-SHA-256',
]);
const tokens = new Set(['XOAUTH2', 'OAUTHBEARER']);
/** What curl sends by itself where the server offers it. */
const ownParameters = new Set(['SIZE', 'SMTPUTF8']);

function authOptions({ auth }: Plan, refuse: (what: string) => void): string[][] {
  if (!auth) return [];
  const mechanism = auth.mechanism.toUpperCase();
  const user = auth.user ?? '';
  const isToken = tokens.has(mechanism);
  if (!isToken && !passwords.has(mechanism)) refuse(`AUTH ${mechanism.slice(0, 40)}`);
  // The first colon ends the name.
  else if (user.includes(':') || hasControl(user)) refuse('the user name');
  else
    return [
      ['--user', isToken ? shellQuote(`${user}:`) : `${shellQuote(`${user}:`)}"\${SMTP_PASSWORD:?}"`],
      ...(isToken ? [['--oauth2-bearer', '"${SMTP_TOKEN:?}"']] : []),
      ['--login-options', `AUTH=${mechanism}`],
      ...(auth.initialResponse ? [['--sasl-ir']] : []),
    ];
  return [];
}

function envelopeOptions({ transaction }: Plan, refuse: (what: string) => void): string[][] {
  if (!transaction) return [];
  const { from, recipients } = transaction;
  const params = [...from.params, ...recipients.flatMap((one) => one.params)].map(({ name }) =>
    name.toUpperCase(),
  );
  const names = [...new Set(params)].filter(
    (name) => !ownParameters.has(name) && /^[A-Z0-9-]{1,40}$/.test(name),
  );
  if (names.length > 0) refuse(tellParameters(names));
  // curl takes brackets off, and adds them.
  const isPossible = (address: string): boolean => !hasControl(address) && !/^<|>$/.test(address);
  if (!isPossible(from.address)) refuse('the sender');
  const to = recipients
    .map(({ address }) => address)
    .filter((address) => address !== '' && isPossible(address));
  if (to.length < recipients.length)
    refuse(`${recipients.length - to.length} of ${recipients.length} recipients`);
  return [
    ...(isPossible(from.address) ? [['--mail-from', shellQuote(from.address)]] : []),
    ...to.map((address) => ['--mail-rcpt', shellQuote(address)]),
  ];
}

/** Percent-encoded as in a URL; what has no UTF-8 becomes U+FFFD. */
const encode = (text: string): string => encodeURIComponent(toWellFormed(text));

/** The password is taken from the variable SMTP_PASSWORD, a token from SMTP_TOKEN. */
export function toCurl(session: Session, lines: TranscriptLine[], options: ReplayOptions = {}): Command {
  const plan = planOf(session, lines, options);
  const { ehlo, tls, message, notes } = plan;
  const refuse = (what: string): void => void notes.push(`curl cannot repeat ${what}.`);
  if (ehlo && ehlo.verb !== 'EHLO') refuse(`${ehlo.verb}; it says EHLO`);
  if (tls?.sni && tls.sni !== plan.host) refuse('the server name of the TLS handshake');
  if (!message) refuse('a session without a message; it ends elsewhere');
  if (plan.transaction?.data?.command === 'BDAT') refuse('BDAT; it sends by DATA');
  if (lines.some(({ pipelined }) => pipelined)) refuse('pipelining');
  const isImplicit = tls !== undefined && tls.mode !== 'starttls';
  const host = plan.host.includes(':') ? `[${plan.host}]` : plan.host;
  const hasHost = /^(?:[\w.-]+|\[[0-9a-f.:]+\])$/i.test(host);
  if (!hasHost) refuse('the host');
  const hasName = ehlo && !hasControl(ehlo.name);
  const url = `${isImplicit ? 'smtps' : 'smtp'}://${hasHost ? host : '127.0.0.1'}:${plan.port}${hasName ? `/${encode(ehlo.name)}` : ''}`;
  const words = [
    ['--url', shellQuote(url)],
    ['--globoff'],
    ...(tls?.mode === 'starttls' ? [['--ssl-reqd']] : []),
    ...(tls ? [['--insecure']] : []),
    ...authOptions(plan, refuse),
    ...envelopeOptions(plan, refuse),
    ...(message ? [['--upload-file', '-']] : []),
  ];
  return commandOf(plan, options, [formatCommand('curl --verbose', words)]);
}
