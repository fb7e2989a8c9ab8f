import type { ErrorTexts } from './error-text.ts';

export const loginErrors: ErrorTexts = {
  'auth.failed': {
    said: 'The server refused the login. {meaning} {advice}',
    texts: [
      ['nodemailer', 0.9, /Invalid login: 5\d\d[^\n]{0,300}/],
      ['Python smtplib', 0.9, /SMTPAuthenticationError: \(5\d\d, [^\n]{0,300}/],
      ['PHPMailer', 0.85, /SMTP Error: Could not authenticate\.?/i],
      [
        'Symfony Mailer or Laravel',
        0.9,
        /Failed to authenticate on SMTP server with username "[^"\n]{0,200}"/,
      ],
      ['Ruby mail or ActionMailer', 0.85, /Net::SMTPAuthenticationError[^\n]{0,200}/],
      ['Jakarta Mail', 0.9, /AuthenticationFailedException: 5\d\d[^\n]{0,200}/],
      ['MailKit', 0.9, /AuthenticationException: 5\d\d[^\n]{0,200}|AuthenticationInvalidCredentials/],
      ['curl', 0.85, /curl: \(67\)|curl[^\n]{0,80}Login denied/],
      ['msmtp', 0.85, /authentication failed \(method [A-Z0-9-]{1,30}\)/],
      [
        'Postfix',
        0.85,
        /SASL authentication failed; server (?<host>[^\s[]{1,253})\[[^\s\]]{1,60}\] said: 5\d\d[^\n]{0,200}/,
      ],
      [
        null,
        0.9,
        /(?<![\d.]|\b[1-5]\d\d )53[45][ -](?:5\.7\.\d{1,3}\b|[A-Z][^\n]{0,40}(?:uthenticat|redential|Password|\bLogin\b))[^\n]{0,200}/,
      ],
    ],
  },
  'auth.temporary': {
    texts: [
      ['nodemailer', 0.9, /Invalid login: 4\d\d[^\n]{0,300}/],
      ['Python smtplib', 0.9, /SMTPAuthenticationError: \(4\d\d, [^\n]{0,300}/],
      ['Ruby mail or ActionMailer', 0.9, /Net::SMTPAuthenticationError: 4\d\d[^\n]{0,200}/],
      [null, 0.9, /454[ -]4\.7\.0 (?:Temporary authentication failure|Too many login attempts)[^\n]{0,200}/i],
    ],
  },
  'auth.required': {
    said: 'The server{at} wants a login before it takes a sender, and the client did not log in, or not yet. {meaning}',
    texts: [
      [
        null,
        0.93,
        /530[ -](?:5\.7\.\d{1,2} )?(?:SMTP; )?(?:Authentication [Rr]equired|Client was not authenticated)[^\n]{0,200}/i,
      ],
      [null, 0.93, /5\.7\.57 (?:SMTP; )?Client (?:was )?not authenticated[^\n]{0,200}/i],
      [
        'System.Net.Mail',
        0.6,
        /The SMTP server requires a secure connection or the client was not authenticated\./,
      ],
      [
        'Ruby mail or ActionMailer',
        0.9,
        /Net::SMTPAuthenticationError[^\n]{0,20}530[ -]5\.7\.\d{1,2} (?!Must)[^\n]{0,200}/,
      ],
      ['nodemailer', 0.8, /Mail command failed: 530[ -](?!5\.7\.0 Must)[^\n]{0,200}/],
    ],
  },
  'auth.not-offered': {
    said: 'The client is to log in, and the server{at} offers no login on this connection. Many do so only inside TLS.',
    texts: [
      ['Python smtplib', 0.97, /SMTP AUTH extension not supported by server/],
      ['Go net/smtp', 0.97, /smtp: server doesn't support AUTH/],
      ['msmtp', 0.95, /the server does not support authentication/],
      ['MailKit', 0.95, /The SMTP server does not support authentication/],
      [
        null,
        0.9,
        /503[ -](?:5\.5\.1 )?(?:Error: authentication not enabled|AUTH command used when not advertised)/i,
      ],
    ],
  },
  'auth.mechanism-not-offered': {
    said: 'Client and server{at} have no way to log in in common: what the server offers, the client cannot do or may not do.',
    texts: [
      [
        'Symfony Mailer or Laravel',
        0.95,
        /Failed to find an authenticator supported by the SMTP server[^\n]{0,120}/,
      ],
      ['Python smtplib', 0.95, /No suitable authentication method found/],
      ['MailKit', 0.95, /No compatible authentication mechanisms found/],
      ['Jakarta Mail', 0.95, /No authentication mechanisms supported by both server and client/],
      ['lettre', 0.95, /No compatible authentication mechanism was found/],
      [
        'msmtp',
        0.9,
        /the server does not support authentication method \S{1,30}|cannot use (?:a secure|any) authentication method/,
      ],
      ['PHPMailer', 0.9, /The requested authentication method "[^"\n]{1,30}" is not supported by the server/],
      [
        null,
        0.93,
        /504[ -](?:5\.7\.4 )?Unrecognized Authentication Type|534[ -]5\.7\.9 [^\n]{0,40}mechanism|50[1-5][ -][^\n]{0,40}Mechanism \S{0,30} ?is not supported/i,
      ],
    ],
  },
  'auth.cleartext': {
    said: 'The server{at} takes this way to log in only inside TLS.',
    texts: [
      [
        null,
        0.95,
        /Encryption required for requested authentication mechanism|(?<![\d.])538[ -](?:5\.7\.11\b|[^\n]{0,60}encryption)[^\n]{0,100}/i,
      ],
    ],
  },
  'auth.bad-encoding': {
    said: 'What the client sent as user or password is not valid base64 on one line.',
    texts: [
      [
        null,
        0.85,
        /501[ -]5\.5\.2 Cannot [Dd]ecode response|Invalid base64 (?:data|encoding) in (?:continued response|AUTH)/i,
      ],
    ],
  },
  'auth.malformed': {
    said: 'What the client sent to log in has not the form of its mechanism.',
    texts: [[null, 0.95, /501[ -]5\.5\.124 [^\n]{0,60}|Invalid (?:SASL argument|XOAUTH2 auth data)/i]],
  },
  'auth.token-refused': {
    said: 'The access token was refused: it has expired, or has another scope.',
    texts: [
      [null, 0.93, /eyJzdGF0dXMiOiI0MD[A-Za-z0-9+/=]{0,300}/],
      [null, 0.8, /(?:XOAUTH2|OAUTHBEARER)[^\n]{0,100}(?:535|authenticat\w{1,6} (?:failed|unsuccessful))/i],
      ['nodemailer', 0.85, /Can't create new access token for user/],
    ],
  },
  'auth.out-of-order': {
    said: 'The client logged in a second time, or in the middle of a mail.',
    texts: [
      [null, 0.95, /503[ -](?:5\.5\.1 )?Error: (?:already authenticated|MAIL transaction in progress)/i],
    ],
  },
  'auth.abandoned': {
    said: 'The client broke the login off: the server asked in another way than it expects.',
    texts: [['nodemailer', 0.9, /Invalid login sequence while waiting for "334[^"\n]{0,60}"/]],
  },
  'auth.missing-credentials': {
    texts: [
      ['nodemailer', 0.95, /Missing credentials for "(?<mechanism>[^"\n]{1,30})"/],
      ['Ruby mail or ActionMailer', 0.95, /SMTP-AUTH requested but missing (?:user name|secret phrase)/],
      ['Ruby mail or ActionMailer', 0.95, /wrong authentication type \S{1,60}/],
      ['Jakarta Mail', 0.8, /failed to connect, no password specified/],
      ['msmtp', 0.9, /msmtp: [^\n]{0,60}no (?:user ?name|password) (?:was )?(?:found|given)[^\n]{0,60}/],
    ],
  },
  'auth.plain-without-tls': {
    texts: [
      ['Go net/smtp', 0.9, /(?:^|smtp: |[:\d] )unencrypted connection$/m],
      ['Go net/smtp', 0.9, /(?:^|smtp: |[:\d] )wrong host name$/m],
    ],
  },
};
