// TLS: which way of it. What is about certificates stands in certificate.ts.
import type { Rule } from '../rule.ts';

export const tlsRules: readonly Rule[] = [
  {
    id: 'tls.implicit-on-plain',
    title: 'The client begins with TLS on a port that begins in clear text',
    stage: 'tls',
    scope: 'session',
    severity: 'blocker',
    explanation:
      'The first bytes of the client were a TLS handshake{sni}, but port {port} ({listener}) speaks SMTP in clear text first. Clients report that as a "wrong version number".',
    causes: [
      'The client is set to implicit TLS (SMTPS, SSL), and the port is one for STARTTLS or for no TLS.',
    ],
    fixes: [
      { text: 'Use the port for implicit TLS (--smtps-port, 1465 unless set).', snippets: 'implicit-tls' },
      {
        text: 'Or use STARTTLS on the submission port (--submission-port, 1587 unless set).',
        snippets: 'starttls',
      },
      {
        text: 'Or turn TLS off in the client, for tests on this machine.',
        risk: 'dev-only',
        snippets: 'no-tls',
      },
    ],
    references: ['RFC 8314 3.3', 'RFC 3207 4'],
    identity: ['listener'],
  },
  {
    id: 'tls.plain-on-implicit',
    title: 'The client waits for clear text on a port that begins with TLS',
    stage: 'tls',
    scope: 'session',
    severity: 'blocker',
    explanation:
      'Port {port} ({listener}) expects TLS from the first byte. The client {what}. Where a client waits for clear text there, each waits for the other, and it reports a timeout or "Greeting never received".',
    causes: [
      'The client is set to STARTTLS or to no TLS, with the port for implicit TLS.',
      'System.Net.Mail and Go smtp.SendMail cannot do implicit TLS at all.',
    ],
    fixes: [
      { text: 'Turn implicit TLS on in the client.', snippets: 'implicit-tls' },
      {
        text: 'Or use STARTTLS on the submission port (--submission-port, 1587 unless set).',
        snippets: 'starttls',
      },
    ],
    references: ['RFC 8314 3.3'],
    identity: ['listener'],
    suppresses: ['connect.port-probe', 'tls.certificate-rejected', 'tls.left-after-handshake'],
  },
  {
    id: 'tls.starttls-not-offered',
    title: 'The client wants STARTTLS where it is not offered',
    stage: 'tls',
    scope: 'session',
    severity: 'blocker',
    explanation:
      'The client sent STARTTLS and was refused with {code}: port {port} ({listener}) does not offer it. The client gave up.',
    causes: ['The client insists on STARTTLS and was pointed at the plain port.'],
    fixes: [
      {
        text: 'Use the submission port (--submission-port, 1587 unless set), or offer it here: --listen smtp://...?tls=offered.',
      },
      {
        text: 'Or turn TLS off in the client, for tests on this machine.',
        risk: 'dev-only',
        snippets: 'no-tls',
      },
    ],
    references: ['RFC 3207 4'],
    identity: ['listener'],
    suppresses: ['ehlo.left'],
  },
  {
    id: 'tls.both-ways',
    title: 'The client sends STARTTLS inside TLS',
    stage: 'tls',
    scope: 'session',
    severity: 'error',
    explanation:
      'The connection was inside TLS already, and the client sent STARTTLS, which was refused with {code}. Implicit TLS and STARTTLS exclude each other.',
    causes: ['Both are turned on in the client, e.g. SSL and TLS.'],
    fixes: [
      { text: 'For the port with implicit TLS turn only that on.', snippets: 'implicit-tls' },
      { text: 'For the port with STARTTLS turn only that on.', snippets: 'starttls' },
    ],
    references: ['RFC 3207 4'],
  },
  {
    id: 'tls.required',
    title: 'This port wants TLS before anything else',
    stage: 'tls',
    scope: 'session',
    severity: 'blocker',
    explanation:
      'The client sent {command} in clear text and was refused with {code}: STARTTLS must come first. Some programs report that as a failed login.',
    causes: ['STARTTLS is not turned on in the client.'],
    fixes: [
      { text: 'Turn STARTTLS on in the client.', snippets: 'starttls' },
      {
        text: 'Or have this listener not insist: --listen smtp://...?tls=offered, without auth-tls=required.',
        risk: 'dev-only',
      },
    ],
    references: ['RFC 3207 4', 'RFC 4954 4'],
    suppresses: ['auth.required', 'auth.cleartext', 'tls.starttls-unused'],
  },
  {
    id: 'tls.starttls-unused',
    title: 'STARTTLS was offered and not used',
    stage: 'tls',
    scope: 'session',
    severity: 'info',
    explanation:
      'The mail came in clear text, though this port offers STARTTLS. On this machine that is harmless.',
    causes: [
      'The client uses TLS only where it is told to: smtplib, Jakarta Mail, and PHPMailer for localhost.',
      'TLS was turned off for tests.',
    ],
    fixes: [{ text: 'In production have the client insist on STARTTLS.', snippets: 'starttls' }],
    references: ['RFC 8314 3'],
  },
  {
    id: 'tls.plaintext-after-starttls',
    title: 'Clear text came behind STARTTLS',
    stage: 'tls',
    scope: 'session',
    severity: 'error',
    explanation:
      'The client sent {bytes} bytes of clear text together with STARTTLS and did not wait for the reply. They were discarded. Gmail ends such a session with 523, since somebody in between could smuggle commands in so (CVE-2011-0411).',
    causes: ['The client sends commands in one go, without waiting for replies.'],
    fixes: [{ text: 'Wait for the 220 to STARTTLS, begin TLS, then send EHLO again.' }],
    references: ['RFC 3207 4.2', 'RFC 2920 3.1'],
    suppresses: ['mail.illegal-pipelining'],
  },
  {
    id: 'tls.early-client-hello',
    title: 'TLS began before the reply to STARTTLS',
    stage: 'tls',
    scope: 'session',
    severity: 'notice',
    explanation:
      'The ClientHello came before the server had answered STARTTLS. Mailscope takes that; other servers discard it, and the handshake hangs.',
    causes: ['The client does not wait for the 220.'],
    fixes: [{ text: 'Wait for the 220 to STARTTLS before the handshake.' }],
    references: ['RFC 3207 4.2'],
  },
  {
    id: 'tls.no-handshake',
    title: 'No TLS came where it was due',
    stage: 'tls',
    scope: 'session',
    severity: 'blocker',
    explanation: 'A TLS handshake was due, but {what}.',
    causes: [
      'The client does not begin TLS once STARTTLS was answered with 220.',
      'A program that speaks another protocol was pointed at this port.',
    ],
    fixes: [{ text: 'Look at the log of the client for what it waits for.', snippets: 'debug-log' }],
    references: ['RFC 3207 4'],
  },
  {
    id: 'tls.version-too-old',
    title: 'The client is too old for the TLS versions of this server',
    stage: 'tls',
    scope: 'session',
    severity: 'blocker',
    explanation:
      'The client offers {versions}, and this listener takes TLS 1.2 and newer, unless set otherwise. Most servers do not take TLS 1.0 and 1.1 any more.',
    causes: ['An old runtime or library, or a setting that allows only old versions.'],
    fixes: [
      { text: 'Update the runtime, or allow TLS 1.2 in it; for old Java: mail.smtp.ssl.protocols=TLSv1.2.' },
      { text: 'To test an old device: --tls-min-version TLSv1.', risk: 'weakens-security' },
    ],
    references: ['RFC 8996 5', 'RFC 8446 6.2'],
  },
  {
    id: 'tls.version-refused',
    title: 'The client refuses the TLS version of this server',
    stage: 'tls',
    scope: 'session',
    severity: 'blocker',
    explanation: 'The client ended the handshake with the alert protocol_version.',
    causes: ['The lowest TLS version that is set in the client is higher than what the server was given.'],
    fixes: [{ text: 'Compare the TLS versions in the client with --tls-min-version.' }],
    references: ['RFC 8446 6.2'],
  },
  {
    id: 'tls.nothing-in-common',
    title: 'Client and server have no TLS parameters in common',
    stage: 'tls',
    scope: 'session',
    severity: 'blocker',
    explanation: 'The handshake failed, since the two have no {what} in common.',
    causes: [
      'A list of ciphers is set in the client, and is too narrow or too old.',
      'The client takes only RSA certificates, and the one of this server has an EC key.',
    ],
    fixes: [
      { text: 'Remove the list of ciphers and curves from the client, so that its defaults count.' },
      { text: 'Or give Mailscope an RSA certificate: --tls-cert and --tls-key.' },
    ],
    references: ['RFC 8446 4.1.1'],
    identity: ['what'],
  },
  {
    id: 'tls.client-error',
    title: 'The client failed in its own TLS library',
    stage: 'tls',
    scope: 'session',
    severity: 'blocker',
    explanation:
      'The client ended the handshake with the alert {alert}, which is no judgement of the certificate.',
    causes: [
      'internal_error of Java: its trust store is empty or cannot be read ("the trustAnchors parameter must be non-empty").',
      'A proxy or a virus scanner changes the bytes in between.',
    ],
    fixes: [
      { text: 'Look at the log of the client.', snippets: 'debug-log' },
      { text: 'For Java check the path and password in javax.net.ssl.trustStore.' },
    ],
    references: ['RFC 8446 6.2'],
    identity: ['alert'],
  },
  {
    id: 'tls.handshake-stalled',
    title: 'The TLS handshake did not go on',
    stage: 'tls',
    scope: 'session',
    severity: 'error',
    explanation: 'The client began the handshake and then sent nothing more, until we gave up.',
    causes: [
      'The client hangs, or asks a person whether to take the certificate.',
      'A proxy or a small MTU swallows bytes.',
    ],
    fixes: [{ text: 'Look at the log of the client.', snippets: 'debug-log' }],
    references: ['RFC 8446 4'],
  },
  {
    id: 'tls.no-sni',
    title: 'The client did not say which host it wants',
    stage: 'tls',
    scope: 'session',
    severity: 'info',
    explanation:
      'The ClientHello has no server name (SNI). Servers with several certificates show then the one of another host.',
    causes: [
      'The client connects to an IP address.',
      'emailjs and older Jakarta Mail send none with STARTTLS.',
    ],
    fixes: [
      { text: 'Connect by name, or set the server name in the client, e.g. tls.servername of nodemailer.' },
    ],
    references: ['RFC 6066 3'],
  },
];
