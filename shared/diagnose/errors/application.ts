import type { ErrorTexts } from './error-text.ts';

export const applicationErrors: ErrorTexts = {
  'application.php-mail': {
    texts: [
      ['PHPMailer', 0.95, /Could not instantiate mail function/],
      [
        null,
        0.9,
        /mail\(\): (?:Failed to connect to mailserver|Could not execute mail delivery program)[^\n]{0,120}/,
      ],
      [null, 0.85, /sh: (?:\d+: )?[^\s:]{0,100}sendmail: (?:command )?not found/],
    ],
  },
  'application.rails-silent': {
    texts: [
      ['Ruby mail or ActionMailer', 0.85, /perform_deliveries\s{0,5}[=:]\s{0,5}false/],
      ['Ruby mail or ActionMailer', 0.7, /raise_delivery_errors\s{0,5}[=:]\s{0,5}false/],
      ['Ruby mail or ActionMailer', 0.85, /\bdelivery_method\s{0,5}[=:]{0,2}\s{0,5}:(?:test|file)\b/],
    ],
  },
  'application.laravel-log': {
    texts: [
      ['Symfony Mailer or Laravel', 0.9, /MAIL_(?:MAILER|DRIVER)\s{0,3}=\s{0,3}["']?(?:log|array)\b/],
      [
        'Symfony Mailer or Laravel',
        0.75,
        /\.DEBUG: (?:(?:From|To): [^\n@]{0,200}@|Message-ID: <|MIME-Version: 1|Subject: [^\n]{0,300}\n[A-Z][A-Za-z-]{1,40}: )/,
      ],
    ],
  },
  'application.django-backend': {
    texts: [['Django', 0.9, /django\.core\.mail\.backends\.(?:console|locmem|filebased|dummy)/]],
  },
  'application.nested-cause': {
    texts: [
      ['Spring', 0.5, /Mail server connection failed/],
      ['Spring', 0.5, /MailAuthenticationException: Authentication failed/],
      ['Spring', 0.5, /MailSendException: Failed messages/],
      ['System.Net.Mail', 0.5, /Failure sending mail\./],
      ['Jakarta Mail', 0.45, /Could not convert socket to TLS/],
      ['Jakarta Mail', 0.4, /Could not connect to SMTP host: (?<host>[^\s,]{1,253}), port: (?<port>\d{1,5})/],
      ['lettre', 0.4, /lettre::transport::smtp::Error \{ kind: (?:Connection|Network)/],
    ],
  },
  'application.hidden-cause': {
    texts: [
      ['PHPMailer', 0.5, /SMTP Error: Could not connect to SMTP host\.?/i],
      ['PHPMailer', 0.4, /SMTP connect\(\) failed/],
      ['WordPress', 0.4, /The email could not be sent|wp_mail_failed/],
    ],
  },
  'application.invalid-address': {
    texts: [
      ['nodemailer', 0.95, /No recipients defined/],
      ['Symfony Mailer or Laravel', 0.95, /Email "[^"\n]{0,300}" does not comply with addr-spec of RFC 2822/],
      [
        'Symfony Mailer or Laravel',
        0.9,
        /An email must have a "(?:To|From)"|An envelope must have at least one recipient/,
      ],
      [
        'PHPMailer',
        0.95,
        /Invalid address: {1,3}\((?:to|cc|bcc|From|Sender|Reply-To|punyEncode)\):? [^\n]{0,200}/i,
      ],
      ['PHPMailer', 0.95, /You must provide at least one recipient email address/],
      ['Ruby mail or ActionMailer', 0.95, /SMTP (?:To|From) address may not be (?:blank|empty)[^\n]{0,80}/],
      [
        'lettre',
        0.95,
        /missing destination address, invalid envelope|missing source address, invalid envelope/,
      ],
      ['MailKit', 0.9, /No (?:recipients have been specified|sender has been specified)/],
      [
        'System.Net.Mail',
        0.9,
        /The specified string is not in the form required for an e-mail address|A recipient must be specified|A from address must be specified/,
      ],
      ['Jakarta Mail', 0.85, /\bAddressException: [^\n]{0,200}|No recipient addresses/],
      ['emailjs', 0.9, /message (?:has no|does not have a valid) (?:recipients?|sender)/i],
      [
        'Go net/smtp',
        0.85,
        /mail: (?:missing '@' or angle-addr|no address|missing phrase|no angle-addr)[^\n]{0,80}/,
      ],
    ],
  },
  'application.line-break-in-value': {
    texts: [
      ['Ruby mail or ActionMailer', 0.95, /A line must not contain CR or LF/],
      ['PHPMailer', 0.95, /Command '[^'\n]{0,200}' contained line breaks/],
      ['MailKit', 0.95, /The address cannot contain newline characters/],
      [
        'Python smtplib',
        0.95,
        /Header values may not contain linefeed or carriage return characters|command and arguments contain prohibited newline characters/,
      ],
      [
        'Django',
        0.95,
        /mail\.message\.BadHeaderError|Header values can't contain newlines \(got [^\n]{0,300}for header /,
      ],
      ['Go net/smtp', 0.95, /smtp: A line must not contain CR or LF/],
      ['System.Net.Mail', 0.9, /The specified string is not in the form required for a subject/],
    ],
  },
  'application.sasl-plugins': {
    texts: [
      [
        'Postfix',
        0.95,
        /SASL authentication failed; cannot authenticate to server (?<host>[^\s[:]{1,253})[^\n]{0,80}no mechanism available/,
      ],
      ['Postfix', 0.9, /No worthy mechs found/],
    ],
  },
  'application.java-truststore': {
    texts: [
      ['Jakarta Mail', 0.97, /the trustAnchors parameter must be non-empty/],
      ['Jakarta Mail', 0.9, /keystore password was incorrect|Keystore was tampered with/],
    ],
  },
};
