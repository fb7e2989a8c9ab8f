// Enhanced status codes by subject and detail; the class before them is that of the reply (RFC 3463 2).
import type { CodeRow } from './reply-codes.ts';

const retry = 'Retry later; it may pass by itself.';
const drop = 'Stop sending to this address.';
const sender = 'Correct the sender address.';
const command = 'Correct the client, not the mail.';
const content = 'Change the message.';
const policy = 'Ask the receiving side what it allows.';
const login = 'Correct the login settings of the client.';
const domain = 'Correct the DNS records or the signing of the sending domain.';

/** Rows of one RFC section, as `detail: [meaning, advice]`. */
const rows = (
  reference: string,
  list: Record<string, readonly [meaning: string, advice: string]>,
): [string, CodeRow][] =>
  Object.entries(list).map(([code, [meaning, advice]]) => [code, [meaning, advice, reference]]);

export const enhancedCodes: ReadonlyMap<string, CodeRow> = new Map([
  ...rows('RFC 3463 3.1', { '0.0': ['There is no more exact status.', 'Read the text of the reply.'] }),
  ...rows('RFC 3463 3.2', {
    '1.0': ['Something about an address is wrong.', 'Check both addresses.'],
    '1.1': ['There is no such mailbox.', drop],
    '1.2': ['There is no such destination domain, or it takes no mail.', 'Check the spelling of the domain.'],
    '1.3': ['The destination address is written wrongly.', 'Correct the address.'],
    '1.4': ['The destination address fits more than one mailbox.', 'Write the full address.'],
    '1.5': ['The destination address is valid.', 'Nothing to do.'],
    '1.6': ['The mailbox has moved and nothing is forwarded.', drop],
    '1.7': ['The sender address is written wrongly.', sender],
    '1.8': ['The domain of the sender does not exist or takes no replies.', sender],
  }),
  ...rows('RFC 3886 3.3.4', {
    '1.9': ['The message went on to a system that sends no delivery reports.', 'Expect no more reports.'],
  }),
  ...rows('RFC 7505 4.2', {
    '1.10': ['The domain of the recipient says by a null MX that it takes no mail.', drop],
    '7.27': ['The domain of the sender says by a null MX that it takes no mail.', sender],
  }),
  ...rows('RFC 3463 3.3', {
    '2.0': ['Something about the mailbox is wrong.', 'Read the text of the reply.'],
    '2.1': ['The mailbox is disabled or takes no messages.', drop],
    '2.2': ['The mailbox is full.', 'Retry for a few days, then stop.'],
    '2.3': ['The message is longer than this mailbox allows.', 'Make the message smaller.'],
    '2.4': ['A mailing list could not be expanded.', retry],
  }),
  ...rows('RFC 3463 3.4', {
    '3.0': ['The receiving mail system has a problem.', retry],
    '3.1': ['The receiving mail system has no room.', retry],
    '3.2': ['The host is not accepting mail now.', retry],
    '3.3': ['The system lacks a feature that the message needs.', 'Send without that feature.'],
    '3.4': [
      'The message is bigger than the system allows.',
      'Make the message smaller; SIZE in EHLO says the limit.',
    ],
    '3.5': ['The receiving system is configured wrongly.', 'Its administrator must act; retry later.'],
  }),
  ...rows('RFC 6710 5', {
    '3.6': ['The requested priority was changed.', 'Nothing to do.'],
    '7.15': ['The priority is too low for the server to take the message now.', retry],
    '7.16': ['The message is too big for its priority.', 'Make it smaller, or ask for another priority.'],
  }),
  ...rows('RFC 3463 3.5', {
    '4.0': ['The network or the routing has a problem.', retry],
    '4.1': ['The destination host did not answer.', retry],
    '4.2': ['The connection broke, or timed out, in the middle.', retry],
    '4.3': ['A directory or DNS server could not be asked.', retry],
    '4.4': ['There is no route to the destination.', 'Check the MX records of the recipient domain.'],
    '4.5': ['The mail system is congested.', 'Send more slowly and retry.'],
    '4.6': [
      'The message goes round in a loop.',
      'Correct the forwarding between the hosts in its Received lines.',
    ],
    '4.7': ['The message was too old to deliver.', 'Send it again if it still matters.'],
  }),
  ...rows('RFC 3463 3.6', {
    '5.0': ['A protocol error that has no code of its own.', command],
    '5.1': ['The command is not valid at this point, or not known.', command],
    '5.2': ['The syntax of the command, or of the message lines, is wrong.', command],
    '5.3': ['The message has too many recipients.', 'Send the rest in a further transaction.'],
    '5.4': ['The arguments of the command are not valid.', command],
    '5.5': ['The two sides speak different versions of the protocol.', command],
  }),
  ...rows('RFC 4954 6', {
    '5.6': ['A line of the login exchange is too long.', 'Use a shorter token.'],
    '7.8': ['The credentials are not valid.', 'Correct the user name or the password.'],
    '7.9': ['The login mechanism is too weak.', 'Use a stronger mechanism or an app password.'],
    '7.11': ['The login mechanism needs encryption.', 'Use TLS before AUTH.'],
    '7.12': ['The password has to be moved to another mechanism.', 'Log in by PLAIN over TLS once.'],
  }),
  ...rows('RFC 3463 3.7', {
    '6.0': ['Something about the content is wrong.', content],
    '6.1': ['The media type is not supported.', content],
    '6.2': ['The content must be converted, and that is forbidden.', content],
    '6.3': ['The content must be converted, and the system cannot.', content],
    '6.4': ['The content was converted and something was lost.', 'Nothing to do.'],
    '6.5': ['The conversion of the content failed.', content],
  }),
  ...rows('RFC 4468 5', {
    '6.6': ['The content that BURL names is not available.', 'Check the URL.'],
    '7.14': ['A trust relationship with a further service is missing.', login],
  }),
  ...rows('RFC 6531 3.5', {
    '6.7': ['The address has letters outside ASCII, which is not permitted here.', 'Use an ASCII address.'],
    '6.8': ['The reply needs UTF-8, which the client did not ask for.', 'Say SMTPUTF8.'],
    '6.9': ['A header in UTF-8 cannot be carried to a recipient.', 'Encode the header in ASCII.'],
    '6.10': ['A retired code for an address in UTF-8.', 'Use an ASCII address.'],
  }),
  ...rows('RFC 3463 3.8', {
    '7.0': ['It is about security, and has no code of its own.', policy],
    '7.1': ['The sender is not authorised, or policy refuses the message.', policy],
    '7.2': ['The sender may not send to this mailing list.', policy],
    '7.3': ['Security needs a conversion that is not possible.', policy],
    '7.4': ['A security feature is not supported here.', 'Use only what EHLO offered.'],
    '7.5': ['A cryptographic step failed.', 'Check certificates, keys and versions of both sides.'],
    '7.6': ['A cryptographic algorithm is not supported.', 'Choose another algorithm.'],
    '7.7': ['The message was damaged or altered on its way.', 'Find what rewrites it after it was signed.'],
  }),
  ...rows('RFC 5248 2.4', {
    '7.10': ['The account works only with encryption.', 'Use TLS before AUTH.'],
    '7.13': ['The account is disabled.', 'Ask its administrator.'],
  }),
  ...rows('RFC 7293 11', {
    '7.17': ['The mailbox has had another owner since the given date.', drop],
    '7.18': ['The domain has had another owner since the given date.', drop],
    '7.19': ['The server cannot tell when the mailbox changed its owner.', policy],
  }),
  ...rows('RFC 7372 3', {
    '7.20': ['No DKIM signature passed.', domain],
    '7.21': ['No DKIM signature that the receiver accepts passed.', domain],
    '7.22': ['No passing DKIM signature is by the author domain.', domain],
    '7.23': ['SPF failed: the IP address may not send for this domain.', domain],
    '7.24': ['SPF could not be evaluated.', domain],
    '7.25': [
      'The reverse DNS of the client IP address does not fit.',
      'Give the IP address a PTR record that resolves back.',
    ],
    '7.26': ['Several checks of the sender failed.', domain],
  }),
  ...rows('IANA SMTP Enhanced Status Codes', {
    '7.28': ['Too much mail from this sender.', 'Send more slowly.'],
  }),
  ...rows('RFC 8617 11.3', {
    '7.29': ['The ARC chain is not valid.', 'The forwarder must correct its ARC sealing.'],
  }),
  ...rows('RFC 8689 5', {
    '7.30': [
      'REQUIRETLS was asked for and the next host cannot promise it.',
      'Send without REQUIRETLS, if that is acceptable.',
    ],
  }),
]);

/** RFC 3463 3: what the middle number alone says of a code that is not registered. */
export const enhancedSubjects: readonly string[] = [
  'It is of an undefined kind.',
  'It is about an address.',
  'It is about the mailbox.',
  'It is about the mail system.',
  'It is about the network or the routing.',
  'It is about the protocol.',
  'It is about the content.',
  'It is about security or policy.',
];
