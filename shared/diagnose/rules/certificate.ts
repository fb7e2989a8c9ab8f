// Certificates: why a client does not take ours, and what is asked of its own.
import type { Rule } from '../rule.ts';

const trustCa = {
  text: 'Have the client trust the CA of Mailscope, which GET /api/ca.pem serves.',
  risk: 'dev-only',
  snippets: 'trust-ca',
} as const;
const debugLog = {
  text: 'Look at the log of the client, which has the reason.',
  snippets: 'debug-log',
} as const;

export const certificateRules: readonly Rule[] = [
  {
    id: 'tls.certificate-expired',
    title: 'The certificate is not valid at this time',
    stage: 'tls',
    scope: 'session',
    severity: 'blocker',
    explanation: 'The client ended the TLS handshake {how}. The certificate {reason}.',
    causes: ['The certificate was not renewed.', 'The clock of one of the two machines is wrong.'],
    fixes: [
      {
        text: 'Give Mailscope a certificate that is valid (--tls-cert, --tls-key), or restart it to renew its own.',
      },
      { text: 'Set the clock right.' },
    ],
    references: ['RFC 5280 4.1.2.5'],
    suppresses: ['tls.certificate-name', 'tls.certificate-rejected', 'tls.left-after-handshake'],
    identity: ['reason'],
  },
  {
    id: 'tls.certificate-name',
    title: 'The certificate is for another host name',
    stage: 'tls',
    scope: 'session',
    severity: 'blocker',
    explanation:
      'The client ended the TLS handshake {how}. It asked for {asked}, and the certificate is for {names}.',
    causes: [
      'The client reaches this server by a name that the certificate does not have, e.g. the name of a service in Docker Compose.',
    ],
    fixes: [
      { text: 'Put the name into the certificate of Mailscope: --cert-name {asked}.' },
      { text: 'Or connect by one of the names that it has.' },
    ],
    references: ['RFC 9525 6.3'],
    suppresses: ['tls.certificate-rejected', 'tls.left-after-handshake'],
    identity: ['asked'],
  },
  {
    id: 'tls.certificate-rejected',
    title: 'The client does not accept the certificate',
    stage: 'tls',
    scope: 'session',
    severity: 'blocker',
    explanation: 'The client ended the TLS handshake {how}: it does not accept the certificate{reason}.',
    causes: [
      'The local CA of Mailscope is not among those that the client trusts ("self-signed certificate", "unable to get local issuer certificate").',
      'The client connects to an IP address or a name that the certificate does not have.',
    ],
    fixes: [trustCa, { text: 'If it connects by another name or address, add that: --cert-name NAME.' }],
    references: ['RFC 8446 6.2', 'RFC 3207 4.1'],
    identity: ['reason'],
  },
  {
    id: 'tls.left-after-handshake',
    title: 'The client left right after the TLS handshake',
    stage: 'tls',
    scope: 'session',
    severity: 'notice',
    explanation:
      'The TLS handshake was complete, and the client left without a command. Health checks do so, and clients that check the certificate only then and do not accept it{reason}.',
    causes: [
      'A check of the port, or of the certificate, that goes as far as TLS.',
      'The client does not trust the certificate: GnuTLS, and for the host name PHP, curl and Java.',
    ],
    fixes: [trustCa, debugLog],
    references: ['RFC 3207 4.1'],
    identity: ['reason'],
  },
  {
    id: 'tls.certificate-incomplete',
    title: 'The certificate of the issuer is missing in the chain',
    stage: 'tls',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'The server sends its certificate without that of the issuer, so the client cannot tell whether it may trust it ("unable to verify the first certificate").',
    causes: ['The file has only the certificate of the server, without the intermediate ones.'],
    fixes: [
      {
        text: 'Give the server the whole chain: its certificate first, then the intermediate ones (fullchain.pem).',
      },
      trustCa,
    ],
    references: ['RFC 8446 4.4.2'],
  },
  {
    id: 'tls.intercepted',
    title: 'A virus scanner or proxy opens the TLS connection',
    stage: 'tls',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'A public server seems to have a self-signed certificate in its chain. Somebody in between answers with a certificate of its own.',
    causes: ['A mail shield of a virus scanner, or a proxy of the company.'],
    fixes: [
      {
        text: 'Exclude the program or the port in the scanner, or have the client trust the root of the proxy.',
        snippets: 'trust-ca',
      },
    ],
    references: ['RFC 8446 6.2'],
  },
  {
    id: 'tls.certificate-common-name',
    title: 'The certificate has its name only in the common name',
    stage: 'tls',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'The certificate has no subject alternative name. Go, Chrome and others do not look at the common name any more.',
    causes: ['It was made with an old recipe for openssl.'],
    fixes: [
      {
        text: 'Make one with the name as a subject alternative name; the own certificate of Mailscope has it.',
      },
    ],
    references: ['RFC 9525 2'],
  },
  {
    id: 'tls.certificate-weak',
    title: 'The key or the signature of the certificate is too weak',
    stage: 'tls',
    scope: 'application',
    severity: 'blocker',
    explanation: 'OpenSSL takes no RSA key under 2,048 bits and no SHA-1 signature at its usual level.',
    causes: ['The certificate is old, or was made with an old recipe.'],
    fixes: [{ text: 'Make a new one with RSA 2048 or EC P-256 and SHA-256.' }],
    references: ['RFC 9325 4.5'],
  },
  {
    id: 'tls.certificate-strict',
    title: 'The certificate lacks fields that strict clients demand',
    stage: 'tls',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'Python 3.13 and newer check certificates strictly: a CA needs keyUsage and critical basic constraints, a certificate an authority key identifier.',
    causes: ['The CA was made with an old recipe.'],
    fixes: [
      { text: 'Make the CA and the certificate anew with these extensions; those of Mailscope have them.' },
      trustCa,
    ],
    references: ['RFC 5280 4.2.1'],
  },
  {
    id: 'tls.revocation-unknown',
    title: 'The client cannot look up whether the certificate was revoked',
    stage: 'tls',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'The client wants to ask the issuer whether the certificate was revoked, and cannot reach it.',
    causes: ['The machine is offline, or the CA is a local one without such a service.'],
    fixes: [
      {
        text: 'For tests turn the check off: CheckCertificateRevocation = false in MailKit.',
        risk: 'dev-only',
      },
    ],
    references: ['RFC 5280 6.3'],
  },
  {
    id: 'tls.client-certificate',
    title: 'The client has no certificate that is accepted',
    stage: 'tls',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'The server demands a certificate of the client, and got none, or one that it does not trust.',
    causes: [
      'No certificate and key are set in the client.',
      'They are of a CA that the server does not know.',
    ],
    fixes: [
      {
        text: 'Give the client a certificate and its key, or do not demand one; Mailscope only asks for one (--request-client-cert).',
      },
    ],
    references: ['RFC 8446 4.4.2.4'],
  },
];
