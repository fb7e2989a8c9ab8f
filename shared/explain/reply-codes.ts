// The basic reply codes of SMTP and its extensions: what each means, what a client does about it, and where it is
// defined.
export type CodeRow = readonly [meaning: string, advice: string, reference: string];

const done = 'Nothing to do.';
const later = 'Try the same again later, waiting longer each time.';
const never = 'Do not repeat it unchanged.';
const client = 'Correct the client: this is about how it speaks, not about the mail.';

export const replyCodes: Readonly<Record<number, CodeRow>> = {
  211: ['System status or an answer to HELP.', done, 'RFC 5321 4.2.3'],
  214: ['Help for a person.', done, 'RFC 5321 4.2.3'],
  220: [
    'The server is ready: for EHLO after connecting, for the TLS handshake after STARTTLS.',
    'Go on with EHLO, or with the handshake.',
    'RFC 5321 4.2.3, RFC 3207 4',
  ],
  221: ['The server says goodbye and closes the connection.', done, 'RFC 5321 4.2.3'],
  235: ['The login succeeded.', 'Go on with MAIL FROM.', 'RFC 4954 6'],
  250: ['The command was carried out.', 'Go on with the next command.', 'RFC 5321 4.2.3'],
  251: ['The recipient is not local; the server forwards the mail.', done, 'RFC 5321 4.2.3'],
  252: ['The server will not say whether the address exists, but takes mail for it.', done, 'RFC 5321 3.5.3'],
  253: ['Mail is waiting for this node and its delivery has begun.', done, 'RFC 1985 5.3'],
  334: [
    'The server waits for the next step of the login, in base64.',
    'Answer the challenge, or cancel with a single *.',
    'RFC 4954 4',
  ],
  354: [
    'The server waits for the message.',
    'Send it, with leading dots doubled, and end it with a line of one dot.',
    'RFC 5321 4.1.1.4',
  ],
  355: [
    'The server names the byte from which an interrupted message goes on.',
    'Go on from there.',
    'RFC 1845 4',
  ],
  421: ['The service is not available and the connection is closed.', later, 'RFC 5321 3.8'],
  422: [
    'A password change is needed before this mechanism works.',
    'Log in by PLAIN over TLS once.',
    'RFC 5248 2.4',
  ],
  432: [
    'The password must first be moved to another mechanism. Microsoft 365 means too many connections by it.',
    'Log in by PLAIN over TLS once, or open fewer connections.',
    'RFC 4954 6',
  ],
  450: ['The mailbox is busy or blocked for now; greylisting uses this as well.', later, 'RFC 5321 4.2.3'],
  451: ['The server had an error of its own.', later, 'RFC 5321 4.2.3'],
  452: ['The server is short of storage, or has taken enough recipients.', later, 'RFC 5321 4.5.3.1.10'],
  453: ['No mail is waiting.', done, 'RFC 2645 4'],
  454: [
    'TLS or the login is not available for a temporary reason.',
    'Try again later; a password that was right stays right.',
    'RFC 3207 4, RFC 4954 6',
  ],
  455: ['The server cannot take these parameters at the moment.', later, 'RFC 5321 4.2.3'],
  458: ['The queue of this node cannot be started now.', later, 'RFC 1985 5.3'],
  459: ['This node is not allowed to ask for its queue.', never, 'RFC 1985 5.3'],
  500: ['The command is not known or its line is too long.', client, 'RFC 5321 4.2.3'],
  501: ['The parameters or arguments of the command are wrong.', client, 'RFC 5321 4.2.3'],
  502: ['The command is known but not offered here.', 'Use only what EHLO offered.', 'RFC 5321 4.2.4'],
  503: ['The command came at a point where it is not allowed.', client, 'RFC 5321 4.2.3'],
  504: ['A parameter of the command is not offered here.', 'Use only what EHLO offered.', 'RFC 5321 4.2.3'],
  521: ['This host does not accept mail.', 'Give up, or send to another host.', 'RFC 7504 3'],
  523: ['The account works only with encryption.', 'Use TLS before AUTH.', 'RFC 5248 2.4'],
  524: ['This login mechanism needs encryption.', 'Use TLS before AUTH.', 'RFC 5248 2.4'],
  525: ['The account is disabled.', 'Ask its administrator.', 'RFC 5248 2.4'],
  530: [
    'A login, or TLS, is required first.',
    'Say STARTTLS and AUTH before MAIL FROM.',
    'RFC 4954 6, RFC 3207 4',
  ],
  534: ['This login mechanism is too weak here.', 'Use a stronger one, or an app password.', 'RFC 4954 6'],
  535: [
    'The user name or the password was not accepted.',
    'Correct the credentials; repeating them can lock the account.',
    'RFC 4954 6',
  ],
  538: ['This login mechanism needs encryption.', 'Use TLS before AUTH.', 'RFC 4954 6'],
  550: [
    'The mailbox is unavailable: it does not exist, or policy forbids it.',
    'Give up for this recipient; read the text, for this code has many reasons.',
    'RFC 5321 4.2.3',
  ],
  551: [
    'The recipient is elsewhere; the text may name the new address.',
    'Send to the new address.',
    'RFC 5321 3.4',
  ],
  552: [
    'The storage allocation is exceeded, or the message is too big.',
    'Make the message smaller. For a RCPT, older servers mean 452 by it.',
    'RFC 5321 4.5.3.1.10',
  ],
  553: ['The mailbox name is not allowed.', 'Correct the address.', 'RFC 5321 4.2.3'],
  554: [
    'The transaction failed; as a greeting: no SMTP service here.',
    'Give up; the text says why.',
    'RFC 5321 4.2.3',
  ],
  555: [
    'A parameter of MAIL or RCPT is not known or not offered.',
    'Use only what EHLO offered.',
    'RFC 5321 4.1.1.11',
  ],
  556: ['The domain of the recipient takes no mail.', 'Give up for this domain.', 'RFC 7504 4'],
};

/** What is left when a code is not in the table: its first digit (RFC 5321 4.2.1), then its second. */
export const replyClasses: Readonly<
  Record<number, readonly [name: string, meaning: string, advice: string]>
> = {
  2: ['success', 'The command was carried out.', 'Go on with the next command.'],
  3: ['more expected', 'The server waits for more from the client.', 'Send what the command needs next.'],
  4: ['transient failure', 'It was refused for now.', later],
  5: ['permanent failure', 'It was refused for good.', never],
};

export const replySubjects: Readonly<Record<number, string>> = {
  0: 'It is about syntax.',
  1: 'It is a request for status or help.',
  2: 'It is about the connection.',
  3: 'It is about the login.',
  5: 'It is about the mail system.',
};
