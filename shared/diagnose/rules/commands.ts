// Commands as lines: their length, their characters, and whether the client waits between them.
import type { Rule } from '../rule.ts';

export const commandRules: readonly Rule[] = [
  {
    id: 'mail.overlong-command',
    title: 'A command line is too long',
    stage: 'mail',
    scope: 'session',
    severity: 'error',
    explanation: '{what} Servers take 512 bytes, and some more for parameters.',
    causes: [
      'A list of recipients or a whole text was put into one address.',
      'The rest of a message came where a command was expected.',
    ],
    fixes: [{ text: 'Look at the line in the transcript, and send one address in each RCPT.' }],
    references: ['RFC 5321 4.5.3.1.4'],
  },
  {
    id: 'mail.control-character',
    title: 'A command has a control character in it',
    stage: 'mail',
    scope: 'session',
    severity: 'error',
    explanation:
      '{what} It was refused. If an address of a user was the reason, somebody may try to inject commands.',
    causes: [
      'Input of a user goes into an address or a name without a check.',
      'A variable ends with a carriage return of Windows.',
    ],
    fixes: [{ text: 'Refuse addresses with control characters where they are entered.' }],
    references: ['RFC 5321 4.1.2'],
  },
  {
    id: 'mail.illegal-pipelining',
    title: 'The client did not wait for a reply',
    stage: 'mail',
    scope: 'session',
    severity: 'warning',
    explanation: '{what} Postfix refuses that with 503 5.5.0 "Improper use of SMTP command pipelining".',
    causes: ['The client was written by hand, or a script pipes all commands at once.'],
    fixes: [
      {
        text: 'Wait for each reply; only MAIL, RCPT and DATA may come together, and only where PIPELINING was offered.',
      },
    ],
    references: ['RFC 2920 3.1'],
  },
  {
    id: 'mail.bare-lf-command',
    title: 'Commands end in a bare line feed',
    stage: 'mail',
    scope: 'session',
    severity: 'notice',
    explanation: 'A command ended in LF without CR. Strict servers refuse that, or close the connection.',
    causes: ['A script for nc or telnet, or a client written by hand.'],
    fixes: [{ text: 'End each line with CR LF: nc -C, openssl s_client -crlf.' }],
    references: ['RFC 5321 2.3.8'],
  },
];
