// Blocklists, as the servers that ask them answer.
import type { FaultPreset } from '../fault.ts';
import { refuse } from './refuse.ts';

export const blocklists: readonly FaultPreset[] = [
  {
    name: 'spamhaus/zen',
    title: 'Spamhaus: Zen',
    text: 'The address of the client is on one of their lists. Look it up there; do not try again before it is taken off.',
    ...refuse(
      'rcpt',
      554,
      '5.7.1',
      'Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/{ip}',
    ),
  },
  {
    name: 'spamhaus/sbl',
    title: 'Spamhaus: SBL',
    text: 'A known source of spam. Ask who owns the network.',
    ...refuse(
      'rcpt',
      554,
      '5.7.1',
      'Service unavailable; Client host [{ip}] blocked using sbl.spamhaus.org; https://www.spamhaus.org/query/ip/{ip}',
    ),
  },
  {
    name: 'spamhaus/css',
    title: 'Spamhaus: CSS',
    text: 'Sends like a spammer, often by a program that was broken into, or by a bad EHLO.',
    ...refuse(
      'rcpt',
      554,
      '5.7.1',
      'Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org; Spamhaus CSS https://www.spamhaus.org/css/removal/query/{ip}',
    ),
  },
  {
    name: 'spamhaus/xbl',
    title: 'Spamhaus: XBL',
    text: 'A machine there is infected. Clean it first.',
    ...refuse(
      'rcpt',
      554,
      '5.7.1',
      'Service unavailable; Client host [{ip}] blocked using xbl.spamhaus.org; https://www.spamhaus.org/query/ip/{ip}',
    ),
  },
  {
    name: 'spamhaus/pbl',
    title: 'Spamhaus: PBL',
    text: 'An address of a home or an office, from which no mail should come. Send by the server of the provider.',
    ...refuse(
      'rcpt',
      550,
      '5.7.1',
      'Service unavailable; Client host [{ip}] blocked using pbl.spamhaus.org; https://www.spamhaus.org/query/ip/{ip}',
    ),
  },
  {
    name: 'spamhaus/dbl',
    title: 'Spamhaus: DBL',
    text: 'A domain in the message is listed, as of a link. Take it out.',
    ...refuse(
      'message',
      550,
      '5.7.1',
      'Your email was rejected due to having a domain present in the Spamhaus DBL -- see https://www.spamhaus.org/dbl/',
    ),
  },
  {
    name: 'spamhaus/query-refused',
    title: 'Spamhaus: the receiver asks wrongly',
    text: 'The fault of the receiver, whose DNS server may not ask the list. Tell its postmaster; the client is not listed.',
    ...refuse(
      'rcpt',
      554,
      '5.7.1',
      'Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org; Error: open resolver; https://www.spamhaus.org/returnc/pub/192.0.2.53',
    ),
  },
  {
    name: 'spamcop/listed',
    title: 'SpamCop',
    text: 'Somebody reported mail of this address. It goes off by itself after a day.',
    ...refuse(
      'rcpt',
      554,
      '5.7.1',
      'Service unavailable; Client host [{ip}] blocked using bl.spamcop.net; Blocked - see https://www.spamcop.net/bl.shtml?{ip}',
    ),
  },
  {
    name: 'barracuda/listed',
    title: 'Barracuda',
    text: 'The address of the client has a bad name there. Ask for it to be taken off.',
    ...refuse(
      'rcpt',
      554,
      '5.7.1',
      'Service unavailable; Client host [{ip}] blocked using b.barracudacentral.org; http://www.barracudanetworks.com/reputation/?pr=1&ip={ip}',
    ),
  },
];
