// Services that send on, as they refuse what is handed in: Amazon SES, SendGrid, Mailgun, Mailtrap, Mimecast.
import type { FaultPreset } from '../fault.ts';
import { hangUp, refuse } from './refuse.ts';

export const services: readonly FaultPreset[] = [
  {
    name: 'ses/bad-credentials',
    title: 'Amazon SES: login failed',
    text: 'Most often the secret key of IAM in place of the SMTP password that is made from it.',
    ...refuse('auth', 535, null, 'Authentication Credentials Invalid'),
  },
  {
    name: 'ses/auth-required',
    title: 'Amazon SES: login required',
    text: 'Use AUTH before MAIL FROM. Here it is refused behind a login, too.',
    ...refuse('mail', 530, null, 'Authentication required'),
  },
  {
    name: 'ses/not-verified',
    title: 'Amazon SES: address not verified',
    text: 'The account is in the sandbox, or the sender is not verified in that region.',
    ...refuse(
      'message',
      554,
      null,
      'Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: {from}',
    ),
  },
  {
    name: 'ses/sending-rate',
    title: 'Amazon SES: sending rate',
    text: 'More per second than the account may. Try again with growing pauses.',
    ...refuse('message', 454, null, 'Throttling failure: Maximum sending rate exceeded.'),
  },
  {
    name: 'ses/daily-quota',
    title: 'Amazon SES: daily quota',
    text: 'Try again tomorrow, or ask for more.',
    ...refuse('message', 454, null, 'Throttling failure: Daily message quota exceeded.'),
  },
  {
    name: 'ses/suspended',
    title: 'Amazon SES: sending paused',
    text: 'Too many bounces or complaints. Nothing is sent before AWS has looked at it.',
    ...refuse('message', 554, null, 'Message rejected: Sending suspended for this account.'),
  },
  {
    name: 'ses/too-many-connections',
    title: 'Amazon SES: too many connections',
    text: 'Try again later, with fewer.',
    ...hangUp('connect', 421, null, 'Too many concurrent SMTP connections'),
  },
  {
    name: 'ses/timeout',
    title: 'Amazon SES: client too slow',
    text: 'Keep no connection open that is not used.',
    ...hangUp('mail', 451, '4.4.2', 'Timeout waiting for data from client.'),
  },
  {
    name: 'ses/temporary',
    title: 'Amazon SES: temporary failure',
    text: 'Try again later.',
    ...refuse('message', 451, null, 'Temporary service failure'),
  },
  {
    name: 'ses/bounce',
    title: 'Amazon SES: comes back',
    text: 'As of bounce@simulator.amazonses.com: accepted, then a delivery report comes to MAIL FROM.',
    ...refuse('bounce', 550, '5.1.1', 'user unknown'),
  },
  {
    name: 'sendgrid/sender-identity',
    title: 'SendGrid: sender not verified',
    text: 'Verify the sender or its domain there first.',
    ...refuse(
      'message',
      550,
      null,
      'The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved. Visit https://sendgrid.com/docs/for-developers/sending-email/sender-identity/ to see the Sender Identity requirements',
    ),
  },
  {
    name: 'sendgrid/bad-credentials',
    title: 'SendGrid: login failed',
    text: 'The user name is `apikey`, the password the key.',
    ...refuse(
      'auth',
      535,
      null,
      'Authentication failed: The provided authorization grant is invalid, expired, or revoked',
    ),
  },
  {
    name: 'sendgrid/credits',
    title: 'SendGrid: out of credits',
    text: 'A temporary code that does not go away by itself.',
    ...refuse('auth', 451, null, 'Authentication failed: Maximum credits exceeded'),
  },
  {
    name: 'mailgun/sandbox',
    title: 'Mailgun: sandbox domain',
    text: 'Add a domain of your own, or the recipient to those that are authorized.',
    ...refuse(
      'rcpt',
      554,
      null,
      'Sandbox subdomains are for test purposes only. Please add your own domain or add the address to authorized recipients in domain settings.',
    ),
  },
  {
    name: 'mailgun/relaying-denied',
    title: 'Mailgun: relaying denied',
    text: 'Log in first.',
    ...refuse('rcpt', 550, '5.7.1', 'Relaying denied'),
  },
  {
    name: 'mailtrap/too-many-per-second',
    title: 'Mailtrap: too many per second',
    text: 'Send slower. Permanent by its code, and yet worth another try.',
    ...refuse('message', 550, '5.7.0', 'Requested action not taken: too many emails per second'),
  },
  {
    name: 'mimecast/greylist',
    title: 'Mimecast: greylisting',
    text: 'Refused the first time, accepted the second. Try again after a minute.',
    ...refuse(
      'rcpt',
      451,
      null,
      'Internal resources are temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451',
    ),
    times: { count: 1, per: 'triplet' },
  },
  {
    name: 'mimecast/authentication',
    title: 'Mimecast: SPF, DKIM or DMARC',
    text: 'The sender is not who it says.',
    ...refuse(
      'mail',
      550,
      null,
      'spf Sender Invalid - envelope rejected - https://community.mimecast.com/docs/DOC-1369#550',
    ),
  },
];
