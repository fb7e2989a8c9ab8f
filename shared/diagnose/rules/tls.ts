// TLS: which way of it, and whether the client trusts us.
import type { Rule } from '../rule.ts';

export const tlsRules: readonly Rule[] = [
  {
    id: 'tls.certificate-rejected',
    title: 'The client does not accept the certificate',
    stage: 'tls',
    scope: 'session',
    severity: 'blocker',
    explanation: 'The client ended the TLS handshake {how}: it does not accept the certificate, {reason}.',
    causes: ['The local CA of Mailscope is not among those that the client trusts.'],
    fixes: [
      {
        text: 'Have the client trust the CA of Mailscope, which /api/ca.pem serves.',
        risk: 'dev-only',
        snippets: 'trust-ca',
      },
    ],
    references: ['RFC 8446 6.2', 'RFC 3207 4.1'],
    identity: ['reason'],
  },
];
