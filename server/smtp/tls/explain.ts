// One sentence for a developer about a handshake that led nowhere: who ended it, why, and what to check.
import type { ClientHello, TlsHandshake } from '../../../shared/tls.ts';
import { explainVerifyError } from './certificate-facts.ts';
import { findCertificateDoubt } from './certificate-reason.ts';
import { findAlert, type Situation, type TlsFailure } from './ending.ts';
import { explainClientAlert } from './explain-alert.ts';
import { explainDeparture, explainReset, explainStall } from './explain-departure.ts';
import { explainForeignBytes, explainRefusal } from './explain-refusal.ts';

export function explainFailure(situation: Situation): TlsFailure {
  const { ending, wire } = situation;
  const alert = findAlert(situation);
  const failure = (by: TlsFailure['by'], text: string, code: string | null = null): TlsFailure => ({
    code,
    alert: alert?.name ?? null,
    by,
    text,
  });
  switch (ending.kind) {
    case 'tls-error': {
      const code = ending.error.code ?? null;
      if (alert?.from === 'client') return failure('client', explainClientAlert(situation, alert.name), code);
      if (wire.notTls === 'client') return failure('server', explainForeignBytes(situation), code);
      return failure('server', explainRefusal(situation, code ?? ending.error.message), code);
    }
    case 'client-certificate':
      return failure(
        'server',
        `We closed the connection because this listener asks for a client certificate that it can trust, and the one of the client is not: ${explainVerifyError(ending.problem)}; give the client a certificate of a CA that the listener knows.`,
        ending.problem,
      );
    case 'transport-error':
      if (alert?.from === 'client') return failure('client', explainClientAlert(situation, alert.name));
      return failure(
        'client',
        explainReset(situation, ending.error.code ?? ending.error.message),
        ending.error.code,
      );
    case 'client-end':
      if (alert?.from === 'client') return failure('client', explainClientAlert(situation, alert.name));
      return failure('client', explainDeparture(situation));
    case 'timeout':
      return failure('server', explainStall(situation, ending.ms), 'ERR_TLS_HANDSHAKE_TIMEOUT');
    case 'closed':
      return failure(
        'server',
        'The connection was closed on our side in the middle of the handshake: Mailscope is stopping, or a limit or a fault rule ended the session.',
      );
    case 'simulated':
      return failure('server', ending.text);
    case 'unusable-setup':
      return failure(
        'server',
        `We could not start TLS, because the key or the certificate of this listener cannot be used (${ending.error.message}): give Mailscope a matching pair in PEM, or none to have one made.`,
        ending.error.code ?? null,
      );
  }
}

/**
 * The handshake completed and the client left before any other SMTP command than QUIT. Who checks the certificate only
 * afterwards does that. Without a word go Node.js over TLS 1.2, GnuTLS, and for the host name PHP, curl and Java; none
 * of them sends an alert. With QUIT, as RFC 3207 4.1 wants it, go Postfix and libesmtp.
 */
export function explainEarlyLeave(
  facts: Pick<TlsHandshake, 'mode' | 'resumed' | 'certificates' | 'sni' | 'version'>,
  how: 'close' | 'quit' = 'close',
  nowMs: number = Date.now(),
): string {
  const completed = `The ${facts.version ?? 'TLS'} handshake completed, but the client`;
  const left =
    how === 'quit' ? `${completed} said QUIT at once` : `${completed} left before any SMTP command`;
  if (facts.resumed)
    return `${left}; it resumed an earlier TLS session, so the certificate is not the likely reason: look for a time limit or an error in the client's own log.`;
  const doubt = findCertificateDoubt(facts.certificates[0], facts.sni, nowMs);
  if (how === 'quit')
    return `${left}; RFC 3207 4.1 has clients do this when they do not accept the certificate (Postfix and libesmtp do), though a mere check of the port may do it too: ${doubt.text}.`;
  const check = facts.mode === 'implicit' ? ', and so do load balancers that check the port' : '';
  return `${left}; clients that check the certificate only then do this when they do not accept it (Node.js over TLS 1.2, GnuTLS, and PHP, curl and Java for the host name)${check}: ${doubt.text}.`;
}

/** A ClientHello on a port where TLS does not come first. */
export function explainUnexpectedHello(hello: ClientHello | null): string {
  const asked = hello?.sni ? ` for ${hello.sni}` : '';
  return `The client started TLS at once (a ClientHello${asked}) on a port that speaks plain SMTP first: turn implicit TLS off in the client (secure: false; SMTPS, SSL and port 465 mean implicit TLS), or point it at the SMTPS port.`;
}
