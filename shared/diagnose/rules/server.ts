// What servers elsewhere do, as programs print it: Mailscope itself does so only where a simulated failure says so.
import type { Rule } from '../rule.ts';

export const serverRules: readonly Rule[] = [
  {
    id: 'server.silent',
    title: 'The server accepts the connection and says nothing',
    stage: 'greeting',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'The connection to {place} is there, and no greeting came until the client gave up. Most often the port expects TLS from the first byte, and the client waits in clear for a greeting that comes inside TLS only.',
    causes: [
      'The port is one for TLS from the first byte (465), and the client is set to none or to STARTTLS.',
      'The server waits on purpose, or asks DNS first; RFC 5321 has a client wait for 5 minutes.',
      'A proxy or a firewall on the way accepts connections and does not pass them on.',
    ],
    fixes: [
      { text: 'For port 465, set TLS from the first byte.', snippets: 'implicit-tls' },
      { text: 'Or take the port with STARTTLS, 587.', snippets: 'starttls' },
      { text: 'Give a slow server more time.', snippets: 'timeouts' },
    ],
    references: ['RFC 8314 3.3', 'RFC 5321 4.5.3.2'],
  },
  {
    id: 'server.closed-early',
    title: 'The server closed the connection without a word',
    stage: 'greeting',
    scope: 'application',
    severity: 'error',
    explanation:
      'The connection ended where a reply was due. Servers do that to addresses that they have blocked, and to clients that speak another protocol than the port.',
    causes: [
      'The address of the client is blocked (fail2ban, TCP wrappers) or has too many connections.',
      'TLS from the first byte was spoken to a port in clear, or the reverse.',
      'The server ended an idle connection, or restarted.',
    ],
    fixes: [
      { text: 'Check port and TLS against each other: 587 is STARTTLS, 465 TLS from the first byte.' },
      { text: 'Try from another address, and read the log of the server.' },
      { text: 'Let the client write its dialogue, to see at which command it was.', snippets: 'debug-log' },
    ],
    references: ['RFC 5321 3.8'],
  },
  {
    id: 'server.reset',
    title: 'The connection was reset',
    stage: 'connect',
    scope: 'application',
    severity: 'error',
    explanation:
      'The other side, or something on the way, cut the connection without closing it. What was not answered 250 was not taken.',
    causes: [
      'A firewall or a virus scanner stops the connection, often in the middle of a message.',
      'The server ended it with data unread, as at the end of an idle time or of a limit.',
    ],
    fixes: [
      { text: 'Send again later, with the same Message-ID, over a new connection.' },
      { text: 'Try a small message: when that goes through, a filter or the MTU of a tunnel is at fault.' },
    ],
    references: ['RFC 5321 3.8'],
  },
  {
    id: 'server.greeting-refused',
    title: 'The server refuses the client in its greeting',
    stage: 'greeting',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'In place of 220 the greeting was {reply}: the server takes nothing from this address, for good (5xx) or for the moment (4xx).',
    causes: [
      'The address of the client is on a blocklist.',
      'It has too many connections.',
      'It is no server that takes mail.',
    ],
    fixes: [
      { text: 'Read the text of the reply: it names the list or the limit.' },
      { text: 'With 421, wait, and use fewer connections.', snippets: 'pool' },
    ],
    references: ['RFC 5321 3.1'],
  },
  {
    id: 'server.mangled-dialogue',
    title: 'Something on the way changes the SMTP dialogue',
    stage: 'greeting',
    scope: 'application',
    severity: 'error',
    explanation:
      'The greeting is full of asterisks, or commands arrive as XXXX: an inspecting firewall rewrites what it does not know, so that EHLO and STARTTLS do not work.',
    causes: ['SMTP inspection (fixup) of a Cisco firewall, or a mail shield on the machine.'],
    fixes: [
      { text: 'Have the inspection switched off.' },
      { text: 'Use TLS from the first byte, which it cannot read.', snippets: 'implicit-tls' },
    ],
    references: [],
  },
  {
    id: 'server.starttls-failed',
    title: 'The server cannot start TLS at the moment',
    stage: 'tls',
    scope: 'application',
    severity: 'error',
    explanation:
      'STARTTLS was refused: the server offers it, and its certificate or key cannot be read, or it has no room.',
    causes: ['The certificate of the server was renewed with wrong permissions, or is broken.'],
    fixes: [{ text: 'Tell who runs the server; try again later. Do not go on in clear.' }],
    references: ['RFC 3207 4'],
  },
  {
    id: 'server.sender-refused',
    title: 'The server refuses the sender',
    stage: 'mail',
    scope: 'application',
    severity: 'error',
    explanation: 'MAIL FROM was refused: this login or this server may not send from that address. {meaning}',
    causes: [
      'The address does not belong to the account that logs in, or was not verified with the provider.',
      'Its domain does not exist, or has no MX record.',
      'No sender is set, and the program takes one of the machine.',
    ],
    fixes: [
      { text: 'Send from an address of the account, or give the account the right to send as that one.' },
      { text: 'Have the domain or the address verified with the provider.' },
    ],
    references: ['RFC 5321 3.3', 'RFC 6409 6.1'],
  },
  {
    id: 'server.recipient-refused',
    title: 'The server refuses a recipient',
    stage: 'rcpt',
    scope: 'application',
    severity: 'error',
    explanation: 'A RCPT TO was refused. {meaning}',
    causes: [
      'The mailbox does not exist, is full or is closed.',
      'The server does not forward to that domain without a login.',
      'It is put off, as by greylisting.',
    ],
    fixes: [
      { text: 'Read the code: 4xx is tried again later, 5xx is not.' },
      { text: 'Tell the user which recipient it was, and handle the others.', snippets: 'partial-refusal' },
    ],
    references: ['RFC 5321 3.3', 'RFC 3463 3.2'],
  },
  {
    id: 'server.message-refused',
    title: 'The server refuses the message',
    stage: 'data',
    scope: 'application',
    severity: 'error',
    explanation: 'Sender and recipients were accepted, and the message was refused at its end. {meaning}',
    causes: ['Its content, its size, its form, or who it is from: the text of the reply says which.'],
    fixes: [
      { text: 'Send it to Mailscope, and look at what is found in it.' },
      { text: 'Do not send it again unchanged after 5xx.' },
    ],
    references: ['RFC 5321 4.2.1'],
  },
  {
    id: 'server.refused',
    title: 'A server refused it for good',
    stage: 'application',
    scope: 'application',
    severity: 'error',
    explanation: 'The reply {reply}. {meaning}',
    causes: [],
    fixes: [{ text: '{advice}' }],
    references: ['RFC 5321 4.2.1'],
  },
  {
    id: 'server.put-off',
    title: 'A server put it off',
    stage: 'application',
    scope: 'application',
    severity: 'warning',
    explanation: 'The reply {reply}. {meaning}',
    causes: [],
    fixes: [{ text: '{advice}' }],
    references: ['RFC 5321 4.2.1'],
  },
];
