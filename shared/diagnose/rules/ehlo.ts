// EHLO and HELO: the name that the client gives, and whether it looks at the answer.
import type { Rule } from '../rule.ts';

const setName = {
  text: 'Set the name that the client gives in EHLO to the full name of its host.',
  snippets: 'ehlo-name',
} as const;

export const ehloRules: readonly Rule[] = [
  {
    id: 'ehlo.missing',
    title: 'The client did not say EHLO',
    stage: 'ehlo',
    scope: 'session',
    severity: 'blocker',
    explanation:
      'The client sent {command} without EHLO or HELO (in LMTP: LHLO) before it, and was refused with {code}. Every server refuses that.',
    causes: ['The client was written by hand, or its first command got lost.'],
    fixes: [{ text: 'Send EHLO with the name of the host first, or use a library.', snippets: 'ehlo-name' }],
    references: ['RFC 5321 4.1.4'],
    identity: ['command'],
  },
  {
    id: 'ehlo.missing-after-starttls',
    title: 'The client did not say EHLO again after STARTTLS',
    stage: 'ehlo',
    scope: 'session',
    severity: 'blocker',
    explanation:
      'With STARTTLS all that was said before is forgotten. The client went on with {command} at once and was refused with {code}.',
    causes: ['The client holds on to the first reply to EHLO.'],
    fixes: [
      {
        text: 'Send EHLO again as the first command inside TLS. Libraries do so in their call for STARTTLS.',
      },
    ],
    references: ['RFC 3207 4.2'],
    suppresses: ['ehlo.missing', 'tls.certificate-rejected', 'tls.left-after-handshake'],
    identity: ['command'],
  },
  {
    id: 'ehlo.refused',
    title: 'EHLO was refused',
    stage: 'ehlo',
    scope: 'session',
    severity: 'error',
    explanation: 'EHLO or HELO was refused with {code}, and the client came no further.',
    causes: [
      'The name in it is missing or is no name.',
      'The client speaks LMTP to a port of SMTP, or the other way round.',
    ],
    fixes: [setName, { text: 'LMTP needs a listener of its own: --listen lmtp://localhost:2424.' }],
    references: ['RFC 5321 4.1.1.1'],
  },
  {
    id: 'ehlo.bad-characters',
    title: 'The name in EHLO is not the name of a host',
    stage: 'ehlo',
    scope: 'session',
    severity: 'warning',
    explanation:
      'The client calls itself {name}, with {what}. Exim and Exchange refuse such a name with 501, Postfix may with 504.',
    causes: [
      'The name of the machine or container has such a character.',
      'A URL, or a name with a port, was set as the name.',
    ],
    fixes: [setName],
    references: ['RFC 5321 4.1.1.1', 'RFC 1123 2.1'],
  },
  {
    id: 'ehlo.bare-address',
    title: 'The name in EHLO is an address without brackets',
    stage: 'ehlo',
    scope: 'session',
    severity: 'warning',
    explanation:
      'The client calls itself {name}. An IP address must stand in brackets there, as {literal}; many servers refuse it without them.',
    causes: ['The address was set as the name of the client.'],
    fixes: [setName],
    references: ['RFC 5321 4.1.3'],
  },
  {
    id: 'ehlo.unqualified',
    title: 'The name in EHLO is not a full host name',
    stage: 'ehlo',
    scope: 'session',
    severity: 'notice',
    explanation:
      'The client calls itself {name}, without a domain. Postfix can be set to refuse that (504 5.5.2 need fully-qualified hostname), and does so at RCPT, so that programs blame the recipient.',
    causes: ['The library takes the short name of the machine or container, or localhost.'],
    fixes: [setName],
    references: ['RFC 5321 2.3.5', 'RFC 5321 4.1.1.1'],
  },
  {
    id: 'ehlo.literal',
    title: 'The client gives an address in place of a name',
    stage: 'ehlo',
    scope: 'session',
    severity: 'info',
    explanation:
      "The client calls itself {name}. That is allowed, and right for sending to a server of one's own; servers that take mail from anybody like a name with DNS better.",
    causes: ['The machine has no full host name, and the library gives its address then.'],
    fixes: [setName],
    references: ['RFC 5321 4.1.3'],
  },
  {
    id: 'ehlo.helo-only',
    title: 'The client says HELO',
    stage: 'ehlo',
    scope: 'session',
    severity: 'notice',
    explanation:
      'The client began with HELO, the command of 1982. With it there is no login, no STARTTLS and no limit of size to learn of.',
    causes: [
      'An old device, or a program that was written by hand.',
      'An EHLO that was refused, or was not answered in time.',
    ],
    fixes: [
      {
        text: 'Have it send EHLO; where it cannot, send through a relay on the same machine, such as msmtp or Postfix.',
      },
    ],
    references: ['RFC 5321 3.2'],
  },
  {
    id: 'ehlo.left',
    title: 'The client left after the reply to EHLO',
    stage: 'ehlo',
    scope: 'session',
    severity: 'info',
    explanation:
      'The client said EHLO and left without a mail. Checks of a connection do so, and clients that insist on what is not offered here: {lacks}.',
    causes: [
      'A check such as verify() of nodemailer.',
      'The client insists on STARTTLS or a login, and this port does not offer it.',
    ],
    fixes: [
      { text: 'If a mail was to come, look at the log of the client.', snippets: 'debug-log' },
      { text: 'For STARTTLS use the submission port (--submission-port, 1587 unless set).' },
      { text: 'For a login start Mailscope with --auth offered.' },
    ],
    references: ['RFC 5321 4.1.1.1'],
  },
];
