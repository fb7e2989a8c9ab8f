// A client that left with the reply to EHLO: what it may have looked for there, as its own log alone tells that.
import type { Connection } from './connection.ts';

/** The port that has it speaks SMTP, which is of no use to a client of LMTP. */
export const hintForStartTls = ({ options: { hints, listener } }: Connection): string | null =>
  listener.protocol === 'lmtp' ? null : hints.startTls;

/** What EHLO did not offer at this moment, of that which clients insist on. */
function lacking({ options, recorder, user }: Connection, offered: ReadonlySet<string>): string[] {
  const lacks: string[] = [];
  if (!recorder.secure && !offered.has('STARTTLS')) lacks.push('STARTTLS');
  if (offered.has('AUTH'))
    lacks.push(
      `AUTH by another mechanism than ${options.mechanisms.join(', ').replace(/, ([^,]+)$/, ' and $1')}`,
    );
  else if (user === null) lacks.push(options.listener.auth === 'none' ? 'AUTH' : 'AUTH before TLS');
  // Postfix leaves so with a message that is larger.
  lacks.push(`a SIZE over ${options.limits.maxSize}`);
  return lacks;
}

/** Goes behind a sentence that says how it left. Empty where its last command was another than an EHLO that was accepted. */
export function explainLeavingAtOffer(connection: Connection, lastCommandLine: number): string {
  const { auth, ehlo, messages, transactions } = connection.recorder.session;
  const last = ehlo.at(-1);
  if (!last || last.verb === 'HELO' || last.line !== lastCommandLine) return '';
  if (messages > 0 || auth.length > 0 || transactions.length > 0) return '';
  if (connection.withheld.size > 0)
    return `; it may insist on what a simulated failure kept out of the reply to EHLO (${[...connection.withheld].join(', ')})`;
  const lacks = lacking(connection, new Set(last.offered.map(({ keyword }) => keyword)));
  const startTls = hintForStartTls(connection);
  const elsewhere = lacks[0] === 'STARTTLS' && startTls !== null ? `; ${startTls}` : '';
  return `; a mere check of the port does so, and a client that insists on what is not offered here (${lacks.join(', or ')})${elsewhere}`;
}
