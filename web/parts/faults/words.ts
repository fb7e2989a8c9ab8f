// What the parts of a fault are called.
import type { FaultPreset, FaultWhen } from '../../../shared/fault.ts';
import type { FaultStage } from '../../../shared/fault-stages.ts';

export const stageWords: Record<FaultStage, { label: string; moment: string }> = {
  connect: { label: 'Greeting', moment: 'in place of the 220' },
  ehlo: { label: 'EHLO', moment: 'EHLO, HELO or LHLO' },
  starttls: { label: 'STARTTLS', moment: 'the command' },
  tls: { label: 'TLS handshake', moment: 'once the ClientHello has come' },
  auth: { label: 'AUTH', moment: 'in place of the answer to the credentials' },
  mail: { label: 'MAIL FROM', moment: 'the command' },
  rcpt: { label: 'RCPT TO', moment: 'the command, for each recipient' },
  data: { label: 'DATA', moment: 'in place of the 354, or while the message comes' },
  message: { label: 'Message', moment: 'it has come, and is not stored yet' },
  stored: { label: 'Stored message', moment: 'it is stored, and its 250 is due' },
  bounce: { label: 'Bounce', moment: 'accepted, and then a delivery report comes back' },
  quit: { label: 'QUIT', moment: 'the command' },
};

export const endingWords: Record<FaultPreset['then'], string> = {
  continue: 'Goes on',
  close: 'Closes',
  reset: 'Resets',
  hang: 'Hangs',
};

export const endingMeanings: Record<FaultPreset['then'], string> = {
  continue: 'The session goes on.',
  close: 'The connection is closed in order (FIN).',
  reset: 'The connection breaks off (RST).',
  hang: 'Nothing is answered any more, until the client leaves or ten minutes have passed.',
};

export type Fact = keyof FaultWhen;

export const factWords: Record<Fact, { label: string; hint: string }> = {
  from: { label: 'Sender', hint: '*@example.com' },
  to: { label: 'Recipient', hint: 'bob@example.com, *@gone.test' },
  user: { label: 'User', hint: 'who logs in' },
  client: { label: 'Name in EHLO', hint: 'app-*' },
  ip: { label: 'Address of the client', hint: '10.0.0.*' },
  listener: { label: 'Listener', hint: 'submission' },
  largerThan: { label: 'Larger than, in bytes', hint: '1000000' },
};

export const perWords = {
  rule: 'all together',
  session: 'each session',
  transaction: 'each mail',
  ip: 'each client address',
  user: 'each user',
  from: 'each sender',
  to: 'each recipient',
  triplet: 'client, sender and recipient',
};

/** Names of presets begin with whose failure it is. */
export const providerWords: Record<string, string> = {
  generic: 'Any server',
  gmail: 'Gmail',
  microsoft: 'Microsoft 365 and Outlook.com',
  yahoo: 'Yahoo and AOL',
  apple: 'Apple iCloud',
  ses: 'Amazon SES',
  postfix: 'Postfix',
  exim: 'Exim',
  spamhaus: 'Spamhaus',
  spamcop: 'SpamCop',
  sendgrid: 'SendGrid',
  gmx: 'GMX',
};
