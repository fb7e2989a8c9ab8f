import type { ErrorTexts } from './error-text.ts';

export const serverErrors: ErrorTexts = {
  'server.silent': {
    texts: [
      ['nodemailer', 0.95, /Greeting never received/],
      ['Python smtplib', 0.85, /Connection unexpectedly closed: (?:The read operation )?timed out/],
      [
        'Symfony Mailer or Laravel',
        0.85,
        /Connection to "(?:\w{1,5}:\/\/)?(?<host>[^\s":]{1,253}):(?<port>\d{1,5})" timed out/,
      ],
      ['Ruby mail or ActionMailer', 0.85, /Net::ReadTimeout[^\n]{0,60}/],
      ['Jakarta Mail', 0.7, /SocketTimeoutException: Read timed out/],
      ['msmtp', 0.85, /network read error: the operation timed out/],
      ['emailjs', 0.85, /timedout while connecting to smtp server/],
      ['System.Net.Mail', 0.7, /SmtpException: The operation has timed out/],
      [
        'Postfix',
        0.85,
        /conversation with (?<host>[^\s[]{1,253})\[[^\s\]]{1,60}\] timed out while receiving the initial server greeting/,
      ],
    ],
  },
  'server.closed-early': {
    texts: [
      ['nodemailer', 0.75, /Connection closed unexpectedly/],
      ['Python smtplib', 0.75, /(?:SMTPServerDisconnected: )?Connection unexpectedly closed(?!:)/],
      [
        'Symfony Mailer or Laravel',
        0.75,
        /Expected response code "?\d{3}(?:\/\d{3})*"? but got (?:an )?empty (?:code|response)(?!, with message "HTTP)|got code "", with message ""/,
      ],
      [
        'Symfony Mailer or Laravel',
        0.75,
        /Connection to "(?:\w{1,5}:\/\/)?(?<host>[^\s":]{1,253}):(?<port>\d{1,5})" has been closed unexpectedly/,
      ],
      ['Ruby mail or ActionMailer', 0.7, /EOFError[^\n]{0,30}end of file reached/],
      [
        'Jakarta Mail',
        0.75,
        /(?:Got bad greeting from SMTP host: (?<host>[^\s,]{1,253}), port: (?<port>\d{1,5}), )?response: \[EOF\]/,
      ],
      ['Jakarta Mail', 0.75, /(?:Exception|response): \[EOF\]/],
      ['msmtp', 0.85, /the server sent an empty reply/],
      ['curl', 0.6, /curl: \(56\)(?! Recv failure)/],
      ['Go net/smtp', 0.5, /(?:smtp|mail)[^\n]{0,60}: EOF\b/i],
      [
        'Postfix',
        0.85,
        /lost connection with (?<host>[^\s[]{1,253})\[[^\s\]]{1,60}\] while (?:receiving the initial server greeting|performing the EHLO handshake)/,
      ],
      ['MailKit', 0.8, /The SMTP server has unexpectedly disconnected/],
      ['lettre', 0.7, /(?:lettre|smtp|response error)[^\n]{0,80}incomplete response/i],
    ],
  },
  'server.reset': {
    texts: [
      ['nodemailer', 0.8, /(?:connect|read|write) ECONNRESET(?: (?<host>[^\s:]{1,253}):(?<port>\d{1,5}))?/],
      ['Python smtplib', 0.85, /Connection reset by peer|ConnectionResetError|WinError 10054/],
      ['Go net/smtp', 0.85, /read: connection reset by peer|write: broken pipe/],
      ['Ruby mail or ActionMailer', 0.85, /Errno::(?:EPIPE|ECONNRESET)[^\n]{0,60}/],
      [
        'Jakarta Mail',
        0.85,
        /SocketException: (?:Broken pipe|Connection reset)[^\n]{0,40}|Can't send command to SMTP host/,
      ],
      ['curl', 0.85, /Recv failure: Connection reset by peer/],
      [
        'Postfix',
        0.85,
        /lost connection with (?<host>[^\s[]{1,253})\[[^\s\]]{1,60}\] while sending (?:message body|end of data)/,
      ],
      ['emailjs', 0.8, /write EPIPE/],
      [
        null,
        0.7,
        /\bECONNRESET\b|\bEPIPE\b|[Cc]onnection reset by peer|(?<![\w-])[Bb]roken pipe\b(?! [a-z])|forcibly closed by the remote host/,
      ],
    ],
  },
  'server.greeting-refused': {
    texts: [
      ['nodemailer', 0.9, /Invalid greeting\. response=(?:554|421|4\d\d|5\d\d)[^\n]{0,200}/],
      ['Python smtplib', 0.9, /SMTPConnectError: \([45]\d\d, [^\n]{0,200}/],
      [
        'Jakarta Mail',
        0.85,
        /Got bad greeting from SMTP host: (?<host>[^\s,]{1,253}), port: (?<port>\d{1,5}), response: [45]\d\d/,
      ],
      [
        'Symfony Mailer or Laravel',
        0.9,
        /Expected response code "?220"? but got code "[45]\d\d"[^\n]{0,200}/,
      ],
      ['msmtp', 0.85, /cannot get initial OK message from server/],
      ['curl', 0.85, /Got unexpected smtp-server response: [45]\d\d/],
      ['Ruby mail or ActionMailer', 0.5, /Net::SMTPServerBusy[^\n]{0,100}/],
      ['Postfix', 0.85, /host (?<host>[^\s[]{1,253})\[[^\s\]]{1,60}\] refused to talk to me: [^\n]{0,200}/],
    ],
  },
  'server.mangled-dialogue': {
    texts: [
      [null, 0.9, /220[ -]\*{8,}/],
      [null, 0.85, /(?:unrecognized|unknown|unimplemented) command:? "?XXXX/i],
    ],
  },
  'server.starttls-failed': {
    texts: [
      ['nodemailer', 0.9, /Error upgrading connection with STARTTLS: 4\d\d[^\n]{0,200}/],
      [null, 0.9, /454[ -](?:4\.7\.0 )?TLS (?:not available|currently unavailable)[^\n]{0,80}/i],
      ['msmtp', 0.8, /command STARTTLS failed/],
    ],
  },
  'server.sender-refused': {
    texts: [
      ['nodemailer', 0.8, /Mail command failed: (?!530)[45]\d\d[^\n]{0,200}/],
      ['Python smtplib', 0.9, /SMTPSenderRefused: \((?!530)[45]\d\d, [^\n]{0,300}/],
      ['PHPMailer', 0.9, /The following From address failed: [^\n]{0,300}/],
      ['Jakarta Mail', 0.85, /SMTPSenderFailedException[^\n]{0,200}/],
      ['MailKit', 0.8, /SenderNotAccepted/],
      ['msmtp', 0.9, /envelope from address \S{0,253} not accepted by the server/],
      ['curl', 0.8, /MAIL failed: (?!530)[45]\d\d/],
      [
        null,
        0.93,
        /Sender address rejected: (?!need fully)[^\n]{0,100}|(?<![\d.])55\d[ -][^\n]{0,100}not owned by user|permissions? to send as this sender|SendAsDenied|verified Sender Identity|Message rejected: Email address is not verified|unresolvable RFC\.?5321 from domain/i,
      ],
    ],
  },
  'server.recipient-refused': {
    texts: [
      ['nodemailer', 0.9, /Can't send mail - all recipients were rejected(?:: [45]\d\d[^\n]{0,200})?/],
      ['nodemailer', 0.85, /Recipient command failed: [45]\d\d[^\n]{0,200}/],
      ['Python smtplib', 0.9, /SMTPRecipientsRefused: \{[^\n]{0,300}/],
      ['Python smtplib', 0.85, /SMTPRecipientsRefused/],
      ['curl', 0.85, /RCPT failed: [45]\d\d/],
      ['PHPMailer', 0.9, /The following recipients failed: [^\n]{0,300}/],
      [
        'Jakarta Mail',
        0.85,
        /SendFailedException: Invalid Addresses|SMTPAddressFailedException: [^\n]{0,200}/,
      ],
      ['msmtp', 0.9, /recipient address \S{0,253} not accepted by the server/],
      ['System.Net.Mail', 0.85, /SmtpFailedRecipients?Exception[^\n]{0,200}/],
      ['MailKit', 0.8, /RecipientNotAccepted/],
      [
        null,
        0.85,
        /Relay(?:ing)? (?:access )?denied|relay not permitted|5\.7\.\d{1,3} (?:SMTP; )?Unable to relay/i,
      ],
    ],
  },
  'server.message-refused': {
    texts: [
      [
        'nodemailer',
        0.9,
        /Message failed: (?!500 Internal|502 Bad|503 Service|504 Gateway|40\d|429)[45]\d\d[^\n]{0,300}/,
      ],
      ['Python smtplib', 0.9, /SMTPDataError: \([45]\d\d, [^\n]{0,300}/],
      ['PHPMailer', 0.85, /SMTP Error: data not accepted\.?/i],
      ['Jakarta Mail', 0.75, /SMTPSendFailedException: [45]\d\d[^\n]{0,200}/],
      ['curl', 0.5, /curl: \(8\) Weird server reply/],
      ['msmtp', 0.8, /the server did not accept the mail/],
      ['MailKit', 0.8, /MessageNotAccepted/],
    ],
  },
};
