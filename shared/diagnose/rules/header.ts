// Header fields of a message (RFC 5322 3.6): what is missing, and what stands there twice or in a wrong form.
import type { Rule } from '../rule.ts';

const scope = 'message';
const stage = 'header';

export const headerRules: readonly Rule[] = [
  {
    id: 'header.ended-early',
    title: 'The header ends before its last fields',
    stage,
    scope,
    severity: 'error',
    explanation:
      'The text of the message begins with fields of a header ({names}). An empty line ended the header before them, so readers show them as text and do not obey them.',
    causes: [
      'The message begins with an empty line, or a template has one between two fields.',
      'A value that was put into a field ended with a line break.',
    ],
    fixes: [
      { text: 'Write the fields without an empty line before or between them.' },
      { text: 'Remove line breaks from every value before it is put into a field.' },
    ],
    references: ['RFC 5322 2.1'],
    suppresses: [
      'header.no-date',
      'header.no-message-id',
      'header.no-from',
      'header.no-recipients',
      'header.no-subject',
      'mime.no-version',
      'mime.html-as-text',
    ],
  },
  {
    id: 'header.no-blank-line',
    title: 'No empty line between header and body',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Behind the last field there is text without an empty line before it. Mailscope reads it as the body; other programs read it as part of the header, and lose it.',
    causes: ['The message was put together by hand, and the empty line was forgotten.'],
    fixes: [{ text: 'Write an empty line behind the last field of the header.' }],
    references: ['RFC 5322 2.1'],
    suppresses: ['header.malformed-line'],
  },
  {
    id: 'header.malformed-line',
    title: 'A line of the header is no field',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'A line of the header is neither a field (a name and a colon) nor the continuation of one (which begins with a blank): "{line}". Many programs end the header there.',
    causes: [
      'A value with a line break was put into a field.',
      'A long field was folded without a blank at the beginning of the next line.',
    ],
    fixes: [{ text: 'Begin each continued line with a blank, or have the mail library fold the field.' }],
    references: ['RFC 5322 2.2'],
  },
  {
    id: 'header.duplicate-field',
    title: 'A field stands there more than once',
    stage,
    scope,
    severity: 'error',
    explanation:
      '{name} is there {count} times, and may be there once. Gmail refuses such a message; other programs take the first one or the last one.',
    causes: [
      'The program adds the field and the library does, too.',
      'In Python, msg["{name}"] = … adds a field; it does not replace the one that is there.',
    ],
    fixes: [
      { text: 'Set {name} once. In Python, remove it first (del msg["{name}"]) or use replace_header.' },
    ],
    references: ['RFC 5322 3.6'],
    identity: ['name'],
  },
  {
    id: 'header.no-date',
    title: 'The message has no Date',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Every message must have a Date field. Servers that relay it may add one; filters count it as spam.',
    causes: ['The library adds none, as smtplib, Go net/smtp and curl do.'],
    fixes: [{ text: 'Set Date and Message-ID when the message is made.', snippets: 'date-and-id' }],
    references: ['RFC 5322 3.6.1'],
  },
  {
    id: 'header.no-message-id',
    title: 'The message has no Message-ID',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Every message should have a Message-ID. Gmail refuses mail without one from servers that do not add it, and replies cannot be joined to it.',
    causes: ['The library adds none, as smtplib, Go net/smtp and curl do.'],
    fixes: [{ text: 'Set Date and Message-ID when the message is made.', snippets: 'date-and-id' }],
    references: ['RFC 5322 3.6.4'],
  },
  {
    id: 'header.date-invalid',
    title: 'Date is not in the form of mail',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Date is "{value}". Mail writes it as "Sun, 29 Nov 2026 10:00:00 +0100"; other forms are read in other ways, or as no date at all.',
    causes: [
      'The date was written in the form of a language, of ISO 8601 or of a log, or without a time zone.',
    ],
    fixes: [
      {
        text: 'Leave Date to the library, or write it by its function for mail dates.',
        snippets: 'date-and-id',
      },
    ],
    references: ['RFC 5322 3.3'],
  },
  {
    id: 'header.date-implausible',
    title: 'Date is far from the time it was sent',
    stage,
    scope,
    severity: 'notice',
    explanation:
      'Date is {value}, which is {how}. Readers sort by it, so the mail is hard to find; filters count it as spam.',
    causes: [
      'The clock of the machine is wrong, or the time zone.',
      'A time in milliseconds was taken for seconds.',
    ],
    fixes: [{ text: 'Set Date to the time of sending, with the right zone.', snippets: 'date-and-id' }],
    references: ['RFC 5322 3.6.1'],
  },
  {
    id: 'header.message-id-invalid',
    title: 'Message-ID is not in the form of one',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Message-ID is "{value}". It has to be one word with an @ in angle brackets, as <unique@example.com>. Gmail refuses others, and replies may not be joined.',
    causes: ['It was written by hand, or is the plain key of a database.'],
    fixes: [
      { text: 'Leave Message-ID to the library, or write it as <unique@domain>.', snippets: 'date-and-id' },
    ],
    references: ['RFC 5322 3.6.4'],
  },
  {
    id: 'header.message-id-local',
    title: 'Message-ID names this machine',
    stage,
    scope,
    severity: 'info',
    explanation:
      'Message-ID ends with @{domain}, which is no name in the internet. Here that is no harm; from a real server some filters count it as spam.',
    causes: ['The library takes the name of the machine.'],
    fixes: [
      { text: 'Give the library the name of your domain where mail is really sent.', snippets: 'ehlo-name' },
    ],
    references: ['RFC 5322 3.6.4'],
  },
  {
    id: 'header.no-subject',
    title: 'The message has no Subject',
    stage,
    scope,
    severity: 'info',
    explanation: 'Subject is missing or empty. That is allowed, but few mails are meant so.',
    causes: ['The value for Subject was empty.'],
    fixes: [{ text: 'Set Subject.' }],
    references: ['RFC 5322 3.6.5'],
  },
  {
    id: 'header.blank-continuation',
    title: 'A field continues with a line of blanks only',
    stage,
    scope,
    severity: 'notice',
    explanation:
      '{name} has a line that holds nothing but blanks. Some programs take it for the empty line that ends the header.',
    causes: ['A value with a line break at its end was folded.'],
    fixes: [{ text: 'Remove blanks and line breaks at the end of values.' }],
    references: ['RFC 5322 3.2.2'],
  },
  {
    id: 'header.trace-field',
    title: 'A field that only receivers write',
    stage,
    scope,
    severity: 'notice',
    explanation:
      '{name} is written by the server that receives a mail. A mail that is sent with it was copied from a received one; servers remove it, or trust the mail less.',
    causes: ['A received message is sent again with all of its fields.'],
    fixes: [{ text: 'Remove {name} before the message is sent.' }],
    references: ['RFC 5321 4.4', 'RFC 8601 5'],
    identity: ['name'],
  },
  {
    id: 'header.unsubscribe-invalid',
    title: 'List-Unsubscribe is not usable',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Mail programs will offer no unsubscribing, which Gmail and Yahoo ask of bulk mail: {problem}',
    causes: ['The field was written by hand.'],
    fixes: [
      {
        text: 'Write List-Unsubscribe: <https://example.com/leave?id=…> and List-Unsubscribe-Post: List-Unsubscribe=One-Click.',
      },
    ],
    references: ['RFC 2369 2', 'RFC 8058 3.1'],
  },
  {
    id: 'header.unsubscribe-missing',
    title: 'A list mail without List-Unsubscribe',
    stage,
    scope,
    severity: 'notice',
    explanation:
      'The mail {how}, but has no List-Unsubscribe. Gmail and Yahoo ask it of everybody who sends many.',
    causes: ['Unsubscribing is offered in the text only.'],
    fixes: [
      {
        text: 'Add List-Unsubscribe: <https://example.com/leave?id=…> and List-Unsubscribe-Post: List-Unsubscribe=One-Click.',
      },
    ],
    references: ['RFC 2369 3.2', 'RFC 8058 3.1'],
  },
];
