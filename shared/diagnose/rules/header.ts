// Header fields of a message (RFC 5322 3.6).
import type { Rule } from '../rule.ts';

export const headerRules: readonly Rule[] = [
  {
    id: 'header.no-date',
    title: 'The message has no Date',
    stage: 'header',
    scope: 'message',
    severity: 'warning',
    explanation:
      'Every message must have a Date field. Servers that relay it may add one; filters count it as spam.',
    causes: ['The library adds none, as smtplib, Go net/smtp and curl do.'],
    fixes: [{ text: 'Set Date and Message-ID when the message is made.', snippets: 'date-and-id' }],
    references: ['RFC 5322 3.6.1'],
  },
];
