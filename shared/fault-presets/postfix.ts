// Postfix, with the greylisting of postgrey.
import type { FaultPreset } from '../fault.ts';
import { hangUp, refuse } from './refuse.ts';

export const postfix: readonly FaultPreset[] = [
  {
    name: 'postfix/user-unknown',
    title: 'Postfix: user unknown',
    text: 'There is no such mailbox. Do not try again.',
    ...refuse(
      'rcpt',
      550,
      '5.1.1',
      '<{rcpt}>: Recipient address rejected: User unknown in virtual mailbox table',
    ),
  },
  {
    name: 'postfix/unverified-recipient',
    title: 'Postfix: recipient not verified yet',
    text: 'It is asking the next server whether the mailbox exists. Try again later.',
    ...refuse(
      'rcpt',
      450,
      '4.1.1',
      '<{rcpt}>: Recipient address rejected: unverified address: Address verification in progress',
    ),
  },
  {
    name: 'postfix/mailbox-full',
    title: 'Postfix with Dovecot: mailbox full',
    text: 'Try again some days later; then tell the user.',
    ...refuse('rcpt', 452, '4.2.2', '<{rcpt}>: Recipient address rejected: Mailbox is full'),
  },
  {
    name: 'postfix/relay-denied',
    title: 'Postfix: relay access denied',
    text: 'Log in first, or use the server of that domain.',
    ...refuse('rcpt', 554, '5.7.1', '<{rcpt}>: Relay access denied'),
  },
  {
    name: 'postfix/relay-deferred',
    title: 'Postfix: relay access denied for now',
    text: 'A wrong setting of the server, which it is careful about. Try again later.',
    ...refuse('rcpt', 454, '4.7.1', '<{rcpt}>: Relay access denied'),
  },
  {
    name: 'postfix/postgrey',
    title: 'Postgrey: greylisting',
    text: 'Each sender and recipient are refused the first time, and accepted the second. Try again after some minutes.',
    ...refuse(
      'rcpt',
      450,
      '4.2.0',
      '<{rcpt}>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/example.com.html',
    ),
    times: { count: 1, per: 'triplet' },
  },
  {
    name: 'postfix/helo-host-not-found',
    title: 'Postfix: name in EHLO not found',
    text: 'Give the client the full name of its host.',
    ...refuse('rcpt', 450, '4.7.1', '<{client}>: Helo command rejected: Host not found'),
  },
  {
    name: 'postfix/helo-not-qualified',
    title: 'Postfix: name in EHLO not complete',
    text: 'Give the client the full name of its host.',
    ...refuse('rcpt', 504, '5.5.2', '<{client}>: Helo command rejected: need fully-qualified hostname'),
  },
  {
    name: 'postfix/no-reverse-dns',
    title: 'Postfix: no reverse DNS',
    text: 'Set a PTR record for the address of the client.',
    ...refuse('rcpt', 450, '4.7.25', 'Client host rejected: cannot find your hostname, [{ip}]'),
  },
  {
    name: 'postfix/sender-domain-not-found',
    title: 'Postfix: domain of the sender not found',
    text: 'Correct the sender.',
    ...refuse('rcpt', 450, '4.1.8', '<{from}>: Sender address rejected: Domain not found'),
  },
  {
    name: 'postfix/sender-not-owned',
    title: 'Postfix: sender of another user',
    text: 'Send from an address of the account that logged in.',
    ...refuse('rcpt', 553, '5.7.1', '<{from}>: Sender address rejected: not logged in'),
  },
  {
    name: 'postfix/too-many-errors',
    title: 'Postfix: too many errors',
    text: 'It gives up on a client that was refused too often. Here with the first recipient.',
    ...hangUp('rcpt', 421, '4.7.0', 'mail.example.com Error: too many errors'),
  },
  {
    name: 'postfix/too-many-connections',
    title: 'Postfix: too many connections',
    text: 'Try again later, with fewer.',
    ...hangUp('connect', 421, '4.7.0', 'mail.example.com Error: too many connections from {ip}'),
  },
  {
    name: 'postfix/too-much-mail',
    title: 'Postfix: too much mail',
    text: 'Try again later, slower.',
    ...refuse('mail', 450, '4.7.1', 'Error: too much mail from {ip}'),
  },
  {
    name: 'postfix/too-many-recipients',
    title: 'Postfix: too many recipients',
    text: 'Send to those that were accepted, and to the rest in a further transaction.',
    ...refuse('rcpt', 452, '4.5.3', 'Error: too many recipients'),
    times: { skip: 50, per: 'transaction' },
  },
  {
    name: 'postfix/wrong-password',
    title: 'Postfix: wrong password',
    text: 'Do not try again with the same password.',
    ...refuse('auth', 535, '5.7.8', 'Error: authentication failed: UGFzc3dvcmQ6'),
  },
  {
    name: 'postfix/auth-temporary',
    title: 'Postfix: login out of order',
    text: 'It cannot reach what checks passwords. Try again later; the password may be right.',
    ...refuse(
      'auth',
      454,
      '4.7.0',
      'Temporary authentication failure: Connection lost to authentication server',
    ),
  },
  {
    name: 'postfix/starttls-first',
    title: 'Postfix: STARTTLS first',
    text: 'Use STARTTLS before MAIL FROM. Here it is refused behind STARTTLS, too.',
    ...refuse('mail', 530, '5.7.0', 'Must issue a STARTTLS command first'),
  },
  {
    name: 'postfix/tls-not-available',
    title: 'Postfix: TLS out of order',
    text: 'A client that needs TLS must stop here and try again later.',
    ...refuse('starttls', 454, '4.7.0', 'TLS not available due to local problem'),
  },
  {
    name: 'postfix/too-large',
    title: 'Postfix: message too large',
    text: 'Make the message smaller.',
    ...refuse('mail', 552, '5.3.4', 'Message size exceeds fixed limit'),
  },
  {
    name: 'postfix/too-large-at-end',
    title: 'Postfix: message file too big',
    text: 'Said behind the message, to a client that named no SIZE. Make it smaller.',
    ...refuse('message', 552, '5.3.4', 'Error: message file too big'),
  },
  {
    name: 'postfix/queue-full',
    title: 'Postfix: no room in the queue',
    text: 'Try again later.',
    ...refuse('mail', 452, '4.3.1', 'Insufficient system storage'),
  },
  {
    name: 'postfix/queue-file',
    title: 'Postfix: cannot write the queue file',
    text: 'Try again later.',
    ...refuse('message', 451, '4.3.0', 'Error: queue file write error'),
  },
  {
    name: 'postfix/milter-rejected',
    title: 'Postfix: command rejected',
    text: 'By a filter that gave no reason.',
    ...refuse('message', 550, '5.7.1', 'Command rejected'),
  },
  {
    name: 'postfix/milter-unavailable',
    title: 'Postfix: filter out of order',
    text: 'Try again later.',
    ...refuse('message', 451, '4.7.1', 'Service unavailable - try again later'),
  },
  {
    name: 'postfix/bare-lf',
    title: 'Postfix: bare line feed',
    text: 'Lines must end in CR LF. Correct the client.',
    ...hangUp('message', 521, '5.5.2', 'mail.example.com Error: bare <LF> received'),
  },
];
