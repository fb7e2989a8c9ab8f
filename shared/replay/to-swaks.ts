// A session as one command of swaks.
import type { Session } from '../session.ts';
import type { TranscriptLine } from '../transcript.ts';
import { commandOf, formatCommand, type Command } from './shell-command.ts';
import { shellQuote } from './shell-quote.ts';
import { hasControl, planOf, tellParameters, type Plan, type ReplayOptions } from './target.ts';

const mechanisms = new Set(['PLAIN', 'LOGIN', 'CRAM-MD5', 'CRAM-SHA1', 'DIGEST-MD5', 'NTLM']);

// swaks takes any word that begins with a hyphen for an option, also behind "=" and from the environment: an address
// such as --pipe=... would be run. It also asks for what is empty, and takes "0" for empty.
const isPossible = (value: string): boolean =>
  value !== '' && value !== '0' && !value.startsWith('-') && !hasControl(value);

function authOptions({ auth }: Plan, refuse: (what: string) => void): string[][] {
  if (!auth) return [];
  const mechanism = auth.mechanism.toUpperCase();
  const user = auth.user ?? '';
  if (!mechanisms.has(mechanism)) {
    refuse(`AUTH ${mechanism.slice(0, 40)}`);
    return [];
  }
  if (user !== '' && !isPossible(user)) {
    refuse('the user name');
    return [];
  }
  if (auth.authorizationId) refuse('the authorization id');
  return [
    ['--auth', mechanism],
    ['--auth-user', shellQuote(user || '<>')],
    // The shell stops with a message where it is not set.
    ['--auth-password', '"${SMTP_PASSWORD:?}"'],
  ];
}

function envelopeOptions({ transaction }: Plan, refuse: (what: string) => void): string[][] {
  if (!transaction) return [];
  const { from, recipients } = transaction;
  const isSender = from.address === '' || isPossible(from.address);
  if (!isSender) refuse('the sender');
  const params = [from, ...recipients].flatMap((one) => one.params.map(({ name }) => name.toUpperCase()));
  const names = [...new Set(params)].filter((name) => /^[A-Z0-9-]{1,40}$/.test(name));
  if (params.length > 0) refuse(tellParameters(names));
  // Commas separate addresses, also within quotes.
  const possible = recipients
    .map(({ address }) => address)
    .filter((to) => isPossible(to) && !to.includes(','));
  if (possible.length < recipients.length)
    refuse(`${recipients.length - possible.length} of ${recipients.length} recipients`);
  return [
    ...(isSender ? [['--from', shellQuote(from.address || '<>')]] : []),
    ...(possible.length > 0 ? [['--to', shellQuote(possible.join(','))]] : []),
  ];
}

/** Where the session ended before a message was sent. */
function stopOptions({ transaction, message, auth, tls, ehlo }: Plan, session: Session): string[][] {
  if (message) return [];
  const point = transaction
    ? transaction.recipients.length > 0
      ? 'RCPT'
      : 'MAIL'
    : auth
      ? 'AUTH'
      : tls && !session.ehlo.some(({ secure }) => secure)
        ? 'TLS'
        : ehlo
          ? 'EHLO'
          : 'CONNECT';
  return [[session.ended?.how === 'quit' ? '--quit-after' : '--drop-after', point]];
}

// swaks changes what it is given (\n, %DATE%, "From "), unless it is told not to; then dots and the end are ours.
const toWire = `perl -0777 -pe 's/(\\A|\\r\\n)\\./$1../g; s/(\\r\\n)?\\z/\\r\\n./'`;

/** The password is taken from the variable SMTP_PASSWORD. */
export function toSwaks(session: Session, lines: TranscriptLine[], options: ReplayOptions = {}): Command {
  const plan = planOf(session, lines, options);
  const { ehlo, tls, message, notes } = plan;
  const refuse = (what: string): void => void notes.push(`swaks cannot repeat ${what}.`);
  const host = plan.host.includes(':') ? `[${plan.host}]` : plan.host;
  const hasHost = isPossible(host);
  if (!hasHost) refuse('the host');
  if (ehlo && !isPossible(ehlo.name)) refuse(`the name in ${ehlo.verb}`);
  const protocol = { LHLO: 'LMTP', HELO: 'SMTP', EHLO: null }[ehlo?.verb ?? 'EHLO'];
  const isTls = tls !== undefined;
  if (plan.transaction?.data?.command === 'BDAT') refuse('BDAT; it sends by DATA');
  const words = [
    ['--server', shellQuote(hasHost ? host : '127.0.0.1')],
    ['--port', String(plan.port)],
    ...(protocol ? [['--protocol', protocol]] : []),
    ...(ehlo && isPossible(ehlo.name) ? [['--helo', shellQuote(ehlo.name)]] : []),
    ...(isTls ? [[tls.mode === 'starttls' ? '--tls' : '--tls-on-connect']] : []),
    ...(tls?.sni && isPossible(tls.sni) ? [['--tls-sni', shellQuote(tls.sni)]] : []),
    ...authOptions(plan, refuse),
    ...(lines.some(({ pipelined }) => pipelined) ? [['--pipeline']] : []),
    ...envelopeOptions(plan, refuse),
    ...stopOptions(plan, session),
    ...(message ? [['--no-data-fixup'], ['--data', '-']] : []),
  ];
  return commandOf(plan, options, [toWire, formatCommand('swaks', words)]);
}
