// Fingerprints of clients, measured on the wire. A weight is how much one mark speaks for the client, a negative one how
// much it speaks against it. Only what names itself comes near 1; each other mark is shared by several clients.
import type { ClientTraits } from './client-traits.ts';

export interface Mark {
  weight: number;
  /** What was seen, as a sentence part. */
  evidence: string;
  test: (traits: ClientTraits) => boolean;
}

const mark = (weight: number, evidence: string, test: Mark['test']): Mark => ({ weight, evidence, test });
const against = (weight: number, test: Mark['test']): Mark => ({ weight: -weight, evidence: '', test });

const lower = (t: ClientTraits): boolean =>
  /^(ehlo|mail|rcpt|data) ?/.test(t.first('EHLO') || t.first('MAIL'));
const lowerMail = (t: ClientTraits): boolean => t.first('MAIL').startsWith('mail ');
const messageId = (t: ClientTraits): string => t.header('message-id').trim();
const mailParameters = (t: ClientTraits): string =>
  /^MAIL FROM:<[^>]*>(.*)$/.exec(t.first('MAIL'))?.[1]?.trim() ?? '';
const needsUtf8 = (t: ClientTraits): boolean => /[^\0-\x7f]/.test(t.first('MAIL') + t.first('RCPT'));
const addedNothing = (t: ClientTraits): boolean =>
  t.hasMessage && t.received === '' && t.header('date') === '' && t.header('message-id') === '';
const namesLocalhost = (t: ClientTraits): boolean => t.name === 'localhost';
const namesLiteral = (t: ClientTraits): boolean => t.name.startsWith('[');
const auth = (t: ClientTraits): string => t.session.auth[0]?.mechanism.toUpperCase() ?? '';
const hexId = /^<[0-9a-f]{32}@/;
const pipelines = (t: ClientTraits): boolean => t.isPipelined('RCPT') || t.isPipelined('DATA');
const mailer = (t: ClientTraits, start: RegExp): boolean => start.test(t.header('x-mailer'));
const said = (t: ClientTraits, verb: string): boolean => t.first(verb) !== '';
/** Those of the content come first, then those of the letter. */
const hasOrderOfDjango = (t: ClientTraits): boolean =>
  /^content-type mime-version (content-transfer-encoding )?subject from .*\bdate message-id\b/.test(
    t.headerNames.join(' ').toLowerCase(),
  );
const isSmtplib = (t: ClientTraits): boolean => lowerMail(t) && t.first('RCPT').startsWith('rcpt ');

const smtplib: Mark[] = [
  mark(0.35, 'verbs in lower case', lower),
  mark(0.35, '`rcpt` in lower case', (t) => t.first('RCPT').startsWith('rcpt ')),
  mark(0.2, '`size=` in lower case', (t) => lowerMail(t) && / size=\d+/.test(t.first('MAIL'))),
  against(0.6, (t) => (said(t, 'EHLO') && t.first('EHLO').startsWith('EHLO')) || pipelines(t)),
  against(0.4, (t) => t.first('RCPT').startsWith('RCPT')),
];

