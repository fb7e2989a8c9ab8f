import type { ErrorTexts } from './error-text.ts';

export const tlsErrors: ErrorTexts = {
  'tls.implicit-on-plain': {
    said: 'The client began with TLS, and what answered at {place} was clear text. That is a port for STARTTLS or without TLS, and the client is set to TLS from the first byte.',
    texts: [
      ['nodemailer', 0.95, /ssl3_get_record:wrong version number|1408F10B:SSL|0A00010B:SSL routines/],
      ['Python smtplib', 0.95, /\[SSL: (?:WRONG_VERSION_NUMBER|RECORD_LAYER_FAILURE)\][^\n]{0,60}/],
      ['Ruby mail or ActionMailer', 0.95, /SSL_connect[^\n]{0,100}wrong version number/],
      ['Go net/smtp', 0.97, /first record does not look like a TLS handshake/],
      [
        'Jakarta Mail',
        0.97,
        /Un(?:supported or unrecognized SSL message|recognized SSL message, plaintext connection\?)/,
      ],
      [
        'Symfony Mailer or Laravel',
        0.95,
        /SSL operation failed with code 1[^\n]{0,100}\n?[^\n]{0,100}wrong version number/,
      ],
      ['msmtp', 0.95, /An unexpected TLS packet was received/],
      ['lettre', 0.95, /received corrupt message(?: of type InvalidContentType)?/],
      ['MailKit', 0.9, /An error occurred while attempting to establish an SSL or TLS connection/],
      [
        'MailKit',
        0.95,
        /Cannot determine the frame size or a corrupted frame was received|The handshake failed due to an unexpected packet format/,
      ],
      ['curl', 0.6, /curl: \(35\)/],
      [
        'curl',
        0.95,
        /(?:SSL routines|TLS connect error)[^\n]{0,60}(?:wrong version number|packet length too long)/,
      ],
      [null, 0.9, /\bwrong version number\b|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG/],
    ],
  },
  'tls.starttls-not-offered': {
    said: 'The client is set to STARTTLS, and the server{at} does not offer it.',
    texts: [
      ['nodemailer', 0.95, /Error upgrading connection with STARTTLS: 50\d[^\n]{0,200}/],
      ['Python smtplib', 0.97, /STARTTLS extension not supported by server/],
      ['PHPMailer', 0.9, /STARTTLS command failed|SMTP Error: STARTTLS not accepted/i],
      ['Ruby mail or ActionMailer', 0.97, /STARTTLS is not supported on this server/],
      ['Jakarta Mail', 0.97, /STARTTLS is required but host does not support STARTTLS/],
      ['Symfony Mailer or Laravel', 0.95, /TLS required but neither TLS or STARTTLS are in use/],
      ['MailKit', 0.97, /The SMTP server does not support the STARTTLS extension/],
      ['System.Net.Mail', 0.95, /Server does not support secure connections/],
      ['lettre', 0.9, /internal client error: STARTTLS is not supported on this server/],
      ['Postfix', 0.95, /TLS is required, but was not offered by host (?<host>[^\s[]{1,253})/],
      ['curl', 0.85, /curl: \(64\)|STARTTLS not supported/],
      ['msmtp', 0.9, /the server does not support TLS via the STARTTLS command/],
      ['swaks', 0.9, /STARTTLS not supported|Host did not advertise STARTTLS/i],
    ],
  },
  'tls.both-ways': {
    said: 'STARTTLS and TLS from the first byte are both switched on, and they exclude each other.',
    texts: [
      ['Django', 0.98, /EMAIL_USE_TLS\/EMAIL_USE_SSL are mutually exclusive/],
      [
        'Ruby mail or ActionMailer',
        0.98,
        /SMTPS and STARTTLS is exclusive|:enable_starttls and :tls are mutually exclusive/,
      ],
    ],
  },
  'tls.required': {
    said: 'The server{at} wants STARTTLS before it takes a login or a sender, and the client spoke in clear text. Some programs report that as a failed login.',
    texts: [
      [null, 0.97, /Must issue a STARTTLS command first/i],
      [
        null,
        0.9,
        /530[ -](?:5\.7\.0 )?(?:Must use TLS|STARTTLS (?:is )?required|TLS (?:is )?required)[^\n]{0,80}/i,
      ],
    ],
  },
  'tls.plaintext-after-starttls': {
    said: 'The client sent more commands together with STARTTLS, in clear text, and the server ended the session for that.',
    texts: [[null, 0.97, /no commands allowed to pipeline after STARTTLS/i]],
  },
  'tls.version-too-old': {
    said: 'Client and server{at} have no version of TLS in common: one of the two is too old, or limited by a setting.',
    texts: [
      [
        null,
        0.95,
        /alert protocol version|tls: protocol version not supported|fatal alert: protocol_version|ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION/i,
      ],
      [
        'Jakarta Mail',
        0.95,
        /No appropriate protocol \(protocol is disabled or cipher suites are inappropriate\)/,
      ],
      [
        null,
        0.9,
        /ERR_SSL_UNSUPPORTED_PROTOCOL|\bunsupported protocol\b(?=[^\n]{0,80}(?:ssl|tls|_ssl\.c))|SSL routines[^\n]{0,60}unsupported protocol/i,
      ],
    ],
  },
  'tls.nothing-in-common': {
    said: 'Client and server{at} have no cipher, group or kind of certificate in common.',
    texts: [
      [
        null,
        0.9,
        /(?:sslv3|ssl\/tls|tlsv1) alert handshake failure|ERR_SSL_(?:NO_SHARED_CIPHER|SSLV3_ALERT_HANDSHAKE_FAILURE)|SSLV3_ALERT_HANDSHAKE_FAILURE/i,
      ],
      [
        null,
        0.85,
        /fatal alert: handshake_failure|remote error: tls: handshake failure|no cipher suites in common|no shared cipher/i,
      ],
    ],
  },
  'tls.client-certificate': {
    said: 'The server{at} demands a certificate of the client, and none was given that it takes.',
    texts: [
      [
        null,
        0.95,
        /(?:alert|tls:) certificate required|bad_certificate[^\n]{0,40}client|ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED/i,
      ],
    ],
  },
};
