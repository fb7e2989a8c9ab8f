// DATA and what goes wrong on its way. What the bytes of a stored message show is told with the message.
import type { Rule } from '../rule.ts';

export const dataRules: readonly Rule[] = [
  {
    id: 'data.bare-newline-refused',
    title: 'The message was refused for its line endings',
    stage: 'data',
    scope: 'session',
    severity: 'error',
    explanation:
      'The message has {bareLf} bare LF and {bareCr} bare CR and was refused with {code}, as Exchange Online and newer Postfix do.',
    causes: [
      'A template or a file with the line endings of Unix was sent as it is.',
      'Line endings were converted twice.',
    ],
    fixes: [
      { text: 'Turn all line endings into CR LF before sending; libraries do so where they are given text.' },
      { text: 'Or have Mailscope take it: --bare-newlines accept.', risk: 'dev-only' },
    ],
    references: ['RFC 5321 2.3.8'],
  },
  {
    id: 'data.never-ended',
    title: 'The end of the message was not recognised',
    stage: 'data',
    scope: 'session',
    severity: 'error',
    explanation:
      'The client sent a message and then waited or left: {why}. To the client it was complete, and it was not stored.',
    causes: [
      'The last lines end in a bare LF, so that the dot does not stand between two CR LF.',
      'The message has no line ending at its end.',
    ],
    fixes: [{ text: 'End the message with CR LF . CR LF, and all lines with CR LF.' }],
    references: ['RFC 5321 4.1.1.4'],
    suppresses: ['data.cut-off', 'data.stalled', 'data.smuggling'],
  },
  {
    id: 'data.cut-off',
    title: 'The client left in the middle of a message',
    stage: 'data',
    scope: 'session',
    severity: 'error',
    explanation: 'The connection ended {how} while the message was coming. Nothing of it was stored.',
    causes: [
      'The program was stopped, or ran into a time limit of its own.',
      'A firewall or virus scanner in between cut the connection.',
    ],
    fixes: [
      {
        text: 'Raise the time limit of the client, and wait for the end of sending before the program ends.',
        snippets: 'timeouts',
      },
      { text: 'Look at the log of the client.', snippets: 'debug-log' },
    ],
    references: ['RFC 5321 4.5.3.2.5'],
  },
  {
    id: 'data.stalled',
    title: 'The message came too slowly',
    stage: 'data',
    scope: 'session',
    severity: 'error',
    explanation: 'The client stopped in the middle of a mail, and the connection was closed with 421.',
    causes: [
      'The source of an attachment does not go on.',
      'A small MTU or a proxy in between swallows large packets.',
    ],
    fixes: [
      { text: 'Have the message ready before the connection is opened.' },
      { text: 'Mailscope waits as long as --idle-timeout says.' },
    ],
    references: ['RFC 5321 4.5.3.2'],
  },
  {
    id: 'data.reply-not-read',
    title: 'The client left before it was told that the mail is stored',
    stage: 'data',
    scope: 'session',
    severity: 'warning',
    explanation:
      'The message was stored, but the client was gone before the 250. A program that tries again then sends it twice.',
    causes: [
      'The time limit of the client is shorter than the server took.',
      'The program ended without waiting for the result.',
    ],
    fixes: [
      { text: 'Wait up to 10 minutes for the reply to the end of the message.', snippets: 'timeouts' },
      {
        text: 'Keep the Message-ID when a mail is sent again, so that doubles can be told.',
        snippets: 'date-and-id',
      },
    ],
    references: ['RFC 5321 4.5.3.2.6', 'RFC 1047 1'],
  },
  {
    id: 'data.smuggling',
    title: 'The message has what some servers take for its end',
    stage: 'data',
    scope: 'session',
    severity: 'warning',
    explanation:
      'The message has {sequences}. Some servers take that for the end of the message and what follows for commands (SMTP smuggling, CVE-2023-51764). Newer ones refuse it.',
    causes: [
      'A text with bare line feeds has a line with a single dot.',
      'Somebody tests for SMTP smuggling.',
    ],
    fixes: [{ text: 'Turn all line endings into CR LF before leading dots are doubled.' }],
    references: ['RFC 5321 4.1.1.4', 'RFC 5321 2.3.8'],
  },
  {
    id: 'data.eight-bit-undeclared',
    title: 'The message has 8-bit text that was not announced',
    stage: 'data',
    scope: 'session',
    severity: 'notice',
    explanation:
      'The message has {count} bytes over 127, and MAIL did not say BODY=8BITMIME. A server that passes it on may have to change it, which breaks a DKIM signature.',
    causes: ['The library sends Content-Transfer-Encoding 8bit and does not announce it, as PHPMailer does.'],
    fixes: [
      {
        text: 'Use quoted-printable or base64: $mail->Encoding = "quoted-printable" in PHPMailer.',
        snippets: 'charset',
      },
    ],
    references: ['RFC 6152 3'],
  },
  {
    id: 'data.size-mismatch',
    title: 'The message has another size than was announced',
    stage: 'data',
    scope: 'session',
    severity: 'notice',
    explanation:
      'MAIL said SIZE={declared}, and the message has {size} bytes. A server may refuse it for that.',
    causes: ['The size was taken before the message was encoded or signed.'],
    fixes: [{ text: 'Take the size of the bytes that are sent, with CR LF, or leave SIZE out.' }],
    references: ['RFC 1870 6.3'],
  },
  {
    id: 'data.no-room',
    title: 'Mailscope had no room for the message',
    stage: 'data',
    scope: 'session',
    severity: 'error',
    explanation: 'The message was refused with {code}: {why}. The client did nothing wrong.',
    causes: ['The disk of the data folder is nearly full.'],
    fixes: [
      { text: 'Free some space, move the data folder (--data), or lower what must stay free (--min-free).' },
    ],
    references: ['RFC 5321 4.2.2'],
  },
];