export const clients: Readonly<Record<string, readonly Mark[]>> = {
  nodemailer: [
    mark(
      0.5,
      'MAIL, RCPT and DATA in one packet, without SIZE',
      (t) =>
        said(t, 'DATA') &&
        t.isPipelined('RCPT') &&
        t.isPipelined('DATA') &&
        !/ SIZE=/.test(t.first('MAIL')) &&
        !/ SMTPUTF8$/.test(t.first('MAIL')),
    ),
    mark(0.25, 'left without QUIT after the message', (t) => !t.quit && t.session.messages > 0),
    mark(0.25, 'Message-ID of the form <uuid@domain>', (t) =>
      /^<[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@/.test(messageId(t)),
    ),
    mark(0.9, 'boundary that begins with --_NmP-', (t) =>
      /boundary="?--_NmP-/.test(t.header('content-type')),
    ),
    mark(0.9, 'X-Mailer names it', (t) => mailer(t, /^nodemailer\b/i)),
    mark(0.15, 'Content-Transfer-Encoding before Date', (t) => {
      const names = t.headerNames.map((name) => name.toLowerCase());
      const [encoding, date] = [names.indexOf('content-transfer-encoding'), names.indexOf('date')];
      return encoding >= 0 && date > encoding;
    }),
    against(0.5, (t) => lower(t) || (t.offers('PIPELINING') && said(t, 'DATA') && !t.isPipelined('DATA'))),
    against(0.3, (t) => / ORCPT=rfc822;/.test(t.first('RCPT'))),
  ],
  'Python smtplib': smtplib,
  Django: [
    ...smtplib,
    mark(0.1, 'Date with the zone -0000', (t) => isSmtplib(t) && / -0000$/.test(t.header('date').trim())),
    mark(
      0.2,
      'Message-ID of the form <time.pid.random@host>',
      (t) => isSmtplib(t) && /^<\d{10,20}\.\d{1,10}\.\d{10,30}@/.test(messageId(t)),
    ),
    mark(0.1, 'header fields in the order of Django', (t) => isSmtplib(t) && hasOrderOfDjango(t)),
    against(0.5, (t) => !hasOrderOfDjango(t)),
  ],
  emailjs: [
    mark(
      0.35,
      '`mail` in lower case with `RCPT` in upper case',
      (t) => lowerMail(t) && t.first('RCPT').startsWith('RCPT '),
    ),
    mark(0.2, '`ehlo` in lower case', (t) => t.first('EHLO').startsWith('ehlo ')),
    mark(0.2, '`data` in lower case', (t) => t.first('DATA') === 'data'),
    mark(0.3, 'Message-Id of the form <milliseconds.n.pid@host>', (t) =>
      /^<1\d{12}\.\d{1,9}\.\d{1,10}@/.test(messageId(t)),
    ),
    against(
      0.6,
      (t) => t.first('RCPT').startsWith('rcpt') || t.first('EHLO').startsWith('EHLO') || pipelines(t),
    ),
  ],
  PHPMailer: [
    mark(0.9, 'X-Mailer names it', (t) => mailer(t, /^PHPMailer\b/)),
    mark(0.1, 'AUTH CRAM-MD5 or LOGIN before PLAIN', (t) => auth(t) === 'LOGIN' || auth(t) === 'CRAM-MD5'),
    against(0.3, (t) => lower(t) || pipelines(t)),
  ],
  'Symfony Mailer or Laravel': [
    mark(0.35, 'Message-ID of 32 hexadecimal digits', (t) => hexId.test(messageId(t))),
    mark(0.2, 'its address as the name in EHLO', namesLiteral),
    mark(
      0.15,
      'body in quoted-printable',
      (t) => t.header('content-transfer-encoding').toLowerCase() === 'quoted-printable',
    ),
    mark(0.1, 'AUTH LOGIN before PLAIN', (t) => auth(t) === 'LOGIN'),
    mark(
      0.1,
      'no pipelining, though offered, and no SIZE',
      (t) => t.offers('PIPELINING') && said(t, 'DATA') && !pipelines(t) && mailParameters(t) === '',
    ),
    against(0.5, (t) => lower(t) || pipelines(t) || !hexId.test(messageId(t))),
  ],
  'Ruby mail or ActionMailer': [
    mark(0.5, 'Message-ID that ends in .mail', (t) =>
      /^<[0-9a-f]{8,20}_[0-9a-f-]{4,30}@[^>]*\.mail>$/.test(messageId(t)),
    ),
    mark(0.25, 'the spelling Mime-Version', (t) => t.headerNames.includes('Mime-Version')),
    mark(
      0.15,
      'localhost as the name in EHLO',
      (t) => t.name === 'localhost.localdomain' || namesLocalhost(t),
    ),
    against(0.5, (t) => lower(t) || pipelines(t)),
  ],
  'Go net/smtp': [
    mark(0.5, 'BODY=8BITMIME SMTPUTF8 in every MAIL', (t) => mailParameters(t) === 'BODY=8BITMIME SMTPUTF8'),
    mark(0.2, 'localhost as the name in EHLO', namesLocalhost),
    mark(0.1, 'no Date and no Message-ID added', addedNothing),
    mark(0.1, 'AUTH PLAIN', (t) => auth(t) === 'PLAIN'),
    against(0.5, (t) => lower(t) || pipelines(t)),
  ],
  'Jakarta Mail': [
    mark(0.45, 'Message-ID of the form <n.n.milliseconds@host>', (t) =>
      /^<-?\d{1,12}\.\d{1,9}\.1\d{12}@/.test(messageId(t)),
    ),
    mark(
      0.25,
      'Date with the zone in words',
      (t) => t.header('message-id') !== '' && /[+-]\d{4} \([A-Z]{2,5}\)$/.test(t.header('date').trim()),
    ),
    mark(0.1, 'AUTH LOGIN before PLAIN', (t) => auth(t) === 'LOGIN'),
    against(0.5, (t) => lower(t) || pipelines(t)),
  ],
  curl: [
    mark(0.4, 'AUTH PLAIN without an initial response', (t) => /^AUTH PLAIN$/.test(t.first('AUTH'))),
    mark(0.2, 'MAIL with SIZE alone', (t) => /^SIZE=\d+$/.test(mailParameters(t))),
    mark(0.2, 'no Date and no Message-ID added', addedNothing),
    mark(
      0.05,
      'no pipelining, though offered',
      (t) => t.offers('PIPELINING') && said(t, 'DATA') && !pipelines(t),
    ),
    against(0.5, (t) => lower(t) || pipelines(t) || t.slowCommands > 2),
    // It adds no such field; GNU Mailutils logs in in the same way and does.
    against(0.2, (t) => t.header('user-agent') !== '' || t.header('x-mailer') !== ''),
  ],
  // It writes each command by itself without waiting for replies: which of them share a packet is chance.
  msmtp: [
    mark(
      0.45,
      'MAIL with SMTPUTF8 alone, without need of it',
      (t) => mailParameters(t) === 'SMTPUTF8' && t.offers('8BITMIME') && !needsUtf8(t),
    ),
    mark(0.2, 'localhost as the name in EHLO', namesLocalhost),
    mark(0.15, 'Message-ID of 32 hexadecimal digits', (t) => hexId.test(messageId(t))),
    mark(0.1, 'QUIT', (t) => t.quit),
    mark(0.05, 'pipelining', pipelines),
    against(0.5, (t) => lower(t) || mailParameters(t) !== 'SMTPUTF8'),
  ],
  swaks: [
    mark(0.9, 'X-Mailer names it', (t) => mailer(t, /^swaks\b/)),
    mark(0.35, 'Message-Id of the form <date.number@host>', (t) =>
      /^<20\d{12}\.0\d{5,7}@/.test(messageId(t)),
    ),
    mark(0.1, 'AUTH LOGIN', (t) => auth(t) === 'LOGIN'),
    against(0.3, (t) => lower(t) || pipelines(t)),
  ],
  MailKit: [
    mark(
      0.35,
      'RCPT in one packet with MAIL, but not DATA',
      (t) => t.isPipelined('RCPT') && said(t, 'DATA') && !t.isPipelined('DATA'),
    ),
    mark(0.4, 'Message-Id of two base-36 numbers', (t) =>
      /^<[0-9A-Z]{10,13}\.[0-9A-Z]{8,13}@/.test(messageId(t)),
    ),
    mark(0.1, 'MAIL with SIZE', (t) => / SIZE=\d+/.test(t.first('MAIL'))),
    against(0.5, lower),
  ],
  Postfix: [
    mark(0.35, 'RCPT with ORCPT=rfc822', (t) => / ORCPT=rfc822;/.test(t.first('RCPT'))),
    mark(
      0.25,
      'MAIL with SIZE, RCPT and DATA in one packet',
      (t) => / SIZE=\d+/.test(t.first('MAIL')) && t.isPipelined('DATA'),
    ),
    mark(0.15, 'QUIT in one packet with the message', (t) => t.isPipelined('QUIT')),
    mark(
      0.4,
      'its own Received field, with the name of EHLO',
      (t) =>
        /\(Postfix[^)]{0,40}\)/.test(t.received) && t.name !== '' && t.received.includes(`by ${t.name} `),
    ),
    against(0.5, lower),
  ],
  'openssl s_client': [
    mark(
      0.55,
      'EHLO mail.example.com before STARTTLS',
      (t) => t.name === 'mail.example.com' && said(t, 'STARTTLS'),
    ),
    mark(0.2, 'lines that end in LF alone', (t) => t.bareLf),
    mark(0.15, 'EHLO with another name inside TLS', (t) => {
      const inside = t.session.ehlo.find(({ secure }) => secure);
      return inside !== undefined && inside.name !== t.name && said(t, 'STARTTLS');
    }),
    mark(0.2, 'more than a second before most commands', (t) => t.slowCommands > 1),
    against(0.5, (t) => !said(t, 'STARTTLS')),
  ],
  'a person at telnet or nc': [
    mark(
      0.5,
      'more than a second before most commands',
      (t) => t.slowCommands > 2 && t.slowCommands * 2 > t.commands.length,
    ),
    mark(0.25, 'lines that end in LF alone', (t) => t.bareLf),
    mark(0.25, 'telnet negotiation or corrected typing', (t) =>
      t.commands.some(({ text }) => text.includes('\uFFFD')),
    ),
    mark(0.1, 'no Date and no Message-ID added', addedNothing),
    mark(
      0.1,
      'verbs in mixed case',
      (t) => new Set(t.commands.map(({ text }) => /^[A-Z]/.test(text))).size === 2,
    ),
    against(0.6, (t) => pipelines(t) || t.name === 'mail.example.com'),
  ],
};
