// Why we ended a handshake: what the client offers does not fit, or is no TLS at all.
import type { ClientHello } from '../../../shared/tls.ts';
import type { Situation } from './ending.ts';
import { guessFirstBytes } from './first-bytes.ts';
import { alertName } from './names.ts';

export function explainRefusal(situation: Situation, code: string): string {
  const { wire, minVersion, maxVersion } = situation;
  const hello = wire.clientHello;
  switch (code.replace('ERR_SSL_', '')) {
    case 'UNSUPPORTED_PROTOCOL':
    case 'WRONG_SSL_VERSION':
    case 'VERSION_TOO_LOW':
      return `We ended the handshake with the alert protocol_version: the client offers ${offeredVersions(hello)}, this listener accepts ${minVersion} to ${maxVersion}; change the TLS versions set in the client, or update its TLS library.`;
    case 'NO_SHARED_CIPHER':
      return `We ended the handshake with the alert handshake_failure, because there is no cipher suite in common: ${cipherAdvice(situation, hello)}.`;
    case 'NO_SUITABLE_KEY_SHARE':
    case 'NO_SUITABLE_GROUPS':
    case 'NO_SHARED_GROUP':
    case 'NO_SHARED_GROUPS':
      return `We ended the handshake, because there is no key exchange group in common: the client offers ${list(hello?.groups)}; let it offer x25519 or secp256r1 too.`;
    case 'NO_SUITABLE_SIGNATURE_ALGORITHM':
    case 'NO_SHARED_SIGNATURE_ALGORITHMS':
      return `We ended the handshake, because no signature algorithm of the client fits our ${situation.certificates[0]?.key ?? ''} certificate: it offers ${list(hello?.signatureAlgorithms)}; let it offer ${signatureFor(situation)}, or give Mailscope another key and certificate.`;
    case 'NO_APPLICATION_PROTOCOL':
      return `We ended the handshake with the alert no_application_protocol: the client offers ALPN ${list(hello?.alpn)}, this port speaks only smtp; ${isHttp(hello) ? 'a browser or HTTP client was pointed at a mail port' : 'turn ALPN off in the client or let it offer smtp'}.`;
    case 'PEER_DID_NOT_RETURN_A_CERTIFICATE':
      return 'We ended the handshake, because this listener requires a client certificate and the client sent none: give the client a key and a certificate, or do not require one.';
    case 'DECRYPTION_FAILED_OR_BAD_RECORD_MAC':
    case 'DIGEST_CHECK_FAILED':
    case 'BAD_RECORD_TYPE':
    case 'BAD_SIGNATURE':
      return 'We ended the handshake with the alert bad_record_mac, because a record of the client could not be decrypted: bytes were changed on the way, by a proxy or by a fault in the TLS library of the client.';
    case 'INAPPROPRIATE_FALLBACK':
      return `We ended the handshake, because the client came back with a lower TLS version than it can speak (${offeredVersions(hello)} with TLS_FALLBACK_SCSV): an earlier attempt of it failed, look at that one.`;
    case 'HTTP_REQUEST':
    case 'HTTPS_PROXY_REQUEST':
    case 'WRONG_VERSION_NUMBER':
      return explainForeignBytes(situation);
    default:
      if (!hello && isAlert(wire.firstBytes))
        return `The client sent the alert ${alertName(wire.firstBytes[6]!)} before any ClientHello: its own settings leave it nothing to offer, such as TLS versions that its library does not speak any more; look at them, and at its log.`;
      return hello
        ? `We ended the handshake, because the TLS library reports ${code}: what the client sent after its ClientHello breaks the protocol.`
        : `We ended the handshake, because the first bytes of the client are no valid ClientHello (${code}).`;
  }
}

/** RFC 8446 5.1 and 6: the type of the record, its version and length, then level and description. */
const isAlert = (bytes: Buffer): boolean => bytes[0] === 0x15 && bytes.length >= 7;

/** The client sent bytes that are no TLS records. */
export function explainForeignBytes({ mode, wire }: Situation): string {
  if (wire.clientHello)
    return 'We ended the handshake, because the client sent bytes that are no TLS record after its ClientHello: it went back to plain text, or a proxy put bytes in between.';
  const place =
    mode === 'starttls'
      ? 'after STARTTLS was answered with 220'
      : 'on a port that expects TLS from the first byte';
  const word = /^[A-Za-z]{1,10}/.exec(wire.firstBytes.toString('latin1'))?.[0]?.toUpperCase();
  const shown = word ? ` (${word} ...)` : '';
  switch (guessFirstBytes(wire.firstBytes)) {
    case 'http':
      return `The client sent a plain HTTP request${shown} ${place}: a browser, health check or HTTP client was pointed at a mail port.`;
    case 'smtp':
      return mode === 'starttls'
        ? `The client went on in plain text${shown} ${place}: it has to begin the TLS handshake there and say nothing else before.`
        : `The client spoke plain SMTP${shown} ${place}: turn implicit TLS on in the client (secure: true, SMTPS), or point it at the plain or STARTTLS port.`;
    case 'proxy':
      return `A PROXY protocol header came ${place}: turn it on for this listener, or off in the load balancer.`;
    case 'ssh':
      return `An SSH client connected ${place}: it was pointed at a mail port.`;
    case 'sslv2':
      return `The client began with a ClientHello in the format of SSLv2 ${place}: its TLS library is too old, update it.`;
    case 'telnet':
      return `The client sent telnet negotiation ${place}: set it to raw mode, or use "openssl s_client".`;
    default:
      return `The client sent bytes that are neither TLS nor SMTP (${wire.firstBytes.subarray(0, 8).toString('hex')}) ${place}: check which program connects to this port.`;
  }
}

function offeredVersions(hello: ClientHello | null): string {
  const versions = hello?.versions.filter((version) => version !== 'GREASE') ?? [];
  // Before TLS 1.3 a client names only its highest version.
  return `${hello?.extensions.includes('supported_versions') ? '' : 'nothing above '}${versions.join(', ') || 'none'}`;
}

function cipherAdvice({ certificates, maxVersion }: Situation, hello: ClientHello | null): string {
  const ciphers = hello?.ciphers.filter((name) => !/^GREASE$|_SCSV$/.test(name)) ?? [];
  const key = certificates[0]?.key ?? '';
  const isTls13 = hello?.versions.includes('TLSv1.3') && maxVersion === 'TLSv1.3';
  const usable = ciphers.some((name) => name.includes('_ECDSA_'));
  if (key.startsWith('EC') && !isTls13 && !usable)
    return `the client offers only suites for RSA certificates (${list(ciphers)}), our certificate has an ${key} key; allow ECDHE-ECDSA suites in the client, or give Mailscope an RSA key and certificate`;
  if (key === 'EC P-256' && !isTls13 && hello?.groups.length && !hello.groups.includes('secp256r1'))
    return `our certificate has an EC P-256 key, and the client does not list the group secp256r1 (${list(hello.groups)})`;
  return `the client offers ${list(ciphers)}; change the list in the client or that of the listener`;
}

const signatureFor = ({ certificates }: Situation): string =>
  certificates[0]?.key.startsWith('EC') ? 'ecdsa_secp256r1_sha256' : 'rsa_pss_rsae_sha256';
const isHttp = (hello: ClientHello | null): boolean =>
  hello?.alpn.some((name) => /^(h2|h3|http\/)/.test(name)) ?? false;

function list(names: string[] | undefined): string {
  if (!names?.length) return 'none';
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}
