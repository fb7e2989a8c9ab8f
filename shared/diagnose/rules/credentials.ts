// What is wrong with the credentials of a login.
import type { Rule } from '../rule.ts';

const login = {
  text: 'Correct the user and the password in the settings of the client.',
  snippets: 'login',
} as const;
const addUser = {
  text: 'Or have Mailscope know it: --user NAME:PASSWORD. Without any --user every login is accepted.',
};

export const credentialRules: readonly Rule[] = [
  {
    id: 'auth.whitespace',
    title: 'The user or password has white space around it',
    stage: 'auth',
    scope: 'session',
    severity: 'error',
    explanation:
      'The {what} of the login begins or ends with a blank or a line break. With real servers the login fails by that.',
    causes: [
      'The secret was made by echo, which adds a line break: echo secret | base64.',
      'It was read from a file whose last line ends in a line break, as secrets of Docker and Kubernetes.',
    ],
    fixes: [
      { text: "Make it by printf %s 'secret' | base64, or echo -n." },
      { text: 'Trim what is read from a file or a variable.' },
    ],
    references: ['RFC 4616 2'],
    suppresses: ['auth.failed', 'auth.unknown-user', 'auth.double-base64'],
  },
  {
    id: 'auth.double-base64',
    title: 'The password was encoded twice',
    stage: 'auth',
    scope: 'session',
    severity: 'error',
    explanation:
      'What came as the password of {user} is base64 of readable text. The client encodes it anyway, so it must not be encoded in the settings.',
    causes: ['The settings have the value as Kubernetes shows it, or as an old guide for telnet has it.'],
    fixes: [{ text: 'Put the password itself into the settings.', snippets: 'login' }],
    references: ['RFC 4954 4'],
    suppresses: ['auth.failed'],
  },
  {
    id: 'auth.empty',
    title: 'The user or password is empty',
    stage: 'auth',
    scope: 'session',
    severity: 'warning',
    explanation: 'The client logged in by {mechanism} with an empty {what}. Real servers refuse that.',
    causes: [
      'The variable with the value is not set where the program runs, or is called otherwise there.',
      'A container or worker was not given its environment.',
    ],
    fixes: [login, { text: 'Print which settings are empty when the program starts, and stop there.' }],
    references: ['RFC 4616 2'],
    identity: ['what'],
    suppresses: ['auth.failed', 'auth.unknown-user', 'auth.malformed'],
  },
  {
    id: 'auth.placeholder',
    title: 'The user is a placeholder',
    stage: 'auth',
    scope: 'session',
    severity: 'warning',
    explanation: 'The client logged in as {user}. That looks like a value that was never filled in.',
    causes: [
      'A variable is not set, and its absence was turned into text.',
      'The template of the settings was not filled, or the example was left as it is.',
    ],
    fixes: [
      login,
      {
        text: 'For no login at all leave user and password out; MAIL_USERNAME=null means that only to Laravel.',
      },
    ],
    references: [],
    suppresses: ['auth.failed', 'auth.unknown-user'],
  },
  {
    id: 'auth.provider-account',
    title: 'The login is that of a real provider',
    stage: 'auth',
    scope: 'session',
    severity: 'warning',
    explanation:
      'User and length of the password are those of {provider}. A key of production was probably sent to this test server{masked}.',
    causes: ['The settings of production are used, and only the host was changed.'],
    fixes: [
      { text: 'Use other credentials here, so that a wrong host cannot send real mail.' },
      { text: 'If others can read this server, replace the key.' },
    ],
    references: [],
    identity: ['provider'],
  },
  {
    id: 'auth.not-utf8',
    title: 'The password was not sent as UTF-8',
    stage: 'auth',
    scope: 'session',
    severity: 'error',
    explanation:
      'The login of {user} was refused, and its password has bytes that are not UTF-8. Letters with accents must be sent as UTF-8.',
    causes: ['The program or its settings are in Latin-1 or a Windows code page.'],
    fixes: [{ text: 'Save the settings as UTF-8, or use a password of ASCII characters.' }],
    references: ['RFC 4616 2'],
    suppresses: ['auth.failed'],
  },
  {
    id: 'auth.token-refused',
    title: 'The token was refused',
    stage: 'auth',
    scope: 'session',
    severity: 'blocker',
    explanation: 'The login of {user} by {mechanism} was refused: {why}',
    causes: [
      'The token is no longer valid; access tokens live about an hour.',
      'It has another scope: Gmail wants https://mail.google.com/, Microsoft 365 https://outlook.office.com/SMTP.Send.',
    ],
    fixes: [
      { text: 'Fetch a new token before each connection, with the refresh token.', snippets: 'login' },
      addUser,
    ],
    references: ['RFC 7628 3.2.3'],
    suppresses: ['auth.failed'],
  },
  {
    id: 'auth.unknown-user',
    title: 'The user is not known',
    stage: 'auth',
    scope: 'session',
    severity: 'blocker',
    explanation:
      'The client logged in as {user} and was refused with {code}: there is no such user here.{hint}',
    causes: [
      'The user has a typing error, or is one of another server.',
      'Mailscope was started with other --user.',
    ],
    fixes: [login, addUser],
    references: ['RFC 4954 6'],
    suppresses: ['auth.failed'],
  },
  {
    id: 'auth.failed',
    title: 'The login was refused',
    stage: 'auth',
    scope: 'session',
    severity: 'blocker',
    explanation: 'The client logged in as {user} by {mechanism} and was refused with {code}. {why}',
    causes: ['The password is wrong, or is one of another server.', 'It was changed here and not there.'],
    fixes: [login, addUser],
    references: ['RFC 4954 6'],
  },
  {
    id: 'auth.temporary',
    title: 'A login failed for a while only',
    stage: 'auth',
    scope: 'application',
    severity: 'error',
    explanation:
      'A reply of 4xx to AUTH, such as 454 4.7.0, says that the server cannot check logins now. Nodemailer and Ruby call it an invalid login all the same.',
    causes: ['The server of the accounts is away.', 'There were too many logins in a short time.'],
    fixes: [
      { text: 'Look at the code: with 4xx try again later, and do not change the password.' },
      { text: 'Send several mails over one connection.', snippets: 'pool' },
    ],
    references: ['RFC 4954 6'],
  },
  {
    id: 'auth.missing-credentials',
    title: 'The client was told to log in without credentials',
    stage: 'auth',
    scope: 'application',
    severity: 'blocker',
    explanation: 'The client stops before AUTH, since it was given no user or no password.',
    causes: ['The variables with the values are not set where the program runs.'],
    fixes: [login],
    references: [],
  },
  {
    id: 'auth.plain-without-tls',
    title: 'The client does not send a password without TLS',
    stage: 'auth',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'Go logs in by PLAIN only inside TLS or to localhost, 127.0.0.1 or ::1, and only if the host given to PlainAuth is the one that it connects to.',
    causes: ['Mailscope is reached by another name, e.g. that of a container, without TLS.'],
    fixes: [
      { text: 'Use the port with STARTTLS, and trust the CA of Mailscope.', snippets: 'trust-ca' },
      { text: 'Or send without a login in tests: pass nil as the login to smtp.SendMail.', risk: 'dev-only' },
    ],
    references: ['RFC 4616 1'],
  },
];
