// What the program itself does, before or instead of SMTP, and errors that hide their cause.
import type { Rule } from '../rule.ts';

export const applicationRules: readonly Rule[] = [
  {
    id: 'application.php-mail',
    title: 'PHP mail() has no sendmail to call',
    stage: 'application',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'The message was to go by the function mail() of PHP, which calls a sendmail program, and that failed. No connection to an SMTP server was tried, whatever is set in SMTP settings.',
    causes: [
      'WordPress and PHPMailer use mail() unless SMTP is switched on.',
      'sendmail_path of php.ini names no program, as in most containers.',
    ],
    fixes: [
      {
        text: 'Switch to SMTP: isSMTP() of PHPMailer, in WordPress by phpmailer_init or a plugin.',
        snippets: 'no-tls',
      },
      { text: 'Or let mail() speak to Mailscope: sendmail_path = "mailscope sendmail -t -i" in php.ini.' },
    ],
    references: [],
  },
  {
    id: 'application.rails-silent',
    title: 'Rails is set to send nothing, or to hide that it failed',
    stage: 'application',
    scope: 'application',
    severity: 'error',
    explanation:
      'Action Mailer has a setting by which mail does not leave the program, or by which errors of sending are not raised. No error and no mail is what one sees then.',
    causes: [
      'perform_deliveries is false, or delivery_method is :test or :file.',
      'raise_delivery_errors is false, the default of new applications in development.',
    ],
    fixes: [
      {
        text: 'Set delivery_method = :smtp, perform_deliveries = true and raise_delivery_errors = true for this environment.',
      },
    ],
    references: [],
  },
  {
    id: 'application.laravel-log',
    title: 'Laravel writes mail to its log, or keeps old settings',
    stage: 'application',
    scope: 'application',
    severity: 'error',
    explanation:
      'The mailer of Laravel is one that sends nothing: log and array keep mail in the program. Where .env says otherwise, a cache of the settings is still in use.',
    causes: ['MAIL_MAILER is log or array.', 'Settings were cached by config:cache before .env was changed.'],
    fixes: [{ text: 'Set MAIL_MAILER=smtp, run php artisan config:clear, and start queue workers anew.' }],
    references: [],
  },
  {
    id: 'application.django-backend',
    title: 'Django has a backend that sends nothing',
    stage: 'application',
    scope: 'application',
    severity: 'error',
    explanation:
      'EMAIL_BACKEND is one that does not speak SMTP: console prints mail, locmem keeps it (test runners always set it), filebased writes it, dummy drops it.',
    causes: ['The settings of development or of tests are in use.'],
    fixes: [
      {
        text: 'Set EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"; in a test, with override_settings.',
      },
    ],
    references: [],
  },
  {
    id: 'application.nested-cause',
    title: 'The cause stands in the exception inside this one',
    stage: 'application',
    scope: 'application',
    severity: 'notice',
    explanation:
      'This text is what a framework puts around every failure of sending. What happened stands in the exception inside: "Caused by" in Java, InnerException in .NET.',
    causes: ['The log has the outer message only.'],
    fixes: [
      { text: 'Log the whole exception, and paste the part inside.' },
      { text: 'Let the client write its dialogue.', snippets: 'debug-log' },
      { text: 'Send it to Mailscope once: the session there says what failed.' },
    ],
    references: [],
  },
  {
    id: 'application.hidden-cause',
    title: 'The client does not say why',
    stage: 'application',
    scope: 'application',
    severity: 'notice',
    explanation:
      'The client prints the same text for a port that is silent, one that is closed, a refusal in the greeting, a certificate that it does not trust, and TLS on the wrong port.',
    causes: [
      'Host or port are wrong, or nothing listens there.',
      'TLS is set otherwise than the port has it: "tls" is STARTTLS (587), "ssl" is TLS from the first byte (465).',
      'The certificate is not trusted.',
    ],
    fixes: [
      { text: 'Let the client write its dialogue.', snippets: 'debug-log' },
      { text: 'Send it to Mailscope once: the session there says what failed.' },
    ],
    references: [],
  },
  {
    id: 'application.invalid-address',
    title: 'The program has no valid recipient or sender',
    stage: 'application',
    scope: 'application',
    severity: 'error',
    explanation:
      'The client refused an address before it spoke to a server: it is empty, has no @, or is not one. No connection was made, or one without a recipient.',
    causes: [
      'The field of the user is empty or was not validated.',
      'The setting of the sender is missing, so that it is made of user and host, such as root@localhost.',
    ],
    fixes: [
      { text: 'Validate addresses where they come in, and do not send to nobody.' },
      { text: 'Set a sender with a whole domain; in WordPress by the filter wp_mail_from.' },
    ],
    references: ['RFC 5321 4.1.2', 'RFC 5322 3.4'],
  },
  {
    id: 'application.line-break-in-value',
    title: 'A line break stands in an address or a header',
    stage: 'application',
    scope: 'application',
    severity: 'error',
    explanation:
      'The client refused a value with a line break in it. Had it been sent, what follows the break would have become a command or a field of its own: that is how mail is injected.',
    causes: ['A value of a form is taken as it came.', 'A value of a file ends in a line break.'],
    fixes: [{ text: 'Refuse or strip CR and LF in names, addresses and subjects that users give.' }],
    references: ['RFC 5321 2.3.8', 'RFC 5322 2.2'],
  },
  {
    id: 'application.sasl-plugins',
    title: 'Postfix has no SASL mechanism to log in with',
    stage: 'auth',
    scope: 'application',
    severity: 'error',
    explanation:
      'Postfix found no mechanism that both it and the server{at} know. The modules of Cyrus SASL are not installed, or its settings allow none of those that are offered.',
    causes: [
      'The package libsasl2-modules is missing, as in small images.',
      'smtp_sasl_security_options has noplaintext, its default, and the server offers PLAIN and LOGIN only.',
    ],
    fixes: [
      { text: 'Install libsasl2-modules (Alpine: cyrus-sasl-login), and start Postfix anew.' },
      { text: 'Set smtp_sasl_security_options = noanonymous.', snippets: 'login' },
    ],
    references: ['RFC 4954 4'],
  },
  {
    id: 'application.java-truststore',
    title: 'Java finds no CAs to trust',
    stage: 'tls',
    scope: 'application',
    severity: 'blocker',
    explanation:
      'The trust store that Java was told to take is empty or not there, so that no certificate can be trusted.',
    causes: ['The path or the password of javax.net.ssl.trustStore is wrong.'],
    fixes: [
      { text: 'Check both, and that the process may read the file.', snippets: 'trust-ca', risk: 'dev-only' },
    ],
    references: [],
  },
];
