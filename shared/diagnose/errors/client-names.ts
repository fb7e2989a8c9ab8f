// Which program wrote a log, told by the names in it. What is made on top of another stands before it.
import type { SnippetClient } from '../snippets/by-client.ts';

const marks: readonly (readonly [client: SnippetClient, mark: RegExp])[] = [
  ['WordPress', /\bwp-(?:includes|content|admin)\b|\bwp_mail/],
  ['Django', /\bdjango[./]|\bEMAIL_(?:HOST|USE_TLS|USE_SSL|BACKEND)\b/],
  ['Spring', /\borg\.springframework\.|\bspring\.mail\./],
  [
    'Symfony Mailer or Laravel',
    /\bSymfony\\+Component\\+Mailer|\bIlluminate\\|\bSwift_|stream_socket_client\(\)|\bMAIL(?:ER_DSN|_MAILER|_SCHEME)\b|Expected response code/,
  ],
  ['PHPMailer', /\bPHPMailer\b|SMTP Error: /],
  ['MailKit', /\bMi(?:meKit)|\bMailKit\b|\bSslHandshakeException\b/],
  ['System.Net.Mail', /\bSystem\.Net\.Mail\b|\bSmtpException\b/],
  [
    'Jakarta Mail',
    /\b(?:javax|jakarta)\.mail\b|\bcom\.sun\.mail\b|\borg\.eclipse\.angus\b|\bjavax\.net\.ssl\b|\bsun\.security\b/,
  ],
  ['lettre', /\blettre\b/],
  [
    'Ruby mail or ActionMailer',
    /\bNet::(?:SMTP|OpenTimeout|ReadTimeout)|\bErrno::E|\baction_?mailer\b|net\/smtp\.rb|\bOpenSSL::SSL::/i,
  ],
  ['emailjs', /\bemailjs\b/],
  [
    'nodemailer',
    /\bnodemailer\b|\bSMTPConnection\b|code: '(?:E[A-Z]{2,20}|ERR_SSL)|\bat TLSSocket\b|\bat Socket\b|\bnode:(?:net|_tls|internal)/,
  ],
  [
    'Python smtplib',
    /\bsmtplib\b|Traceback \(most recent call last\)|\bSMTP(?:ConnectError|ServerDisconnected|AuthenticationError|RecipientsRefused|SenderRefused|DataError|HeloError|NotSupportedError)\b/,
  ],
  ['Go net/smtp', /\bdial tcp |\bx509: |\bnet\/smtp\b|\bgoroutine \d/],
  ['Postfix', /\bpostfix\/|\bstatus=(?:deferred|bounced|sent)\b/],
  ['msmtp', /\bmsmtp: /],
  ['curl', /\bcurl: \(\d+\)/],
  ['swaks', /^(?:=== |\*\*\* |<\*\* | -> |<- {2})/m],
];

export const recogniseClient = (text: string): SnippetClient | null =>
  marks.find(([, mark]) => mark.test(text))?.[0] ?? null;
