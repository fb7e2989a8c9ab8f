// What a client means by a fatal alert. The names are those of RFC 8446 §6.2, the habits were seen with real clients.
import { day, findCertificateDoubt, trust } from './certificate-reason.ts';
import type { Situation } from './ending.ts';

export function explainClientAlert(situation: Situation, alert: string): string {
  const { wire, certificates, nowMs } = situation;
  const leaf = certificates[0];
  const doubt = findCertificateDoubt(leaf, wire.clientHello?.sni ?? null, nowMs);
  const refused = `The client refused our certificate with the alert ${alert}`;
  const key = leaf?.key ?? 'this kind of';
  switch (alert) {
    case 'unknown_ca':
      return leaf
        ? `${refused}, because it does not trust the issuer: see to it that the client ${trust(leaf)}.`
        : `${refused}, because it does not trust the issuer.`;
    case 'bad_certificate':
    case 'certificate_unknown':
    case 'no_certificate':
      return `${refused}; ${habitOf(alert)}: ${doubt.text}.`;
    case 'certificate_expired':
      return doubt.reason === 'expired' || doubt.reason === 'not-yet-valid' || !leaf
        ? `${refused}: ${doubt.text}.`
        : `${refused}, but by our clock it is valid until ${day(leaf.validTo)}: check the clock of the client and the other certificates of the chain.`;
    case 'certificate_revoked':
      return `${refused}: its issuer lists it as revoked, so give Mailscope another one.`;
    case 'unsupported_certificate':
      return `${refused}: it cannot use a certificate with an ${key} key, or this one is not made for servers; give Mailscope an RSA key and certificate to compare.`;
    case 'bad_certificate_status_response':
      return `${refused}: it insists on a stapled OCSP response, which Mailscope does not send; turn that off in the client for tests.`;
    case 'protocol_version':
      return `The client refused ${wire.serverHello?.version ?? 'the TLS version'} with the alert protocol_version: check the lowest TLS version set in the client against ${situation.minVersion} to ${situation.maxVersion}, which this listener accepts.`;
    case 'handshake_failure':
    case 'insufficient_security':
      return `The client ended the handshake with the alert ${alert}: what we chose (${chosen(situation)}) is not good enough for it; check its settings for versions, cipher suites and key sizes.`;
    case 'internal_error':
      return 'The client ended the handshake with the alert internal_error, a fault of its own: Java clients do this when their trust store is empty or cannot be read, so look at the log of the client.';
    case 'user_canceled':
    case 'close_notify':
      return `The client called the handshake off with the alert ${alert}, which is no error of TLS: a person or a time limit of the client ended it.`;
    case 'no_application_protocol':
      return `The client ended the handshake with the alert no_application_protocol: it insists on ALPN (it offered ${wire.clientHello?.alpn.join(', ') || 'none'}), and we speak only smtp.`;
    case 'unexpected_message':
    case 'bad_record_mac':
    case 'decryption_failed':
    case 'record_overflow':
    case 'illegal_parameter':
    case 'decode_error':
    case 'decrypt_error':
      return `The client ended the handshake with the alert ${alert}: it could not make sense of our bytes, so look for a proxy or virus scanner that changes them, or a fault rule.`;
    default:
      return `The client ended the handshake with the alert ${alert} (RFC 8446 section 6.2): look at the log of the client for its reason.`;
  }
}

function habitOf(alert: string): string {
  if (alert === 'bad_certificate')
    return 'OpenSSL and Python send this for a wrong host name or a weak key, Go for every problem with a certificate';
  return alert === 'certificate_unknown'
    ? 'Java sends this when it finds no trusted issuer'
    : 'it gives no reason';
}

function chosen({ wire }: Situation): string {
  const { serverHello, group } = wire;
  return [serverHello?.version, serverHello?.cipher, group].filter(Boolean).join(', ') || 'nothing yet';
}
