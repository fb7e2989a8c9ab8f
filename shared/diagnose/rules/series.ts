// What only several sessions together show.
import type { Rule } from '../rule.ts';

export const seriesRules: readonly Rule[] = [
  {
    id: 'series.connection-per-mail',
    title: 'Each mail has a connection of its own',
    stage: 'connect',
    scope: 'series',
    severity: 'notice',
    explanation:
      'The client opened {count} connections within {seconds} s, with one mail in each. Providers limit connections and logins, and answer 421 or 454 then.',
    causes: ['A new transport is made for each mail, or the transport has no pool.'],
    fixes: [{ text: 'Make one transport and send all mails by it, with a pool.', snippets: 'pool' }],
    references: ['RFC 5321 4.5.4.1'],
  },
  {
    id: 'series.login-repeated',
    title: 'The same login is tried again and again',
    stage: 'auth',
    scope: 'series',
    severity: 'warning',
    explanation:
      'The login of {user} was refused {count} times within {seconds} s, and the client goes on. Providers lock the account or the address for that.',
    causes: ['A worker tries again without end, with a password that is wrong.'],
    fixes: [
      { text: 'Do not try again after a 5xx to AUTH; tell a person.' },
      { text: 'Correct the user and the password in the settings of the client.', snippets: 'login' },
    ],
    references: ['RFC 4954 6'],
  },
  {
    id: 'series.sent-again',
    title: 'A mail was sent again after its reply was not read',
    stage: 'data',
    scope: 'series',
    severity: 'error',
    explanation:
      'A mail of {size} bytes from <{from}> to <{to}> came again {seconds} s after the client had left without waiting for the reply to it. It was stored both times: the recipient gets it twice.',
    causes: ['The time limit of the client is too short, and it tries again.'],
    fixes: [
      { text: 'Wait up to 10 minutes for the reply to the end of the message.', snippets: 'timeouts' },
      {
        text: 'Keep the Message-ID when a mail is sent again, so that doubles can be told.',
        snippets: 'date-and-id',
      },
    ],
    references: ['RFC 1047 1', 'RFC 5321 4.5.3.2.6'],
  },
  {
    id: 'series.retried-at-once',
    title: 'The client tries again without a pause',
    stage: 'rcpt',
    scope: 'series',
    severity: 'notice',
    explanation:
      'A mail to <{to}> was put off with {code}, and the client tried {count} times within {seconds} s. Greylisting and limits want a pause of minutes; who comes again at once is put off longer.',
    causes: ['The program repeats a failed mail in a loop.'],
    fixes: [
      { text: 'Wait longer after each 4xx: a minute, then five, then half an hour.' },
      { text: 'Or send through a queue or a relay, which does that.' },
    ],
    references: ['RFC 5321 4.5.4.1'],
  },
];
