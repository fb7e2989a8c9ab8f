// Exim, which gives no enhanced codes.
import type { FaultPreset } from '../fault.ts';
import { hangUp, refuse } from './refuse.ts';

export const exim: readonly FaultPreset[] = [
  {
    name: 'exim/relay-not-permitted',
    title: 'Exim: relay not permitted',
    text: 'Log in first, or use the server of that domain.',
    ...refuse('rcpt', 550, null, 'relay not permitted'),
  },
  {
    name: 'exim/unrouteable',
    title: 'Exim: unrouteable address',
    text: 'There is no such mailbox or domain. Do not try again.',
    ...refuse('rcpt', 550, null, 'Unrouteable address'),
  },
  {
    name: 'exim/sender-verify',
    title: 'Exim: sender verify failed',
    text: 'It asked the server of MAIL FROM, and nothing could be sent there. Correct the sender.',
    ...refuse(
      'rcpt',
      550,
      null,
      'Verification failed for <{from}>',
      'No Such User Here',
      'Sender verify failed',
    ),
  },
  {
    name: 'exim/sender-without-domain',
    title: 'Exim: sender without a domain',
    text: 'Give MAIL FROM a whole address.',
    ...refuse('mail', 501, null, '<{from}>: sender address must contain a domain'),
  },
  {
    name: 'exim/too-many-connections',
    title: 'Exim: too many connections',
    text: 'Try again later, with fewer.',
    ...hangUp('connect', 421, null, 'Too many concurrent SMTP connections; please try again later.'),
  },
  {
    name: 'exim/synchronization',
    title: 'Exim: synchronization error',
    text: 'The client spoke before the greeting. It must wait for it.',
    ...hangUp('connect', 554, null, 'SMTP synchronization error'),
  },
  {
    name: 'exim/wrong-password',
    title: 'Exim: wrong password',
    text: 'Do not try again with the same password.',
    ...refuse('auth', 535, null, 'Incorrect authentication data'),
  },
  {
    name: 'exim/temporary-reject',
    title: 'Exim: temporary local problem',
    text: 'Try again later.',
    ...refuse('rcpt', 451, null, 'Temporary local problem - please try later'),
  },
  {
    name: 'exim/line-length',
    title: 'Exim: line too long',
    text: 'Encode the body, or break its lines.',
    ...refuse('message', 550, null, 'maximum allowed line length is 998 octets, got 2417'),
  },
  {
    name: 'exim/too-large',
    title: 'Exim: message too large',
    text: 'Make the message smaller.',
    ...refuse('message', 552, null, 'Message size exceeds maximum permitted'),
  },
  {
    name: 'exim/prohibited',
    title: 'Exim: administrative prohibition',
    text: 'A rule of the server, which it does not tell.',
    ...refuse('message', 550, null, 'Administrative prohibition'),
  },
];
