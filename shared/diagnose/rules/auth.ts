// Logins: whether they are wanted, and the mechanisms. What is wrong with the credentials stands in credentials.ts.
import type { Rule } from '../rule.ts';

const turnOn = {
  text: 'Give the client a user and a password, and turn its login on.',
  snippets: 'login',
} as const;

export const authRules: readonly Rule[] = [
  {
    id: 'auth.not-offered',
    title: 'The client logs in where no login is offered',
    stage: 'auth',
    scope: 'session',
    severity: 'error',
    explanation:
      'The client sent AUTH and was refused with {code}, since port {port} ({listener}) does not offer it. Other clients send the mail without a login then, and say nothing.',
    causes: ['Mailscope runs with --auth none, or this listener with auth=none.'],
    fixes: [
      { text: 'Start Mailscope with --auth offered, as it does unless set otherwise.' },
      { text: 'Or take the user and the password from the settings for tests.', risk: 'dev-only' },
    ],
    references: ['RFC 4954 3'],
    identity: ['listener'],
    suppresses: ['ehlo.left'],
  },
  {
    id: 'auth.required',
    title: 'This port wants a login',
    stage: 'auth',
    scope: 'session',
    severity: 'blocker',
    explanation: 'The client sent MAIL without a login and was refused with {code}.',
    causes: [
      'No user and password are set, or their variables are empty where the program runs.',
      'The login is not turned on: SMTPAuth = true in PHPMailer, mail.smtp.auth=true in Jakarta Mail.',
    ],
    fixes: [turnOn, { text: 'Or have Mailscope take mail without: --auth offered.', risk: 'dev-only' }],
    references: ['RFC 4954 4', 'RFC 4954 6'],
  },
  {
    id: 'auth.mechanism-not-offered',
    title: 'The client wants a way to log in that is not offered',
    stage: 'auth',
    scope: 'session',
    severity: 'error',
    explanation:
      'The client tried AUTH {mechanism} and was refused with {code}. This port offers: {offered}.',
    causes: [
      'The mechanism is set in the client.',
      'The client tries one that it prefers, whatever is offered.',
    ],
    fixes: [
      {
        text: 'Offer it, if it is PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-256, XOAUTH2 or OAUTHBEARER: --auth-mechanisms {mechanism}.',
      },
      { text: 'Or set another one in the client.', snippets: 'login' },
    ],
    references: ['RFC 4954 4'],
    identity: ['mechanism'],
  },
  {
    id: 'auth.cleartext',
    title: 'A password went over the network in clear text',
    stage: 'auth',
    scope: 'session',
    severity: 'warning',
    explanation:
      'The client at {peer} logged in by {mechanism} without TLS, so that anybody in between can read the password. Most servers refuse that with 538 or do not offer a login without TLS.',
    causes: ['TLS is not turned on in the client.'],
    fixes: [
      { text: 'Turn STARTTLS on in the client.', snippets: 'starttls' },
      {
        text: 'To see whether the client can do it, have the listener insist: --listen smtp://...?auth-tls=required.',
      },
    ],
    references: ['RFC 4954 4', 'RFC 8314 3'],
    suppresses: ['tls.starttls-unused'],
  },
  {
    id: 'auth.bad-encoding',
    title: 'The login is not valid base64',
    stage: 'auth',
    scope: 'session',
    severity: 'error',
    explanation: 'The client sent a {step} that is not valid base64, and was refused with {code}. {problem}',
    causes: [
      'base64 breaks lines after 76 characters (base64 -w0 does not).',
      'The user or password was sent as it is.',
    ],
    fixes: [
      { text: 'Encode without line breaks: printf %s "$value" | base64 -w0.' },
      { text: 'Let a library or swaks do the login.', snippets: 'login' },
    ],
    references: ['RFC 4954 4', 'RFC 4648 4'],
    suppresses: ['auth.failed'],
  },
  {
    id: 'auth.malformed',
    title: 'The login does not follow the form of its mechanism',
    stage: 'auth',
    scope: 'session',
    severity: 'error',
    explanation: 'The client logged in by {mechanism} and was refused with {code}. {problem}',
    causes: ['The message of the mechanism was put together by hand.', 'It was encoded twice.'],
    fixes: [
      { text: 'PLAIN is NUL, user, NUL, password. XOAUTH2 is user=..., 0x01, auth=Bearer ..., 0x01, 0x01.' },
      { text: 'Let a library do the login.', snippets: 'login' },
    ],
    references: ['RFC 4616 2', 'RFC 7628 3.1'],
    identity: ['mechanism'],
    suppresses: ['auth.failed'],
  },
  {
    id: 'auth.out-of-order',
    title: 'The client logs in at the wrong time',
    stage: 'auth',
    scope: 'session',
    severity: 'warning',
    explanation: 'AUTH was refused with {code}: {why}. A session has one login, before the first mail.',
    causes: [
      'A connection of a pool is used again, and the client logs in anew.',
      'Two layers of the program log in both.',
    ],
    fixes: [{ text: 'Log in once for each connection, behind EHLO and STARTTLS.', snippets: 'pool' }],
    references: ['RFC 4954 4'],
  },
  {
    id: 'auth.abandoned',
    title: 'The client broke the login off',
    stage: 'auth',
    scope: 'session',
    severity: 'warning',
    explanation: 'The client began AUTH {mechanism} and {what}.',
    causes: [
      'The client expects another challenge than it got.',
      'It has no user or password, and notices that only then.',
      'It was stopped, or ran into a time limit.',
    ],
    fixes: [{ text: 'Look at the log of the client.', snippets: 'debug-log' }],
    references: ['RFC 4954 4'],
    identity: ['mechanism'],
  },
];
