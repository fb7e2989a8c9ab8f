import { download, type Snippet } from './snippet.ts';

const cafile = (command: string): string => `
${download}
php -d openssl.cafile=$PWD/{{ca}} ${command}
`;

export const laravel: Snippet = {
  id: 'laravel',
  name: 'Laravel',
  group: 'Frameworks',
  also: 'php',
  blocks: [
    {
      file: '.env',
      text: `
MAIL_MAILER=smtp
[none|starttls]MAIL_SCHEME=smtp
[implicit]MAIL_SCHEME=smtps
MAIL_HOST={{host}}
MAIL_PORT={{port}}
[login]MAIL_USERNAME={{user}}
[login]MAIL_PASSWORD={{password}}
[no-login]MAIL_USERNAME=null
[no-login]MAIL_PASSWORD=null
MAIL_FROM_ADDRESS=app@example.test
`,
    },
    { file: 'Terminal', text: 'php artisan config:clear' },
  ],
  trust: { file: 'Terminal', text: cafile('artisan serve') },
  notes: {
    none: 'Before Laravel 11, MAIL_ENCRYPTION=null stands for MAIL_SCHEME=smtp.',
    starttls:
      'STARTTLS is used because this port offers it. Before Laravel 11, MAIL_ENCRYPTION=tls stands for MAIL_SCHEME.',
    implicit: 'Before Laravel 11, TLS from the first byte works on port 465 only.',
  },
};

export const symfony: Snippet = {
  id: 'symfony',
  name: 'Symfony',
  group: 'Frameworks',
  also: 'php mailer dsn',
  blocks: [
    {
      file: '.env.local',
      text: `
[none][no-login]MAILER_DSN="smtp://{{urlHost}}:{{port}}?auto_tls=false"
[none][login]MAILER_DSN="smtp://{{user}}:{{password}}@{{urlHost}}:{{port}}?auto_tls=false"
[starttls][no-login]MAILER_DSN="smtp://{{urlHost}}:{{port}}?require_tls=true"
[starttls][login]MAILER_DSN="smtp://{{user}}:{{password}}@{{urlHost}}:{{port}}?require_tls=true"
[implicit][no-login]MAILER_DSN="smtps://{{urlHost}}:{{port}}"
[implicit][login]MAILER_DSN="smtps://{{user}}:{{password}}@{{urlHost}}:{{port}}"
`,
    },
    { file: 'Terminal', text: 'php bin/console mailer:test you@example.test' },
  ],
  trust: { file: 'Terminal', text: cafile('bin/console mailer:test you@example.test') },
  notes: {
    always: 'In a DSN, user and password are percent-encoded. With Messenger, run its worker too.',
    none: 'auto_tls is known from Symfony 7.1 on; older versions ignore it.',
    starttls: 'require_tls is known from Symfony 7.3 on; older versions use STARTTLS where it is offered.',
  },
};

export const wordpress: Snippet = {
  id: 'wordpress',
  name: 'WordPress',
  group: 'Frameworks',
  also: 'php phpmailer wp_mail woocommerce',
  blocks: [
    {
      file: 'wp-content/mu-plugins/mailscope.php',
      text: `
<?php
add_action('phpmailer_init', function ($mail) {
    $mail->isSMTP();
    $mail->Host = '{{host}}';
    $mail->Port = {{port}};
[none]    $mail->SMTPSecure = '';
[none]    $mail->SMTPAutoTLS = false;
[starttls]    $mail->SMTPSecure = 'tls';
[implicit]    $mail->SMTPSecure = 'ssl';
[starttls|implicit]    $mail->SMTPOptions = ['ssl' => ['cafile' => ABSPATH . '{{ca}}']];
[login]    $mail->SMTPAuth = true;
[login]    $mail->Username = '{{user}}';
[login]    $mail->Password = '{{password}}';
[no-login]    $mail->SMTPAuth = false;
});
// PHPMailer refuses the default, wordpress@localhost.
add_filter('wp_mail_from', fn () => 'app@example.test');
`,
    },
    { file: 'Terminal', text: `wp eval 'var_dump(wp_mail("you@example.test", "Hello", "It works."));'` },
  ],
  trust: {
    file: 'Terminal, in the folder of wp-config.php',
    text: download,
  },
};

export const phpMail: Snippet = {
  id: 'php-mail',
  name: 'PHP mail()',
  group: 'Languages',
  also: 'sendmail msmtp',
  blocks: [
    { file: 'php.ini', text: 'sendmail_path = "msmtp -C /etc/mailscope.msmtprc -t"' },
    {
      file: '/etc/mailscope.msmtprc',
      text: `
account default
host {{host}}
port {{port}}
from app@example.test
[none]tls off
[starttls|implicit]tls on
[starttls]tls_starttls on
[implicit]tls_starttls off
[starttls|implicit]tls_trust_file /etc/{{ca}}
[login]auth plain
[login]user {{user}}
[login]password {{password}}
[no-login]auth off
`,
    },
    { file: 'Terminal', text: `php -r 'var_dump(mail("you@example.test", "Hello", "It works."));'` },
  ],
  trust: { file: 'Terminal', text: 'curl -o /etc/{{ca}} {{url}}/api/ca.pem' },
  notes: {
    always:
      'mail() runs a sendmail program; msmtp is a small one. On Windows, php.ini has SMTP and smtp_port.',
  },
};
