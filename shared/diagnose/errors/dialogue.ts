import type { ErrorTexts } from './error-text.ts';

export const dialogueErrors: ErrorTexts = {
  'connect.early-talker': {
    said: 'The client spoke before the server had greeted it, and the server ended the session for that.',
    texts: [
      [null, 0.95, /SMTP synchronization error/i],
      ['Postfix', 0.93, /improper command pipelining after CONNECT/],
    ],
  },
  'connect.too-many': {
    said: 'There are too many connections of this client at once. {advice}',
    texts: [
      [
        null,
        0.93,
        /4\.3\.2 Concurrent connections limit exceeded|Too many concurrent SMTP connections|(?<![\d.])4[23]\d[ -][^\n]{0,80}(?:Too many concurrent connections|Error: too many connections from)/i,
      ],
    ],
  },
  'connect.too-many-errors': {
    said: 'The client made one error after the other, until the server closed the connection.',
    texts: [
      [
        null,
        0.93,
        /(?<![\d.])421[ -](?:4\.7\.0 [^\n]{0,80}|(?:\S{1,80} )?Error: )too many errors|Too many (?:unrecognized|syntax or protocol|nonmail) (?:commands|errors)/i,
      ],
    ],
  },
  'connect.idle': {
    said: 'The server had closed the connection for its silence, and the client sent the next mail over it. What keeps connections, as queue workers do, meets that.',
    texts: [
      [
        null,
        0.95,
        /(?<![\d.])(?:421|451)[ -](?:4\.4\.2 (?:\S{1,100} )?(?:Error: )?|(?:\S{1,100} )?Error: |)[Tt]imeout (?:waiting for data from client|exceeded)/i,
      ],
      ['Symfony Mailer or Laravel', 0.9, /Expected response code "?250"? but got code "?421"?[^\n]{0,200}/],
      [null, 0.8, /421[ -]4\.4\.[12] [^\n]{0,80}(?:idle|timed? ?out)/i],
    ],
  },
  'ehlo.refused': {
    said: 'The server does not take the name by which the client introduces itself in EHLO.',
    texts: [
      ['nodemailer', 0.95, /Invalid HELO\. response=[45]\d\d[^\n]{0,200}/],
      ['Python smtplib', 0.9, /SMTPHeloError: [^\n]{0,200}/],
      ['msmtp', 0.9, /SMTP server does not accept EHLO or HELO commands/],
      [null, 0.95, /550 5\.7\.506 Access Denied, Bad HELO/i],
      [
        null,
        0.9,
        /HELO\/EHLO argument[^\n]{0,80}is invalid|Helo command rejected: (?!need fully)[^\n]{0,80}/i,
      ],
    ],
  },
  'ehlo.unqualified': {
    said: 'The server does not take the name of the client in EHLO, since it has no domain. Postfix says so only at the recipient, so that libraries blame that.',
    texts: [[null, 0.97, /Helo command rejected: need fully-qualified hostname/i]],
  },
  'ehlo.bad-characters': {
    said: 'The server does not take the name of the client in EHLO, since it has characters that no host name has.',
    texts: [
      [
        null,
        0.95,
        /Syntactically invalid (?:EHLO|HELO) argument|501[ -]5\.5\.4 Invalid domain name|Helo command rejected: Invalid name/i,
      ],
    ],
  },
  'ehlo.missing': {
    said: 'The client sent another command before EHLO.',
    texts: [
      [
        null,
        0.93,
        /503[ -](?:5\.5\.[12] )?(?:Error: )?(?:send HELO\/EHLO first|EHLO\/HELO first|HELO or EHLO required|[^\n]{0,30}say hello first)/i,
      ],
    ],
  },
  'ehlo.helo-only': {
    said: 'The client spoke HELO, with which there are no extensions: neither login nor STARTTLS.',
    texts: [['PHPMailer', 0.93, /HELO handshake was used; No information about server extensions available/]],
  },
  'mail.illegal-pipelining': {
    said: 'The client sent commands without waiting for the replies before.',
    texts: [
      [
        null,
        0.95,
        /Improper use of SMTP command pipelining|(?<![\d.])50\d[ -](?:5\.5\.\d )?Pipelining not supported/i,
      ],
    ],
  },
  'mail.refused-syntax': {
    said: 'The server cannot read the sender in MAIL FROM.',
    texts: [
      [
        null,
        0.9,
        /Bad sender address syntax|501[ -]5\.5\.4 Syntax: MAIL FROM|555[ -]5\.5\.2 Syntax error[^\n]{0,60}/i,
      ],
    ],
  },
  'mail.unqualified-sender': {
    said: 'The domain of the sender has no dot, so that no reply or bounce could come back.',
    texts: [
      [
        'PHPMailer',
        0.97,
        /Invalid address: {1,3}\((?:From|setFrom)\):? [^\s@]{1,64}@(?:localhost|_)?(?:\s|$)/im,
      ],
      [
        null,
        0.95,
        /Sender address rejected: need fully-qualified address|sender address must contain a domain/i,
      ],
    ],
  },
  'mail.utf8-without-smtputf8': {
    said: 'An address has characters beyond ASCII, and the server does not take such, or was not asked to by SMTPUTF8.',
    texts: [
      [
        'Python smtplib',
        0.97,
        /One or more source or delivery addresses require internationalized email support/,
      ],
      ['PHPMailer', 0.97, /Server does not support SMTPUTF8 needed to send to Unicode addresses/],
      ['Postfix', 0.95, /SMTPUTF8 is required, but was not offered by host (?<host>[^\s[]{1,253})/],
      ['MailKit', 0.95, /The SMTP server does not support the SMTPUTF8 extension/],
      [null, 0.95, /Must declare SMTPUTF8 to send unicode address/i],
      [
        null,
        0.9,
        /Internationalized mailboxes (?:are )?not supported|non-?ASCII addresses (?:are )?not (?:permitted|allowed)|(?<![\d.])5[05]\d[ -][^\n]{0,80}non-?ASCII characters (?:are )?not (?:permitted|allowed)/i,
      ],
    ],
  },
  'mail.parameter-not-offered': {
    said: 'A parameter of MAIL or RCPT was sent that the server does not know.',
    texts: [
      [null, 0.95, /555[ -](?:5\.5\.4 )?Unsupported option: [^\n]{0,80}/i],
      ['MailKit', 0.9, /The SMTP server does not support the 8BITMIME extension/],
    ],
  },
  'mail.too-big': {
    said: 'The message is larger than the server takes. {advice}',
    texts: [
      ['nodemailer', 0.95, /Message size larger than allowed \d{1,15}/],
      [
        null,
        0.93,
        /(?<![\d.])552[ -](?:5\.\d{1,3}\.\d{1,3} |(?=[^\n]{0,80}\b(?:message|mail)\b))[^\n]{0,60}(?:size limit|too (?:big|large)|exceeds (?:fixed|maximum))[^\n]{0,40}|exceeded Google's message size limits|Maximum email size exceeded/i,
      ],
      [
        null,
        0.9,
        /Message size exceeds (?:fixed (?:limit|maximum)|maximum permitted)[^\n]{0,40}|message file too big/i,
      ],
    ],
  },
  'rcpt.none': {
    said: 'DATA was sent, and no recipient had been accepted.',
    texts: [
      [
        null,
        0.93,
        /554[ -](?:5\.5\.1 )?Error: no valid recipients|503[ -](?:5\.5\.1 )?(?:Error: )?(?:need RCPT command|valid RCPT command must precede DATA)/i,
      ],
    ],
  },
  'rcpt.refused-syntax': {
    said: 'The server cannot read the address of a recipient.',
    texts: [[null, 0.9, /Bad recipient address syntax|is not a valid RFC[ -]?5321 address/i]],
  },
  'rcpt.many': {
    said: 'There are more recipients in one mail than the server takes. {advice}',
    texts: [
      [
        null,
        0.93,
        /452[ -](?:4\.5\.3 )?[^\n]{0,80}too many recipients|Too many recipients received this hour/i,
      ],
    ],
  },
  'data.bare-newline-refused': {
    said: 'The message has line feeds without carriage returns, or the reverse, and the server refuses that.',
    texts: [
      [
        null,
        0.97,
        /bare <(?:LF|CR)> received|BareLinefeedsAreIllegal|Message contains bare (?:CR|LF)|docs\/smtplf\.html|bare (?:newline|line ?feed)s? (?:is|are) not (?:allowed|accepted)/i,
      ],
    ],
  },
  'data.stalled': {
    said: 'The message did not come to its end in time, as the server saw it.',
    texts: [['Postfix', 0.8, /timeout after (?:DATA|END-OF-MESSAGE)[^\n]{0,80}/]],
  },
  'data.reply-not-read': {
    said: 'The client gave up while it waited for the answer to the whole message. The server may have taken it: sent again, it comes twice.',
    texts: [
      ['PHPMailer', 0.9, /Last Command: \.: Connection to \S{1,253} Timed Out/i],
      ['Symfony Mailer or Laravel', 0.85, /getFullResponse\(\)[^\n]{0,60}Timed Out/i],
      [
        'Postfix',
        0.9,
        /(?:conversation|lost connection) with (?<host>[^\s[]{1,253})\[[^\s\]]{1,60}\] (?:timed out )?while sending end of data/,
      ],
    ],
  },
  'series.retried-at-once': {
    said: 'The server puts off mail that it sees for the first time, and takes it some minutes later (greylisting). Application libraries do not try again by themselves.',
    texts: [
      [
        null,
        0.93,
        /(?<![\d.])4[25]\d\W{1,4}(?:b['"])?(?=[A-Z<\dg])[^\n]{0,200}[Gg]r[ae]y-?[Ll]ist(?:ed|ing)\b|postgrey\.schweikert\.ch/,
      ],
    ],
  },
  'series.connection-per-mail': {
    said: 'More is sent, or more connections are made, than the server allows in this time. {advice}',
    texts: [
      [
        null,
        0.9,
        /Maximum sending rate exceeded|too many emails per second|unusual rate of[^\n]{0,80}mail|(?<![\d.])(?:421|45\d|55\d)[ -][^\n]{0,100}rate limit exceeded|\b(?:mail(?:s|box|er)?|smtp)\b[^\n]{0,40}rate limit exceeded|too frequent connects|Error: too much mail from/i,
      ],
    ],
  },
};
