// Yahoo and AOL, Apple iCloud, GMX and WEB.DE, Orange.
import type { FaultPreset } from '../fault.ts';
import { hangUp, refuse } from './refuse.ts';

export const mailboxes: readonly FaultPreset[] = [
  {
    name: 'yahoo/deferred',
    title: 'Yahoo: temporarily deferred (TSS04)',
    text: 'Too much at once, or complaints of users; also without SPF, DKIM and DMARC. Try again later, slower.',
    ...hangUp(
      'mail',
      421,
      '4.7.0',
      '[TSS04] Messages from {ip} temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes',
    ),
  },
  {
    name: 'yahoo/permanently-deferred',
    title: 'Yahoo: permanently deferred (TSS09)',
    text: 'Nothing from this address is taken any more. Stop, and ask their postmaster.',
    ...refuse(
      'mail',
      553,
      '5.7.2',
      '[TSS09] All messages from {ip} will be permanently deferred; Retrying will NOT succeed. See https://postmaster.yahooinc.com/error-codes',
    ),
  },
  {
    name: 'yahoo/spamhaus',
    title: 'Yahoo: on the list of Spamhaus',
    text: 'Ask Spamhaus to take the address off.',
    ...hangUp(
      'connect',
      553,
      '5.7.1',
      "[BL21] Connections will not be accepted from {ip}, because the ip is in Spamhaus's list; see http://postmaster.yahoo.com/550-bl23.html",
    ),
  },
  {
    name: 'yahoo/unauthenticated',
    title: 'Yahoo: neither SPF nor DKIM',
    text: 'Sign with DKIM, or add the address of the client to the SPF record.',
    ...refuse(
      'message',
      550,
      '5.7.9',
      'This mail has been blocked because the sender is unauthenticated. Yahoo requires all senders to authenticate with either SPF or DKIM. See https://senders.yahooinc.com/smtp-error-codes#authentication-failures',
    ),
  },
  {
    name: 'yahoo/policy',
    title: 'Yahoo: against a policy',
    text: 'Mostly DMARC, or content that is not liked.',
    ...refuse(
      'message',
      554,
      '5.7.9',
      'Message not accepted for policy reasons.  See https://postmaster.yahooinc.com/error-codes',
    ),
  },
  {
    name: 'yahoo/no-such-user',
    title: 'Yahoo: no such user',
    text: 'There is no such account. The refusal comes only behind the message. Do not try again.',
    ...refuse(
      'message',
      554,
      null,
      "delivery error: dd This user doesn't have a yahoo.com account ({rcpt}) [0] - mta4317.mail.bf1.yahoo.com",
    ),
  },
  {
    name: 'yahoo/mailbox-not-found',
    title: 'Yahoo: mailbox not found',
    text: 'By its code a full mailbox, by its text none at all. Read both.',
    ...refuse('message', 552, null, '1 Requested mail action aborted, mailbox not found'),
  },
  {
    name: 'yahoo/mailbox-disabled',
    title: 'AOL: mailbox disabled',
    text: 'Do not try again.',
    ...refuse(
      'message',
      554,
      null,
      '30 Sorry, your message to {rcpt} cannot be delivered. This mailbox is disabled (554.30).',
    ),
  },
  {
    name: 'yahoo/receiving-too-quickly',
    title: 'Yahoo: receives mail too quickly',
    text: 'One mailbox gets too much at once. Try again later.',
    ...refuse('rcpt', 450, null, 'User is receiving mail too quickly'),
  },
  {
    name: 'yahoo/max-per-connection',
    title: 'Yahoo: enough for this connection',
    text: 'Go on in a new connection. Here after five messages.',
    ...hangUp('mail', 421, null, 'Max message per connection reached, closing transmission channel'),
    times: { skip: 5, per: 'session' },
  },
  {
    name: 'apple/inactive',
    title: 'iCloud: inactive address',
    text: 'Do not try again, and take the address off the list.',
    ...refuse('rcpt', 550, '5.1.1', '<{rcpt}>: inactive email address'),
  },
  {
    name: 'apple/unknown-alias',
    title: 'iCloud: unknown address',
    text: 'Do not try again, and take the address off the list.',
    ...refuse('rcpt', 550, '5.1.1', 'unknown or illegal alias: {rcpt}'),
  },
  {
    name: 'apple/moved',
    title: 'iCloud: no longer there',
    text: 'Do not try again, and take the address off the list.',
    ...refuse('rcpt', 550, '5.1.6', 'recipient no longer on server: {rcpt}'),
  },
  {
    name: 'apple/over-quota',
    title: 'iCloud: over quota',
    text: 'The mailbox is full. Permanent by its code, and yet worth another try some days later.',
    ...refuse('rcpt', 552, '5.2.2', '<{rcpt}>: user is over quota'),
  },
  {
    name: 'apple/dmarc',
    title: 'iCloud: DMARC',
    text: 'Neither SPF nor DKIM is for the domain in From, and its policy is to refuse such mail.',
    ...refuse(
      'message',
      554,
      '5.7.1',
      "Your message was rejected due to {domain}'s DMARC policy. See https://support.apple.com/en-us/HT204137 for info",
    ),
  },
  {
    name: 'apple/unauthenticated',
    title: 'iCloud: neither SPF nor DKIM (HME1)',
    text: 'Sign with DKIM, or add the address of the client to the SPF record.',
    ...refuse(
      'message',
      554,
      '5.7.1',
      '[HME1] This message was blocked for failing both SPF and DKIM authentication checks. See https://support.apple.com/en-us/HT204137 for mailing best practices',
    ),
  },
  {
    name: 'apple/local-policy',
    title: 'iCloud: local policy (CS01)',
    text: 'Taken for spam. Do not send it again unchanged.',
    ...refuse(
      'message',
      550,
      '5.7.1',
      '[CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137',
    ),
  },
  {
    name: 'apple/excessive-volume',
    title: 'iCloud: too much',
    text: 'Try again later, slower.',
    ...hangUp(
      'rcpt',
      421,
      '4.7.1',
      'Messages to {rcpt} deferred due to excessive volume. Try again later - https://support.apple.com/en-us/HT204137',
    ),
  },
  {
    name: 'apple/proofpoint',
    title: 'iCloud: blocked by Proofpoint',
    text: 'Ask Proofpoint to take the address off.',
    ...refuse('mail', 550, '5.7.0', 'Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip={ip}'),
  },
  {
    name: 'gmx/over-quota',
    title: 'GMX, WEB.DE: mailbox full',
    text: 'Permanent by its code, and yet worth another try some days later.',
    ...refuse(
      'rcpt',
      552,
      null,
      'Requested mail action aborted: exceeded storage allocation',
      'Quota exceeded',
    ),
  },
  {
    name: 'gmx/no-service',
    title: 'GMX, WEB.DE: blacklisted address',
    text: 'Refused at the greeting.',
    ...hangUp(
      'connect',
      554,
      null,
      'gmx.net (mxgmx017) Nemesis ESMTP Service not available',
      'No SMTP service',
      'IP address is black listed.',
      'For explanation visit https://postmaster.gmx.net/en/case?c=r0601&i=ip&v={ip}',
    ),
  },
  {
    name: 'orange/too-many-connections',
    title: 'Orange: too many connections',
    text: 'Try again later, with fewer.',
    ...hangUp(
      'connect',
      421,
      null,
      'mwinf5c04 ME Trop de connexions, veuillez verifier votre configuration. Too many connections, slow down. OFR005_104 [104]',
    ),
  },
  {
    name: 'orange/mailbox-full',
    title: 'Orange: mailbox full',
    text: 'The status says that the mailbox is unknown, the text that it is full. Read both.',
    ...refuse('rcpt', 552, '5.1.1', 'Boite du destinataire pleine. Recipient overquota. OFR_417 [417]'),
  },
];
